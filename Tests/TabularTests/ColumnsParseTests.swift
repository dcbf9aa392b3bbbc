import Shared
import Testing

@testable import Tabular

@Suite struct ColumnsParseTests {
    private func texts(_ chunk: ColumnChunk) -> [String] { (0..<chunk.rows).map { chunk.text(at: $0) } }

    @Test(arguments: [
        ("12", ReadDecimal.exact(mantissa: 12, scale: 0)), ("-1.50", .exact(mantissa: -150, scale: 2)),
        ("+.5", .exact(mantissa: 5, scale: 1)), ("5.", .exact(mantissa: 5, scale: 0)),
        (" 7 ", .exact(mantissa: 7, scale: 0)), ("1e3", .exact(mantissa: 1000, scale: 0)),
        ("1.5E-3", .exact(mantissa: 15, scale: 4)), ("-9223372036854775808", .exact(mantissa: .min, scale: 0)),
        ("9223372036854775808", .rounded(9_223_372_036_854_775_808)), ("1e-30", .rounded(1e-30)),
    ])
    func numbersAreReadExactlyWhere64BitsHoldThem(text: String, value: ReadDecimal) {
        #expect(DecimalText.parse(text) == value)
    }

    @Test(arguments: ["", "-", ".", "1.2.3", "1,000", "1e", "e5", "nan", "inf", "0x10", "12a", "1 2", "1e999999"])
    func whatIsNoNumberIsRefused(text: String) { #expect(DecimalText.parse(text) == nil) }

    @Test func groupsMustHaveThreeDigits() {
        let comma = UInt8(ascii: ",")
        #expect(DecimalText.parse("1,234,567.5", grouping: comma) == .exact(mantissa: 12_345_675, scale: 1))
        for wrong in ["12,34", "1234,567", "1,23.4", ",123", "1,,234"] {
            #expect(DecimalText.parse(wrong, grouping: comma) == nil)
        }
        #expect(
            DecimalText.parse("1.234,50", separator: comma, grouping: UInt8(ascii: "."))
                == .exact(mantissa: 123_450, scale: 2))
    }

    @Test(arguments: [
        (ColumnType.integer, ["1", "", "-7", "+3", "x", "3.0", "9223372036854775807", "NA"], [4]),
        (.integer, ["007", "012", "1000", "5"], []), (.decimal, ["1.50", "2.25", "1", "", "1e3", "abc"], [5]),
        (.decimal, ["1.5", "3.0", "2.25"], []), (.decimal, ["0.1", "123456789012345678901234", "-0.0"], []),
        (.boolean, ["Yes", "No", "yes", "", "maybe"], [4]), (.boolean, ["1", "0"], []),
        (.date, ["31/12/2020", "01/02/2021", "1/2/2021", "x"], [3]), (.date, ["2020-01-01", "2020-02-30"], [1]),
        (.timestamp, ["2020-01-01 10:00:00", "2020-01-01 10:00:00.5", "2020-01-02"], []),
        (.timestamp, ["2020-01-01T10:00+02:00", "2020-01-01T10:00:05+01:00", "2020-01-01T10:00Z"], []),
        (.text, ["a", "", "NA", "é"], []),
    ])
    func everyTextComesBackAndMisfitsAreListed(type: ColumnType, given: [String], failed: [Int]) {
        let parsed = ColumnChunk.parse(texts: TextArray(given), as: type, format: CellFormat(nullTexts: ["NA"]))
        #expect(texts(parsed.chunk) == given)
        #expect(parsed.chunk.texts() == TextArray(given))
        #expect(parsed.failedRows == failed)
    }

    @Test(arguments: ColumnType.allCases, ColumnType.allCases)
    func recastingKeepsEveryText(from: ColumnType, to: ColumnType) {
        let samples: [[String]] = [
            ["1", "2", "", "30", "-4"], ["007", "008"], ["1.50", "2.00", "", "7.25"], ["1.5", "3.0", "x"],
            ["true", "false", "TRUE"], ["01/02/2020", "31/12/1999"], ["2020-01-01", "", "junk"],
            ["2020-01-01T00:00:00", "2020-01-01T10:20:30.125"], ["a", "", "b", "12", "99999999999999999999"],
            ["1e5", "0.000001", "-0"],
        ]
        for sample in samples {
            let first = ColumnChunk.parse(texts: TextArray(sample), as: from).chunk
            let second = first.recast(to: to).chunk
            #expect(second.type == to)
            #expect(texts(second) == sample)
            #expect(texts(second.recast(to: .text).chunk) == sample)
        }
    }

