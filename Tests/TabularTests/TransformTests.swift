import Shared
import Testing

@testable import Tabular

@Suite struct TransformTests {
    private let table = DataTable(columns: [
        column("name", .text, ["Ann", "bob ", "", "Ann", "Zoe"]),
        column("age", .integer, ["30", "", "41", "30", "900"]),
        column(
            "price", .decimal, ["1,50", "2,25", "", "1,50", "3,00"], CellFormat(decimalSeparator: UInt8(ascii: ","))),
        column("day", .date, ["01/02/2020", "", "03/02/2020", "01/02/2020", "02/02/2020"]),
    ])

    private static func column(
        _ name: String, _ type: ColumnType, _ texts: [String], _ format: CellFormat = CellFormat()
    ) -> TableColumn {
        // Two chunks, so that borders are crossed.
        let parts = [texts.prefix(2), texts.dropFirst(2)]
        return TableColumn(
            name: name, type: type,
            chunks: parts.map { part in
                var absent = NullBitmap(rows: part.count)
                for (row, text) in part.enumerated() where text.isEmpty { absent.setNull(row) }
                return ColumnChunk.parse(
                    texts: TextArray(part), as: type, format: format.filled(for: type, from: TextArray(texts)),
                    absent: absent
                ).chunk
            })
    }

    private func texts(_ table: DataTable, _ name: String) -> [String] {
        table.column(named: name)?.chunks.flatMap { chunk in (0..<chunk.rows).map { chunk.text(at: $0) } } ?? []
    }

    private func apply(_ json: [String: JSONValue], to table: DataTable? = nil) throws -> (DataTable, TransformReport) {
        let (result, report) = try TransformStep(json: .object(json)).apply(
            to: ChunkedTable(table ?? self.table), .none)
        return (try result.dataTable(), report)
    }

    @Test func rowsWithNullsAreRemoved() throws {
        let (all, report) = try apply(["op": "remove_nulls"])
        #expect(texts(all, "name") == ["Ann", "Ann", "Zoe"])
        #expect(report.removedRows == 2)
        #expect(report.text == "2 rows removed.")
        #expect(texts(try apply(["op": "remove_nulls", "column": "age"]).0, "age") == ["30", "41", "30", "900"])
    }

    @Test func nullsAreFilledInTheColumnsWriting() throws {
        #expect(texts(try apply(["op": "fill_median", "column": "age"]).0, "age")[1] == "36")
        #expect(texts(try apply(["op": "fill_mean", "column": "age"]).0, "age")[1] == "250")
        let (filled, report) = try apply(["op": "fill_mean", "column": "price"])
        #expect(texts(filled, "price") == ["1,50", "2,25", "2,0625", "1,50", "3,00"])
        #expect(filled.column(named: "price")?.numbers()[2] == 2.0625)
        #expect(report.text == "1 row changed: 'price' with '2,0625'.")
        #expect(texts(try apply(["op": "fill_mode"]).0, "name")[2] == "Ann")
        #expect(texts(try apply(["op": "fill_mode", "column": "day"]).0, "day")[1] == "01/02/2020")
        #expect(texts(try apply(["op": "fill_forward"]).0, "day")[1] == "01/02/2020")
        #expect(texts(try apply(["op": "fill_constant", "column": "price", "value": 9.5]).0, "price")[2] == "9,5")
        #expect(texts(try apply(["op": "fill_constant", "column": "name", "value": "?"]).0, "name")[2] == "?")
    }

    @Test func duplicatesAndOutliersAreRemoved() throws {
        #expect(try apply(["op": "remove_duplicates"]).1.removedRows == 1)
        #expect(texts(try apply(["op": "remove_duplicates", "columns": ["age"]]).0, "age") == ["30", "", "41", "900"])
        #expect(texts(try apply(["op": "remove_outliers", "column": "age"]).0, "age") == ["30", "", "41", "30"])
    }

