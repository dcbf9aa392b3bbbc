import Shared
import Testing

@testable import Tabular

@Suite struct ColumnsTextTests {
    private func chunk(_ type: ColumnType, _ values: ChunkValues, _ style: TextStyle = .plain) -> ColumnChunk {
        ColumnChunk(type: type, values: values, style: style)
    }

    private func texts(_ chunk: ColumnChunk) -> [String] { (0..<chunk.rows).map { chunk.text(at: $0) } }
    private func canonical(_ chunk: ColumnChunk) -> [String] { (0..<chunk.rows).map { chunk.canonicalText(at: $0) } }

    @Test func integersAreWrittenInTheirStyle() {
        let values = ChunkValues.integers([0, 7, -7, 1_234_567, .min, .max])
        #expect(
            texts(chunk(.integer, values)) == [
                "0", "7", "-7", "1234567", "-9223372036854775808", "9223372036854775807",
            ])
        #expect(texts(chunk(.integer, .integers([7, -7, 1234]), .zeroPadded(width: 3))) == ["007", "-007", "1234"])
        #expect(
            texts(chunk(.integer, .integers([7, -1234, 1_234_567]), .grouped(UInt8(ascii: ",")))) == [
                "7", "-1,234", "1,234,567",
            ])
        #expect(
            texts(chunk(.integer, .integers([3]), .trimmed(separator: UInt8(ascii: ","), keepsOne: true))) == ["3,0"])
    }

    @Test func decimalsAreWrittenInTheirStyle() {
        let values = ChunkValues.decimals([150, -5, 123_456_789, 0], scale: 2)
        #expect(
            texts(chunk(.decimal, values, .fixed(separator: UInt8(ascii: "."), grouping: nil))) == [
                "1.50", "-0.05", "1234567.89", "0.00",
            ])
        #expect(
            texts(chunk(.decimal, values, .fixed(separator: UInt8(ascii: ","), grouping: UInt8(ascii: ".")))) == [
                "1,50", "-0,05", "1.234.567,89", "0,00",
            ])
        #expect(
            texts(chunk(.decimal, values, .trimmed(separator: UInt8(ascii: "."), keepsOne: true))) == [
                "1.5", "-0.05", "1234567.89", "0.0",
            ])
        #expect(canonical(chunk(.decimal, values)) == ["1.5", "-0.05", "1234567.89", "0"])
        #expect(
            canonical(chunk(.decimal, .decimals([.min, .max], scale: 18))) == [
                "-9.223372036854775808", "9.223372036854775807",
            ])
    }

    @Test func doublesAreWrittenShortestAndPositional() {
        let values: [Double] = [
            3, 0.1, -2.5, 1e20, 1e21, 1e22, 1.5e-7, 1e-30, 123_456.75, .leastNonzeroMagnitude, 0, 1.8014398509481984e16,
        ]
        #expect(
            canonical(chunk(.decimal, .doubles(values))) == [
                "3", "0.1", "-2.5", "100000000000000000000", "1e21", "1e22", "0.00000015", "1e-30", "123456.75",
                "5e-324",
                "0", "18014398509481984",
            ])
        #expect(
            texts(chunk(.decimal, .doubles([3, 0, -0.5]), .trimmed(separator: UInt8(ascii: "."), keepsOne: true))) == [
                "3.0", "0.0", "-0.5",
            ])
    }

    @Test func everyCanonicalDoubleReadsBackAsItself() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<5000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            #expect(Double(chunk(.decimal, .doubles([value])).canonicalText(at: 0)) == value)
        }
    }

    @Test func booleansDatesAndTimestampsAreWrittenInTheirStyle() {
        #expect(texts(chunk(.boolean, .booleans([1, 0]), .words(false: "non", true: "oui"))) == ["oui", "non"])
        #expect(canonical(chunk(.boolean, .booleans([1, 0]), .words(false: "non", true: "oui"))) == ["true", "false"])
        let day = CivilDate(year: 2024, month: 2, day: 3).daysSince1970
        let french = DateFormat(order: .dayMonthYear, separator: UInt8(ascii: "/"))
        #expect(texts(chunk(.date, .integers([day]), .date(french))) == ["03/02/2024"])
        #expect(
            texts(chunk(.date, .integers([day]), .date(DateFormat(order: .monthDayYear, separator: 47, padded: false))))
                == ["2/3/2024"])
        #expect(canonical(chunk(.date, .integers([day]), .date(french))) == ["2024-02-03"])
        let moment = day * 86_400_000_000 + 3_723_450_000
        let offset = TimestampFormat(
            date: french, between: 32, fractionDigits: 3, zone: .offset, offsetMinutes: -90)
        #expect(texts(chunk(.timestamp, .integers([moment]), .timestamp(offset))) == ["02/02/2024 23:32:03.450-01:30"])
        #expect(canonical(chunk(.timestamp, .integers([moment]), .timestamp(offset))) == ["2024-02-03T01:02:03.45Z"])
        #expect(canonical(chunk(.timestamp, .integers([-1]))) == ["1969-12-31T23:59:59.999999"])
    }

    @Test func exceptionsComeBeforeStyleAndNullsAreEmpty() {
        var nulls = NullBitmap(rows: 4)
        nulls.setNull(1)
        nulls.setNull(2)
        var exceptions = TextExceptions()
        exceptions.append(row: 2, text: "NA")
        exceptions.append(row: 3, text: "+4")
        let chunk = ColumnChunk(
            type: .integer, values: .integers([1, 0, 0, 4]), nulls: nulls, exceptions: exceptions)
        #expect(texts(chunk) == ["1", "", "NA", "+4"])
        #expect(canonical(chunk) == ["1", "", "", "4"])
        #expect(chunk.texts() == TextArray(["1", "", "NA", "+4"]))
        #expect((0..<4).map { chunk.jsonValue(at: $0) } == [.integer(1), .null, .null, .integer(4)])
        #expect(texts(chunk.slice(1..<4)) == ["", "NA", "+4"])
        #expect(texts(chunk.filter(rows: [3, 0, 2])) == ["+4", "1", "NA"])
    }

    @Test func numbersOfLargeMantissasAreCorrectlyRounded() {
        let chunk = chunk(.decimal, .decimals([9_007_199_254_740_993, 15], scale: 1))
        #expect(chunk.numbers() == [900_719_925_474_099.3, 1.5])
    }
}
