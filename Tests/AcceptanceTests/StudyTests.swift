import Foundation
import Shared
import Testing

/// Correlations, repeated rows and comparisons over REST and csvctl.
@Suite struct StudyTests {
    private static let january =
        "id,city,price,area\n"
        + (0..<400).map { "\($0),\(["Bern", "Genf", "Basel"][$0 % 3]),\($0 * 2 + $0 % 5),\($0)\n" }.joined()
    private static let february =
        "id,city,price,rooms\n"
        + (0..<400).map { "\($0),\($0 < 200 ? "Chur" : "Bern"),\($0 * 3 + 500),\($0 % 6)\n" }.joined()

    @Test(.timeLimit(.minutes(2))) func whatMovedBetweenVersionsIsSaidColumnByColumn() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("homes", Self.january).status == 201)
            let lonely = try await daemon.get("/api/v1/datasets/homes/compare").decoded(Problem.self)
            #expect(lonely.code == "request.bad_parameter")
            #expect(lonely.remedy.contains("with=other@2"))
            #expect(try await daemon.upload("homes", Self.february, query: "&if_exists=version").status == 201)
            let reply = try await daemon.get("/api/v1/datasets/homes/compare").decoded(ComparisonReply.self)
            #expect(reply.with.version == 1 && reply.version == 2 && reply.verdict == .marked)
            let columns = Dictionary(uniqueKeysWithValues: reply.columns.map { ($0.name, $0) })
            #expect(columns["id"]?.verdict == .stable && columns["id"]?.psi == 0)
            #expect(columns["price"]?.verdict == .marked && (columns["price"]?.ks ?? 0) > 0.3)
            #expect(columns["city"]?.newValues?.most.map(\.value) == ["Chur"])
            #expect(columns["city"]?.goneValues?.count == 2)
            #expect(columns["area"]?.change == .removed && columns["rooms"]?.change == .added)
            let back = try await daemon.get("/api/v1/datasets/homes/compare?version=1&with=homes@1")
                .decoded(ComparisonReply.self)
            #expect(back.verdict == .stable && back.columns.allSatisfy { $0.psi == 0 })
            let shown = try await daemon.csvctl("datasets", "compare", "homes")
            #expect(shown.output.contains("homes version 2, 400 rows, before: homes version 1, 400 rows"))
            #expect(shown.output.contains("verdict: marked"))
        }
    }

    @Test(.timeLimit(.minutes(2))) func pairsAndRepeatedRowsAreFound() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("homes", Self.january).status == 201)
            let reply = try await daemon.get("/api/v1/datasets/homes/correlations?target=price")
                .decoded(AssociationReply.self)
            #expect(reply.columns == ["id", "city", "price", "area"])
            #expect(reply.pairs.first.map { [$0.x, $0.y] } == ["id", "area"])
            #expect(reply.pairs.first?.value == 1 && reply.pairs.first?.spearman == 1)
            #expect(reply.warnings.contains { $0.kind == "target_leakage" && $0.column == "area" })
            let unknown = try await daemon.get("/api/v1/datasets/homes/correlations?columns=id,prise")
            #expect(unknown.status == 422)
            #expect(unknown.text.contains("price"))
            let by = try await daemon.get("/api/v1/datasets/homes/duplicates?columns=city").decoded(
                DuplicatesReply.self)
            #expect(by.repeated == 397 && by.groups == 3 && by.largest.first?.rows == [0, 3, 6, 9, 12])
            let all = try await daemon.csvctl("datasets", "duplicates", "homes")
            #expect(all.output.contains("no row comes twice"))
            let shown = try await daemon.csvctl("datasets", "correlations", "homes", "--top", "1")
            #expect(shown.output.contains("1.000") && shown.output.contains("more pairs"))
        }
    }

    /// What is put off is made by the first who asks, and is what the upload would have made.
    @Test(.timeLimit(.minutes(2))) func aProfileCanBeLeftForLater() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("now", Self.january).status == 201)
            #expect(try await daemon.upload("later", Self.january, query: "&profile=false").status == 201)
            let told = try await daemon.csvctl(
                "datasets", "import", "-", "--name", "told", "--no-profile", input: Self.january)
            #expect(told.status == 0)
            #expect(try await storedProfiles(daemon) == "1\n")
            let now = try await daemon.get("/api/v1/datasets/now/profile").decoded(ProfileReply.self)
            for name in ["later", "told"] {
                var later = try await daemon.get("/api/v1/datasets/\(name)/profile").decoded(ProfileReply.self)
                later.dataset = now.dataset
                #expect(later == now)
            }
            #expect(try await storedProfiles(daemon) == "3\n")
            let unclear = try await daemon.upload("unclear", Self.january, query: "&profile=perhaps")
            #expect(try unclear.decoded(Problem.self).detail.contains("profile"))
        }
    }

    private func storedProfiles(_ daemon: DaemonProcess) async throws -> String {
        let database = daemon.stateDirectory + "/csvand.db"
        return try await ProgramRun.run("sqlite3", [database, "SELECT count(*) FROM profile"]).output
    }
}