    @Test func columnsAreRenamedDroppedAndReordered() throws {
        #expect(
            try apply(["op": "rename", "column": "age", "to": "years"]).0.columns.map(\.name) == [
                "name", "years", "price", "day",
            ])
        #expect(try apply(["op": "drop", "columns": ["age", "day"]]).0.columns.map(\.name) == ["name", "price"])
        #expect(
            try apply(["op": "reorder", "columns": ["day"]]).0.columns.map(\.name) == ["day", "name", "age", "price"])
    }

    @Test func columnsAreConvertedAndMisfitsCounted() throws {
        let (texted, _) = try apply(["op": "convert", "column": "price", "to": "text"])
        #expect(texted.column(named: "price")?.type == .text)
        #expect(texts(texted, "price") == texts(table, "price"))
        let (back, _) = try apply(["op": "convert", "column": "price", "to": "number"], to: texted)
        #expect(back.column(named: "price")?.type == .decimal)
        #expect(back.column(named: "price")?.numbers().prefix(2) == [1.5, 2.25])
        #expect(texts(back, "price") == texts(table, "price"))
        let (failed, report) = try apply(["op": "convert", "column": "name", "to": "integer"])
        #expect(report.failedCells == 4)
        #expect(texts(failed, "name") == texts(table, "name"))
        let (days, _) = try apply(["op": "convert", "column": "day", "to": "text"])
        let (again, _) = try apply(["op": "convert", "column": "day", "to": "date"], to: days)
        #expect(again.column(named: "day")?.chunks.first?.canonicalText(at: 0) == "2020-02-01")
    }

    @Test func cellsAreReplacedTrimmedAndCased() throws {
        #expect(texts(try apply(["op": "replace", "column": "price", "value": 1.5, "with": 4]).0, "price")[0] == "4")
        #expect(texts(try apply(["op": "replace", "column": "age", "value": 900, "with": .null]).0, "age")[4] == "")
        #expect(
            texts(try apply(["op": "replace", "column": "name", "value": "o", "with": "0", "part": true]).0, "name")
                == ["Ann", "b0b ", "", "Ann", "Z0e"])
        #expect(texts(try apply(["op": "trim"]).0, "name")[1] == "bob")
        #expect(texts(try apply(["op": "upper", "column": "name"]).0, "name") == ["ANN", "BOB ", "", "ANN", "ZOE"])
        let (lower, report) = try apply(["op": "lower"])
        #expect(texts(lower, "name") == ["ann", "bob ", "", "ann", "zoe"])
        #expect(report.changedRows == 3)
        #expect(lower.column(named: "name")?.chunks[1].nulls?.isNull(0) == true)
    }

    @Test func rowsAreSortedSampledAndDeleted() throws {
        #expect(texts(try apply(["op": "sort", "column": "-age"]).0, "age") == ["900", "41", "30", "30", ""])
        #expect(
            texts(try apply(["op": "sort", "columns": ["name", "-day"]]).0, "name") == [
                "Ann", "Ann", "Zoe", "bob ", "",
            ])
        #expect(
            texts(try apply(["op": "sort", "column": "price"]).0, "price") == ["1,50", "1,50", "2,25", "3,00", ""])
        let sample = try apply(["op": "sample", "count": 3, "seed": 5])
        #expect(sample.0.rows == 3)
        #expect(
            try apply(["op": "sample", "count": 3, "seed": 5]).0.columns.map(\.chunks) == sample.0.columns.map(\.chunks)
        )
        #expect(texts(try apply(["op": "delete_rows", "rows": [0, 4]]).0, "age") == ["", "41", "30"])
    }

    @Test(
        arguments: [
            (["op": "fill_medain"], "Step 2: there is no operation 'fill_medain'.", "Did you mean fill_median?"),
            (
                ["op": "drop", "column": "agee"], "Step 2: drop names the column 'agee', which does not exist.",
                "Did you mean 'age'?"
            ),
            (["op": "drop", "colunm": "age"], "Step 2: drop does not know the key 'colunm'.", "Did you mean column?"),
            (["op": "drop"], "Step 2: drop needs the key column.", "Add column to the step."),
            (
                ["op": "fill_mean", "column": "name"],
                "Step 2: fill_mean does not apply to 'name', which is of type text.",
                "Choose a column of type integer or decimal, or convert this one first."
            ),
            (
                ["op": "delete_rows", "rows": [7]], "Step 2: delete_rows cannot use '7' as rows.",
                "Give row numbers from 0 to 4."
            ),
            (
                ["op": "fill_constant", "column": "age", "value": "x"],
                "Step 2: fill_constant cannot use 'x' as value.",
                "Give a value of type integer."
            ),
        ] as [([String: JSONValue], String, String)])
    func badStepsSayWhatToDo(json: [String: JSONValue], detail: String, remedy: String) {
        do {
            _ = try apply(json)
            Issue.record("no error")
        } catch let error as TransformError {
            #expect(error.problem(step: 2).detail == detail)
            #expect(error.problem(step: 2).remedy == remedy)
        } catch { Issue.record(error) }
    }

    @Test func profilesSuggestSteps() {
        let profiles = table.columns.map { ColumnProfiler.profile($0) }
        let reply = ProfileReply(dataset: "d", version: 1, rows: 5, columns: profiles, warnings: [])
        #expect(
            Suggestions.of(reply).map { "\($0.step.op) \($0.column ?? "-")" } == [
                "trim name", "fill_mode name", "fill_median age", "fill_median price", "remove_nulls day",
            ])
    }
}

extension TransformSurroundings {
    /// Without other datasets and without SQL.
    static let none = TransformSurroundings(
        dataset: { name, _ in throw TransformError.notAStep(name) },
        matching: { expression, _ in throw TransformError.notAStep(expression) },
        evaluate: { expression, _, _ in throw TransformError.notAStep(expression) }, rowLimit: 1_000)
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByArrayLiteral, ExpressibleByBooleanLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}