    @Test func cellsThatFailedOneTypeAreReadAnewByTheNext() {
        let integers = ColumnChunk.parse(texts: ["1", "2.5", nil, "x"], as: .integer)
        #expect(integers.failedRows == [1, 3])
        let decimals = integers.chunk.recast(to: .decimal)
        #expect(decimals.failedRows == [3])
        #expect(decimals.chunk.numbers()[1] == 2.5)
        let words = decimals.chunk.recast(to: .text).chunk
        #expect((0..<4).map { words.jsonValue(at: $0) } == [.string("1"), .string("2.5"), .null, .string("x")])
    }

    @Test func jsonCellsAreReadByTheirKind() {
        let format = CellFormat(decimalSeparator: UInt8(ascii: ","))
        let numbers = ColumnChunk.parse(
            json: [.number(1.5), .string("2,25"), .integer(3), .null, .bool(true), .number(1e-7)], as: .decimal,
            format: format)
        #expect(numbers.failedRows.isEmpty)
        #expect(numbers.chunk.numbers().map { $0.isNaN ? -1 : $0 } == [1.5, 2.25, 3, -1, 1, 1e-7])
        let flags = ColumnChunk.parse(
            json: [.bool(true), .integer(0), .string("Yes")], as: .boolean,
            format: CellFormat(words: BooleanWords(no: "No", yes: "Yes")))
        #expect(flags.failedRows.isEmpty)
        #expect(flags.chunk.numbers() == [1, 0, 1])
        let words = ColumnChunk.parse(json: [.integer(3), .string("")], as: .text).chunk
        #expect((0..<2).map { words.jsonValue(at: $0) } == [.string("3"), .string("")])
    }

    @Test func concatenatedChunksKeepEveryText() throws {
        let parts = [["1.50", "2.25"], ["3", "", "4.125"], ["1e30", "7"], ["-0.0"]]
        let chunks = parts.map { ColumnChunk.parse(texts: TextArray($0), as: .decimal).chunk }
        for count in 1...4 {
            let whole = try #require(ColumnChunk.concatenated(Array(chunks.prefix(count))))
            #expect(texts(whole) == parts.prefix(count).flatMap { $0 })
        }
        let words = [
            ColumnChunk(type: .text, values: .texts(TextArray(["a", "b"]))),
            ColumnChunk(type: .text, values: .dictionary(codes: [1, 0], entries: TextArray(["x", "y"]))),
        ]
        #expect(ColumnChunk.concatenated(words).map(texts) == ["a", "b", "y", "x"])
    }

    @Test func dateFormatsAreDetectedFromTheTexts() {
        #expect(DateFormat.detect(["01/02/2020", "13/02/2020"]) == DateFormat(order: .dayMonthYear, separator: 47))
        #expect(DateFormat.detect(["01/02/2020", "02/13/2020"]) == DateFormat(order: .monthDayYear, separator: 47))
        #expect(DateFormat.detect(["1.2.2020"]) == DateFormat(order: .dayMonthYear, separator: 46, padded: false))
        #expect(DateFormat.detect(["hello"]) == nil)
        #expect(
            TimestampFormat.detect(["2020-01-01 10:00:00.123-02:30"])
                == TimestampFormat(between: 32, fractionDigits: 3, zone: .offset, offsetMinutes: -150))
    }

    @Test func categoriesAreLabelledByCanonicalTextAcrossChunks() {
        let chunks = [["1.50", "2.00", ""], ["2", "1.5", "3"]].map {
            ColumnChunk.parse(texts: TextArray($0), as: .decimal).chunk
        }
        let classes = TableColumn(name: "x", type: .decimal, chunks: chunks).categories()
        #expect(classes.labels == ["1.5", "2", "3"])
        #expect(classes.codes == [0, 1, -1, 1, 0, 2])
        let words = [
            ColumnChunk(type: .text, values: .dictionary(codes: [1, 0, 1], entries: TextArray(["b", "a"]))),
            ColumnChunk(type: .text, values: .texts(TextArray(["b", "c"]))),
        ]
        let texts = TableColumn(name: "x", type: .text, chunks: words).categories()
        #expect(texts.labels == ["a", "b", "c"])
        #expect(texts.codes == [0, 1, 0, 1, 2])
    }
}
