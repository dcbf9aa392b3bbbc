import Foundation
import Shared
import Storage
import Testing

@testable import Operations

@Suite("Recipes: versions, history, replay") struct RecipeTests {
    private static let people = """
        name,age,born,city,pay
        Ann,30,01/02/1990,Oslo,"$1,200.50"
        Bob,,13/02/1984,oslo,$900.00
        Cy,41,03/02/1979, Rome,$1.00
        Ann,30,01/02/1990,Oslo,"$1,200.50"
        Dee,900,28/02/2001,Rome,
        """

    @Test func theOldApplicationsConversionsToNumberAndToDateSucceed() throws {
        try RecipeWorkspace.with { recipes in
            try recipes.upload("n,d\nx1,x\n7,y\n", as: "t")
            try recipes.upload("n,d\n\"1 200,50\",13.02.2020\n\"7,25\",1.3.2021\n", as: "words")
            try recipes.transform("words", [["op": "convert", "columns": ["n", "d"], "to": "text"]])
            let numbers = try recipes.transform("words", [["op": "convert", "column": "n", "to": "number"]])
            #expect(numbers.dataset.columns[0].type == .decimal)
            #expect(numbers.steps[0].failedCells == 0)
            let dates = try recipes.transform("words", [["op": "convert", "column": "d", "to": "date"]])
            #expect(dates.dataset.columns[1].type == .date)
            #expect(dates.steps[0].failedCells == 0)
            #expect(try recipes.rows("words") == [["1 200,50", "13.02.2020"], ["7,25", "1.3.2021"]])
        }
    }

    @Test func versionsOfADatasetAreNotOneFileThatIsOverwritten() throws {
        try RecipeWorkspace.with { recipes in
            try recipes.upload("a,b\n1,x\n2,y\n", as: "t")
            try recipes.transform("t", [["op": "upper", "column": "b"]])
            try recipes.transform(
                "t", [["op": "fill_constant", "column": "a", "value": 0], ["op": "drop", "column": "a"]])
            #expect(try recipes.rows("t", version: 1) == [["1", "x"], ["2", "y"]])
            #expect(try recipes.rows("t", version: 2) == [["1", "X"], ["2", "Y"]])
            #expect(try recipes.rows("t", version: 3) == [["X"], ["Y"]])
        }
    }

