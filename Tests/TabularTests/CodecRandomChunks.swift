import Shared

@testable import Tabular

/// A repeatable source of random numbers (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

extension SeededRandom {
    /// A chunk of a random kind with random nulls, style and exceptions.
    mutating func chunk(rows: Int) -> ColumnChunk {
        let kind = Int.random(in: 0..<7, using: &self)
        var chunk: ColumnChunk
        switch kind {
        case 0: chunk = ColumnChunk(type: .integer, values: .integers(integers(rows)))
        case 1: chunk = ColumnChunk(type: .date, values: .integers(integers(rows).map { $0 % 100_000 }))
        case 2:
            chunk = ColumnChunk(type: .timestamp, values: .integers(integers(rows).map { $0 % 1_000_000 * 1_000_000 }))
        case 3:
            chunk = ColumnChunk(
                type: .decimal, values: .decimals(integers(rows), scale: .random(in: 0...18, using: &self)))
        case 4:
            chunk = ColumnChunk(
                type: .decimal, values: .doubles(integers(rows).map { Double(bitPattern: UInt64(bitPattern: $0)) }))
        case 5:
            let threshold = Double.random(in: 0...1, using: &self)
            var flags: [UInt8] = []
            for _ in 0..<rows { flags.append(Double.random(in: 0...1, using: &self) < threshold ? 1 : 0) }
            chunk = ColumnChunk(type: .boolean, values: .booleans(flags))
        default: chunk = ColumnChunk(type: .text, values: texts(rows))
        }
        chunk.style = style()
        if Bool.random(using: &self) {
            var nulls = NullBitmap(rows: rows)
            let share = Double.random(in: 0...1, using: &self)
            for row in 0..<rows where Double.random(in: 0...1, using: &self) < share * share * share {
                nulls.setNull(row)
            }
            chunk.nulls = nulls
        }
        if Bool.random(using: &self) {
            for row in 0..<rows where Int.random(in: 0..<20, using: &self) == 0 {
                chunk.exceptions.append(row: row, text: word())
            }
        }
        return chunk
    }

    mutating func integers(_ rows: Int) -> [Int64] {
        let shape = Int.random(in: 0..<8, using: &self)
        let width = Int64.random(in: 1...64, using: &self)
        var value = Int64.random(in: -1000...1000, using: &self)
        var result: [Int64] = []
        for _ in 0..<rows {
            switch shape {
            case 0: break
            case 1: value = Int64.random(in: .min ... .max, using: &self)
            case 2: value &+= Int64.random(in: 0...9, using: &self)
            case 3:
                if Int.random(in: 0..<50, using: &self) == 0 { value = Int64.random(in: 0...1_000_000, using: &self) }
            case 4: value = Int64.random(in: 0...9, using: &self) * 1_000_003 / 7
            case 5: value = Int64.random(in: 0...9, using: &self) * 86_400_000_000
            case 6: value = Int64(bitPattern: next() >> UInt64(64 - width))
            default: value = Bool.random(using: &self) ? .min : .max
            }
            result.append(value)
        }
        return result
    }

    mutating func texts(_ rows: Int) -> ChunkValues {
        var entries: [String] = []
        for _ in 0..<Int.random(in: 1...200, using: &self) { entries.append(word()) }
        let entryArray = TextArray(entries)
        var codes: [UInt32] = []
        for _ in 0..<rows { codes.append(.random(in: 0..<UInt32(entries.count), using: &self)) }
        switch Int.random(in: 0..<3, using: &self) {
        case 0: return .dictionary(codes: codes, entries: entryArray)
        case 1: return .texts(entryArray.gather(codes.map { Int($0) }))
        default:
            var result = TextArray()
            for _ in 0..<rows { result.append(word()) }
            return .texts(result)
        }
    }

    mutating func word() -> String {
        let parts = ["", "a", "é", "日本", "the quick ", "brown fox", "\"", "\n", "0", "NA", String(next() % 1000)]
        var result = ""
        for _ in 0..<Int.random(in: 0...4, using: &self) { result += parts.randomElement(using: &self) ?? "" }
        return result
    }

    mutating func style() -> TextStyle {
        let date = DateFormat(order: .dayMonthYear, separator: 47, padded: Bool.random(using: &self))
        let styles: [TextStyle] = [
            .plain, .zeroPadded(width: 5), .fixed(separator: 44, grouping: nil), .fixed(separator: 46, grouping: 44),
            .trimmed(separator: 46, keepsOne: true), .grouped(32), .words(false: "non", true: "oui"), .date(date),
            .timestamp(TimestampFormat(date: date, fractionDigits: 3, zone: .offset, offsetMinutes: -330)),
        ]
        return styles.randomElement(using: &self) ?? .plain
    }
}
