extension NullBitmap {
    /// The rows of `range`, renumbered from 0; nil when none is null.
    func slice(_ range: Range<Int>) -> NullBitmap? {
        guard nullCount > 0 else { return nil }
        var result = NullBitmap(rows: range.count)
        for row in range where isNull(row) { result.setNull(row - range.lowerBound) }
        return result.nullCount > 0 ? result : nil
    }

    /// The given rows in the given order; nil when none is null.
    func gather(_ rows: [Int]) -> NullBitmap? {
        guard nullCount > 0 else { return nil }
        var result = NullBitmap(rows: rows.count)
        for (place, row) in rows.enumerated() where isNull(row) { result.setNull(place) }
        return result.nullCount > 0 ? result : nil
    }

    /// Calls `body` with every null row in ascending order.
    @inline(__always)
    package func forEachNull(_ body: (Int) -> Void) {
        for index in words.indices {
            var word = words[index]
            while word != 0 {
                body(index * 64 + word.trailingZeroBitCount)
                word &= word &- 1
            }
        }
    }
}
