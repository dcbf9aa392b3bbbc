import Foundation
import Shared
import Testing

/// A recipe on its way from one upload to the next, by REST and by csvctl.
@Suite struct RecipeReplayTests {
    private static let first = "name;pay\n Ann ;1,50\nBob;\nBob;\n"
    private static let second = "name;pay\nCy ;2,25\nCy ;2,25\nDee;\n"

    @Test(.timeLimit(.minutes(2))) func aRecipeFromOneUploadIsReplayedOnTheNext() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("replay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let recipe = folder.appendingPathComponent("recipe.yaml").path
        let csv = folder.appendingPathComponent("next.csv").path
        try Self.second.write(toFile: csv, atomically: true, encoding: .utf8)
        try await withDaemon { daemon in
            #expect(try await daemon.upload("january", Self.first).status == 201)
            let changed = try await daemon.csvctl(
                "datasets", "transform", "january", "--op", "trim", "--op", "remove_duplicates", "--op",
                "fill_constant:pay:value=0")
            #expect(changed.output.contains("january is now version 2: 2 rows, 2 columns"))
            #expect(try await daemon.csvctl("datasets", "recipe", "january", "-o", recipe).status == 0)

            let dry = try await daemon.csvctl("datasets", "replay", recipe, csv, "--name", "february", "--dry-run")
            #expect(dry.output.contains("remove_duplicates: 1 row removed."))
            #expect(try await daemon.get("/api/v1/datasets/february").status == 404)
            #expect(try await daemon.get("/api/v1/datasets").decoded(Page<DatasetReply>.self).items.count == 1)

            let done = try await daemon.csvctl("datasets", "replay", recipe, csv, "--name", "february")
            #expect(done.status == 0)
            let export = try await daemon.get("/api/v1/datasets/february/export")
            #expect(export.text == "name,pay\r\nCy,\"2,25\"\r\nDee,0\r\n")
            #expect(export.headers["Content-Disposition"]?.contains("february.csv") == true)

            let edited = try await daemon.csvctl("datasets", "recipe", "february", "--remove", "2")
            #expect(edited.output.contains("february is now version 3: 3 rows"))
            #expect(try await daemon.csvctl("datasets", "undo", "february").output.contains("version 4: 2 rows"))
            #expect(try await daemon.csvctl("datasets", "redo", "february").output.contains("version 5: 3 rows"))
            let yaml = try await daemon.get("/api/v1/datasets/february/recipe?format=yaml")
            #expect(yaml.headers["Content-Type"] == "application/yaml")
            #expect(
                yaml.text.hasSuffix("steps:\n- op: \"trim\"\n- op: \"fill_constant\"\n  column: \"pay\"\n  value: 0\n"))

            try "steps:\n- op: trimm\n".write(toFile: recipe, atomically: true, encoding: .utf8)
            let refused = try await daemon.csvctl("datasets", "replay", recipe, csv, "--name", "march")
            #expect(refused.status == 1)
            #expect(refused.error.contains("Step 1: there is no operation 'trimm'."))
            #expect(try await daemon.get("/api/v1/datasets/march").status == 404)
        }
    }
}