    @Test func whatDoesNotChangeIsNamedAgainAndNeverWritten() throws {
        try RecipeWorkspace.with { recipes in
            try recipes.upload(Self.people, as: "t")
            let before = try recipes.runs("t")
            let files = try recipes.files()
            try recipes.transform(
                "t",
                [
                    ["op": "rename", "column": "age", "to": "years"], ["op": "drop", "column": "pay"],
                    ["op": "reorder", "column": "city"],
                ])
            #expect(try recipes.files() == files)
            #expect(try recipes.runs("t")["years"] == before["age"])
            try recipes.transform("t", [["op": "trim", "column": "city"]])
            let after = try recipes.runs("t")
            #expect(after["city"] != before["city"])
            for column in ["name", "born"] { #expect(after[column] == before[column]) }
            #expect(try recipes.files().count == files.count + 1)
        }
    }

    @Test func removedRowsLeaveWholeRowGroupsShared() throws {
        try RecipeWorkspace.with { recipes in
            var csv = "n,parity\n"
            for row in 0..<150_000 { csv += "\(row),\(row % 2)\n" }
            try recipes.upload(csv, as: "t")
            let before = try recipes.runs("t")
            let reply = try recipes.transform("t", [["op": "filter", "where": "n < 70000 or n % 1000 = 0"]])
            #expect(reply.rowsAfter == 70_080)
            let after = try #require(try recipes.runs("t")["n"])
            #expect(after.first?.file == before["n"]?.first?.file)
            #expect(after.first?.fileGroup == 0)
            #expect(after.count == 2)
            #expect(try recipes.workspace.catalogue.version(of: "t").rowCounts == [65_536, 4_544])
            let rows = try recipes.rows("t")
            #expect(rows[69_999] == ["69999", "1"])
            #expect(rows[70_000] == ["70000", "0"])
            #expect(rows.last == ["149000", "0"])
        }
    }

    @Test func deletingADatasetLeavesTheSegmentsThatOthersShare() throws {
        try RecipeWorkspace.with { recipes in
            try recipes.upload("a,b\n1,x\n", as: "one")
            try recipes.upload("b,a\ny,2\n", as: "two")
            let reply = try recipes.transform("one", [["op": "append", "dataset": "two"]])
            #expect(reply.steps[0].text == "1 row added.")
            let shared = try #require(try recipes.runs("one")["a"])
            #expect(Set(shared.map(\.file)).count == 2)
            try recipes.workspace.deleteDataset("two")
            #expect(try recipes.rows("one") == [["1", "x"], ["2", "y"]])
            _ = try recipes.workspace.undo("one")
            #expect(try recipes.rows("one") == [["1", "x"]])
            #expect(try recipes.rows("one", version: 2) == [["1", "x"], ["2", "y"]])
            try recipes.workspace.deleteDataset("one")
            #expect(try recipes.files().isEmpty)
        }
    }

    @Test func undoAndRedoGoBackAndForthOverSeveralChanges() throws {
        try RecipeWorkspace.with { recipes in
            try recipes.upload("a\nx\n", as: "t")
            for letter in ["b", "c", "d"] {
                try recipes.transform("t", [["op": "replace", "pattern": "$", "with": .string(letter)]])
            }
            #expect(try recipes.rows("t") == [["xbcd"]])
            var seen: [String?] = []
            for _ in 0..<3 {
                _ = try recipes.workspace.undo("t")
                seen.append(try recipes.rows("t")[0][0])
            }
            #expect(seen == ["xbc", "xb", "x"])
            #expect(throws: Problem.self) { try recipes.workspace.undo("t") }
            for _ in 0..<2 { _ = try recipes.workspace.redo("t") }
            #expect(try recipes.rows("t") == [["xbc"]])
            #expect(try recipes.workspace.recipe(of: "t").steps.count == 2)
            _ = try recipes.workspace.redo("t")
            #expect(try recipes.rows("t") == [["xbcd"]])
            #expect(throws: Problem.self) { try recipes.workspace.redo("t") }
            _ = try recipes.workspace.undo("t")
            try recipes.transform("t", [["op": "upper"]])
            #expect(throws: Problem.self) { try recipes.workspace.redo("t") }
            #expect(try recipes.rows("t") == [["XBC"]])
        }
    }

    @Test func expressionsRunInTheSandboxOverTheTableAsTheStepsLeftIt() throws {
        try RecipeWorkspace.with { recipes in
            try recipes.upload(Self.people, as: "t")
            let reply = try recipes.transform(
                "t",
                [
                    ["op": "convert", "column": "pay", "to": "number", "ignore": "$"],
                    ["op": "fill_median", "column": "age"],
                    ["op": "derive", "column": "monthly", "expression": "round(pay / 12, 2)"],
                    [
                        "op": "derive", "column": "rank", "expression": "row_number() over (order by age desc)",
                        "position": 0,
                    ],
                    ["op": "filter", "where": "monthly > 1 -- not the smallest"],
                ])
            #expect(reply.steps[0].text == "5 rows changed.")
            #expect(reply.dataset.columns.map(\.name) == ["rank", "name", "age", "born", "city", "pay", "monthly"])
            #expect(reply.dataset.columns.first { $0.name == "monthly" }?.type == .decimal)
            #expect(
                try recipes.rows("t").map { [$0[0], $0[2], $0[5], $0[6]] } == [
                    ["4", "30", "$1,200.50", "100.04"], ["3", "36", "$900.00", "75"],
                    ["5", "30", "$1,200.50", "100.04"],
                ])
            // Files of steps on the way are not left behind.
            #expect(try recipes.files().count == 2)
        }
    }

    @Test(
        arguments: [
            (["op": "filter", "where": "agee > 3"], "sql.syntax", "Step 2: No such column: agee."),
            (["op": "filter", "where": "1) or (1"], "sql.syntax", "Step 2: This is not one expression."),
            (
                ["op": "derive", "column": "x", "expression": "count(*)"], "sql.failed",
                "Step 2: The query failed: the expression has 1 values for 5 rows; an aggregate needs OVER ()."
            ),
            (
                ["op": "filter", "where": "name in (select name from sqlite_master)"], "sql.not_allowed",
                "Step 2: The query is refused: it reads sqlite_master."
            ),
            (
                ["op": "join", "dataset": "tt", "on": "name"], "dataset.not_found",
                "Step 2: There is no dataset \"tt\"."
            ),
            (
                ["op": "replace", "pattern": "(a", "with": ""], "recipe.bad_step",
                "Step 2: replace cannot use the pattern '(a': a parenthesis is not closed, at character 1."
            ),
            (
                ["op": "convert", "column": "name", "to": "integer", "misfits": "fail"], "recipe.bad_step",
                "Step 2: convert meets 5 cells of 'name' that are no integer: 'Ann' in row 1, 'Bob' in row 2, 'Cy' in row 3 and 2 more."
            ),
        ] as [([String: JSONValue], String, String)])
    func failingStepsSayTheirPlaceAndChangeNothing(step: [String: JSONValue], code: String, detail: String) throws {
        try RecipeWorkspace.with { recipes in
            try recipes.upload(Self.people, as: "t")
            let files = try recipes.files()
            do {
                try recipes.transform("t", [["op": "trim"], step])
                Issue.record("no error")
            } catch let problem as Problem {
                #expect(problem.code == code)
                #expect(problem.detail == detail)
            }
            #expect(try recipes.workspace.dataset("t").version == 1)
            #expect(try recipes.files() == files)
        }
    }

