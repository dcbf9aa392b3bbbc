import Foundation
import Shared
import Testing

@testable import Operations

@Suite("Recipes: the document") struct RecipeDocumentTests {
    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 31)
        }
    }

    private func text(_ random: inout Random) -> String {
        let known = [
            "", "no", "yes", "null", "~", "true", "1_000", "0x10", "1e3", "-", "- a", "a: b", "# c", "{x}", "[", "'",
            "\"",
            "é 日本 🎂", "a\nb", "tab\t", " lead", "trail ", "\\d+", "%", "@", "`", "&a", "*a", "!t", "|", ">", "=1+1",
            "\u{1}", "\u{85}",
            "\u{2028}", "007", "1.50", "2020-01-01", "on", "?", ": ",
        ]
        return known.randomElement(using: &random) ?? ""
    }

    private func value(_ random: inout Random, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer([0, -1, .max, .min, 42].randomElement(using: &random) ?? 0)
        case 3: return .number([0.5, -1.25e-7, 1.5e300, 3.25].randomElement(using: &random) ?? 0)
        case 4: return .string(text(&random))
        case 5: return .array((0..<Int.random(in: 0..<4, using: &random)).map { _ in value(&random, depth: depth - 1) })
        default:
            var members: [String: JSONValue] = [:]
            for _ in 0..<Int.random(in: 0..<4, using: &random) {
                members[text(&random)] = value(&random, depth: depth - 1)
            }
            return .object(members)
        }
    }

    @Test func yamlAndJSONAreTheSameDocument() throws {
        var random = Random(state: 7)
        for _ in 0..<500 {
            let document = JSONValue.object([
                "steps": .array([value(&random, depth: 3)]), "x": value(&random, depth: 2),
            ])
            let yaml = try document.yaml
            #expect(try JSONValue(jsonOrYAML: Data(yaml.utf8)) == document, "\(yaml)")
            #expect(try JSONValue(jsonOrYAML: WireJSON.encode(document)) == document)
        }
    }

    @Test func plainWordsOfYAMLAreTexts() throws {
        let document = try RecipeDocument(
            Data(
                """
                recipe: 1
                on_error: skip
                steps:
                  - op: replace      # a country, not a boolean
                    column: country
                    value: no
                    with: Norway
                  - {op: sample, count: 10, seed: 3}
                """.utf8))
        #expect(document.onError == .skip)
        #expect(
            document.steps == [
                .object(["op": "replace", "column": "country", "value": "no", "with": "Norway"]),
                .object(["op": "sample", "count": 10, "seed": 3]),
            ])
    }

    @Test(arguments: [
        ("", "The document is empty.", "Send a recipe as JSON or YAML."),
        ("{\"steps\":", "The document is not valid JSON.", "Send a recipe as JSON or YAML."),
        (
            "steps:\n  - op: trim\n - x", "The document is not valid YAML, at line 3.",
            "Correct it there; JSON begins with { or [."
        ),
        ("stepps: []", "A recipe has no key \"stepps\".", "Did you mean steps?"),
        (
            "recipe: 2\nsteps: []", "The recipe is of schema \"2\"; this csvand knows 1.",
            "Replay it with a newer csvand, or set recipe to 1 if it keeps to that schema."
        ),
        ("just text", "The document is no recipe.", "Write {\"steps\": [{\"op\": \"trim\"}]}."),
        ("on_error: stop", "The recipe has no list of steps.", "Write {\"steps\": [{\"op\": \"trim\"}]}."),
    ])
    func whatIsNoRecipeIsRefused(text: String, detail: String, remedy: String) {
        do {
            _ = try RecipeDocument(Data(text.utf8))
            Issue.record("no error")
        } catch {
            #expect(error.detail == detail)
            #expect(error.remedy == remedy)
        }
    }

    @Test func aReplayOnTheSameUploadGivesTheSameCells() throws {
        let steps: [[String: JSONValue]] = [
            ["op": "trim"], ["op": "upper", "column": "b"], ["op": "fill_median", "column": "a"],
            ["op": "fill_forward", "column": "b"], ["op": "remove_duplicates", "columns": ["b"], "keep": "last"],
            ["op": "sort", "columns": ["-b", "a"]], ["op": "derive", "column": "c", "expression": "a * 2"],
            ["op": "sample", "fraction": 0.6, "seed": 4], ["op": "rename", "column": "b", "to": "name"],
            ["op": "convert", "column": "a", "to": "text"], ["op": "filter", "where": "rowid % 2 = 1"],
            ["op": "replace", "pattern": "^(.)(.*)$", "with": "$2$1", "on_error": "skip"],
            ["op": "split_column", "column": "b", "delimiter": "x", "into": ["l", "r"], "on_error": "skip"],
            ["op": "group", "by": ["b"], "aggregates": [.object(["function": "count"])], "on_error": "skip"],
        ]
        var random = Random(state: 11)
        try RecipeWorkspace.with { recipes in
            for round in 0..<25 {
                var csv = "a,b\n"
                for _ in 0..<Int.random(in: 0..<30, using: &random) {
                    csv += Bool.random(using: &random) ? "\(Int.random(in: 0..<9, using: &random))," : ","
                    csv += ["ax1", " bx", "", "cx2 ", "ax1"].randomElement(using: &random) ?? ""
                    csv += "\n"
                }
                csv += "1,zx\n"
                let chosen = (0..<6).map { _ in steps.randomElement(using: &random) ?? [:] }
                try recipes.upload(csv, as: "one\(round)")
                try recipes.upload(csv, as: "two\(round)")
                for step in chosen {
                    // One request a step, and what does not fit is passed over.
                    _ = try? recipes.transform("one\(round)", [step])
                }
                let yaml = try recipes.workspace.recipe(of: "one\(round)").yaml
                let document = try RecipeDocument(Data(yaml.utf8))
                if !document.steps.isEmpty {
                    _ = try recipes.workspace.replay(document, on: "two\(round)", dryRun: false, onError: nil)
                }
                #expect(try recipes.rows("one\(round)") == recipes.rows("two\(round)"), "\(yaml)")
            }
        }
    }
}
