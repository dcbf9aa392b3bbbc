/// One bit a row, set where the value is null.
package struct NullBitmap: Sendable, Hashable {
    package var words: [UInt64]
    package private(set) var rows: Int
    package private(set) var nullCount: Int

    package init(rows: Int) {
        self.rows = rows
        words = [UInt64](repeating: 0, count: (rows + 63) / 64)
        nullCount = 0
    }

    /// Takes words as stored; bits past `rows` must be 0.
    package init(words: [UInt64], rows: Int) {
        self.rows = rows
        self.words = words
        nullCount = words.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    package func isNull(_ row: Int) -> Bool { words[row >> 6] >> UInt64(row & 63) & 1 == 1 }

    package mutating func setNull(_ row: Int) {
        let bit = UInt64(1) << UInt64(row & 63)
        if words[row >> 6] & bit == 0 { nullCount += 1 }
        words[row >> 6] |= bit
    }
}