    @Test func aStepsOwnPolicyComesBeforeTheRecipes() throws {
        try RecipeWorkspace.with { recipes in
            try recipes.upload("a\n x\n", as: "t")
            let reply = try recipes.transform(
                "t", [["op": "drop", "column": "b", "on_error": "skip"], ["op": "trim"]])
            #expect(reply.skipped.map(\.detail) == ["Step 1: drop names the column 'b', which does not exist."])
            #expect(try recipes.workspace.recipe(of: "t").steps == [.object(["op": "trim"])])
        }
    }

    @Test func aRecipeIsEditedStepByStepAndTheEditIsUndone() throws {
        try RecipeWorkspace.with { recipes in
            try recipes.upload(Self.people, as: "t")
            try recipes.transform("t", [["op": "trim"], ["op": "lower", "column": "city"]])
            try recipes.transform("t", [["op": "remove_duplicates"]])
            let before = try recipes.rows("t")
            func edit(_ edit: RecipeEdit) throws -> [String] {
                _ = try recipes.workspace.editRecipe(of: "t", edit, dryRun: false, onError: nil)
                return try recipes.workspace.recipe(of: "t").steps.map { step in
                    if case .object(let fields) = step { fields["op"]?.plainText ?? "" } else { "" }
                }
            }
            #expect(
                try edit(.replace(2, .object(["op": "upper", "column": "city"])))
                    == ["trim", "upper", "remove_duplicates"])
            #expect(try recipes.rows("t").map { $0[3] } == ["OSLO", "OSLO", "ROME", "ROME"])
            #expect(try edit(.remove(3)) == ["trim", "upper"])
            #expect(try recipes.rows("t").count == 5)
            #expect(try edit(.insert(1, .object(["op": "drop", "column": "pay"]))) == ["drop", "trim", "upper"])
            for _ in 0..<3 { _ = try recipes.workspace.undo("t") }
            #expect(try recipes.rows("t") == before)
            do {
                _ = try edit(.remove(4))
                Issue.record("no error")
            } catch let problem as Problem {
                #expect(problem.detail == "There is no step 4: the recipe has 3.")
                #expect(problem.remedy == "Choose a step from 1 to 3.")
            }
        }
    }

    @Test func rowsGoIntoTwoDatasetsAndNoneIsLost() throws {
        try RecipeWorkspace.with { recipes in
            try recipes.upload("n\n" + (0..<1_000).map { "\($0)\n" }.joined(), as: "t")
            let made = try recipes.workspace.split("t", SplitRequest(fraction: 0.8, seed: 3))
            #expect(made.map(\.name) == ["t_train", "t_test"])
            #expect(made.map(\.rows) == [800, 200])
            let both = try recipes.rows("t_train") + recipes.rows("t_test")
            #expect(Set(both.compactMap { $0[0] }).count == 1_000)
            #expect(throws: StorageError.self) { try recipes.workspace.split("t", SplitRequest(fraction: 0.5)) }
        }
    }

    @Test func suggestionsAreStepsThatDoWhatTheySay() throws {
        try RecipeWorkspace.with { recipes in
            var csv = "id,pay,city,code,when\n"
            for row in 0..<60 {
                csv +=
                    "k\(row),$\(row + 1).50,\(row % 2 == 0 ? "Oslo" : "oslo"),A,\(row % 3 == 0 ? "" : "2020-01-\(10 + row % 10)")\n"
            }
            try recipes.upload(csv, as: "t")
            let found = try recipes.workspace.suggestions(for: "t")
            #expect(
                found.map { "\($0.column ?? "-") \(($0.step.json.plainText))" } == [
                    "id {column: id, op: drop}", "pay {column: pay, ignore: $, op: convert, to: number}",
                    "city {column: city, op: lower}", "code {column: code, op: drop}",
                    "when {column: when, op: remove_nulls}",
                ])
            let reply = try recipes.workspace.transform("t", TransformRequest(steps: found.map(\.step.json)))
            #expect(reply.rowsAfter == 40)
            #expect(reply.dataset.columns.map(\.name) == ["pay", "city", "when"])
            #expect(reply.dataset.columns[0].type == .decimal)
        }
    }
}
