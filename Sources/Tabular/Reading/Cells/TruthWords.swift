/// The words of booleans, one bit each: `true`/`false`, `yes`/`no`, `t`/`f`, `y`/`n`, `1`/`0` in any case.
struct TruthWords: OptionSet, Sendable, Hashable {
    let rawValue: UInt16

    static let families: [(yes: String, no: String)] = [
        ("true", "false"), ("yes", "no"), ("t", "f"), ("y", "n"), ("1", "0"),
    ]

    init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The word's bit; the even ones are true.
    init?(_ cell: Cell) {
        guard (1...5).contains(cell.count) else { return nil }
        var word: UInt64 = 0
        for offset in 0..<cell.count {
            let byte = cell.start[offset]
            let letter = byte &- 65 < 26 ? byte | 0x20 : byte
            word |= UInt64(letter) << UInt64(8 * offset)
        }
        switch word {
        case 0x6575_7274: rawValue = 1
        case 0x65_736C_6166: rawValue = 2
        case 0x73_6579: rawValue = 4
        case 0x6F6E: rawValue = 8
        case 0x74: rawValue = 16
        case 0x66: rawValue = 32
        case 0x79: rawValue = 64
        case 0x6E: rawValue = 128
        case 0x31: rawValue = 256
        case 0x30: rawValue = 512
        default: return nil
        }
    }

    var isTrue: Bool { rawValue & 0b01_0101_0101 != 0 }

    /// `1` and `0` are numbers unless the client says otherwise.
    static let digits = TruthWords(rawValue: 768)

    /// Whether these words make a boolean column: one pair, of which a one-letter pair must show both.
    var makeBoolean: Bool {
        for family in 0..<5 {
            let pair = UInt16(3) << UInt16(2 * family)
            if rawValue & ~pair == 0 { return family == 0 || family == 1 || rawValue == pair }
        }
        return false
    }
}

/// What a cell looks like on its own.
enum CellShape: Sendable {
    case empty, integer, decimal, boolean, date, timestamp, text

    init(_ cell: Cell, decimal: UInt8, grouping: UInt8) {
        guard cell.count > 0 else {
            self = .empty
            return
        }
        if let number = NumberCell(cell, decimal: decimal, grouping: grouping) {
            self = number.isInteger ? (number.signedMantissa == nil ? .text : .integer) : .decimal
        } else if let words = TruthWords(cell), !words.isSubset(of: .digits) {
            self = .boolean
        } else if let date = DateCell(prefixOf: cell) {
            self = date.length == cell.count ? .date : TimestampCell(cell) != nil ? .timestamp : .text
        } else {
            self = .text
        }
    }
}
