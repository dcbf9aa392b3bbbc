import Shared
import Testing

@testable import Tabular

@Suite struct CSVBlockTests {
    /// Cell by cell, in the plainest way.
    private func reference(_ chunks: [ColumnChunk], rows: Int, neutral: Bool) -> [UInt8] {
        var out: [UInt8] = []
        for row in 0..<rows {
            for (index, chunk) in chunks.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                let text = Array(chunk.text(at: row).utf8)
                let isNumber = chunk.type == .integer || chunk.type == .decimal
                let isFormula = neutral && !isNumber && text.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
                let isEmptyText =
                    text.isEmpty && (chunks.count == 1 || chunk.type == .text && chunk.nulls?.isNull(row) != true)
                let quotes =
                    isFormula || isEmptyText || text.first == 32 || text.first == 35
                    || text.contains { ",\"\r\n".utf8.contains($0) }
                guard quotes else {
                    out += text
                    continue
                }
                out.append(34)
                if isFormula { out.append(39) }
                for byte in text { out += byte == 34 ? [34, 34] : [byte] }
                out.append(34)
            }
            out += [13, 10]
        }
        return out
    }

    @Test(arguments: 0..<60) func blocksAreWhatCellByCellWritingGives(seed: UInt64) {
        var random = SeededRandom(state: seed)
        let rows = Int.random(in: 0...300, using: &random)
        var chunks: [ColumnChunk] = []
        for _ in 0..<Int.random(in: 1...6, using: &random) { chunks.append(random.chunk(rows: rows)) }
        for neutral in [true, false] {
            #expect(
                CSVBlock(neutralisesFormulas: neutral).bytes(chunks, rows: rows)
                    == reference(chunks, rows: rows, neutral: neutral))
        }
    }

    @Test func numbersAtTheirLimitsAreWrittenExactly() {
        let extremes: [Int64] = [.min, .max, 0, -1, 9, 10, 99, 100, 999_999_999_999_999_999, -10]
        let integers = ColumnChunk(type: .integer, values: .integers(extremes))
        for scale in [0, 1, 2, 17, 18] {
            for style in [
                TextStyle.fixed(separator: UInt8(ascii: "."), grouping: nil),
                .trimmed(separator: UInt8(ascii: "."), keepsOne: true),
                .trimmed(separator: UInt8(ascii: "."), keepsOne: false),
            ] {
                let decimals = ColumnChunk(type: .decimal, values: .decimals(extremes, scale: scale), style: style)
                #expect(
                    CSVBlock(neutralisesFormulas: true).bytes([integers, decimals], rows: extremes.count)
                        == reference([integers, decimals], rows: extremes.count, neutral: true))
            }
        }
        let moments = extremes.map { $0 / 4 } + [1_700_000_000_123_456, -1, -86_400_000_001]
        for digits in 0...6 {
            var format = TimestampFormat()
            format.fractionDigits = digits
            let chunk = ColumnChunk(type: .timestamp, values: .integers(moments), style: .timestamp(format))
            #expect(
                CSVBlock(neutralisesFormulas: true).bytes([chunk, chunk], rows: moments.count)
                    == reference([chunk, chunk], rows: moments.count, neutral: true))
        }
    }
}
