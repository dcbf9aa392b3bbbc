import Tabular

/// Marks say of each row of a block whether a filter keeps it: 1 if so, 2 if not, 0 where the value is null and that is not known.
extension ScanColumn {
    /// Marks the rows of a block, which follow one another.
    ///
    /// - Parameter verdicts: what is known of the texts of the dictionary; kept by the caller from block to block.
    func mark(
        _ filter: ColumnFilter, _ rows: BlockRows, _ verdicts: inout [UInt8]?, to result: UnsafeMutablePointer<UInt8>
    ) {
        switch filter {
        case .texts where layout == .texts || layout == .dictionary:
            return markTexts(rows, &verdicts, to: result) { filter.keeps($0) }
        case .reals(let low, let high) where layout == .reals:
            let reals = reals + rows.start
            for index in 0..<rows.count { result[index] = reals[index] >= low && reals[index] <= high ? 1 : 2 }
        case .reals, .integers:
            if let range = numbers(within: filter) {
                mark(range, rows, to: result)
            } else {
                result.update(repeating: 2, count: rows.count)
            }
        case .null:
            for index in 0..<rows.count { result[index] = isNull(rows.start + index) ? 1 : 2 }
            return
        case .nothing: result.update(repeating: 2, count: rows.count)
        case .everything, .notNull, .texts: result.update(repeating: 1, count: rows.count)
        }
        clearNulls(rows, result)
    }

    /// Marks rows by their texts; each text of a dictionary is asked for once.
    func markTexts(
        _ rows: BlockRows, _ verdicts: inout [UInt8]?, to result: UnsafeMutablePointer<UInt8>,
        _ holds: (UnsafeRawBufferPointer) -> Bool
    ) {
        if layout == .dictionary {
            let known = verdicts ?? (0..<textCount).map { holds(text(at: $0)) ? 1 : 2 }
            verdicts = known
            known.withUnsafeBufferPointer { known in
                for index in 0..<rows.count { result[index] = known[Int(number(rows.start + index))] }
            }
        } else {
            for index in 0..<rows.count { result[index] = holds(text(at: rows.start + index)) ? 1 : 2 }
        }
        clearNulls(rows, result)
    }

    /// Takes the marks off nulls.
    func clearNulls(_ rows: BlockRows, _ result: UnsafeMutablePointer<UInt8>) {
        guard nulls != nil else { return }
        for index in 0..<rows.count where isNull(rows.start + index) { result[index] = 0 }
    }

    /// Whether a filter keeps one row. Filters on the days and moments of one row leave the last word to SQLite.
    func keeps(_ filter: ColumnFilter, _ row: Int) -> Bool {
        switch filter {
        case .everything: true
        case .nothing: false
        case .null: isNull(row)
        case .notNull: !isNull(row)
        case .integers(let low, let high):
            !isNull(row) && (type == .date || type == .timestamp || (number(row) >= low && number(row) <= high))
        case .reals(let low, let high): !isNull(row) && real(row) >= low && real(row) <= high
        case .texts: !isNull(row) && filter.keeps(text(ofRow: row))
        }
    }

    /// The stored numbers that a filter keeps, within the column's bounds; nil where it keeps none.
    ///
    /// Decimals: whether a value is within is monotone in the numerator, so the ends are found by halving.
    func numbers(within filter: ColumnFilter) -> ClosedRange<Int64>? {
        guard rows > 0 else { return nil }
        var (low, high): (Int64, Int64)
        switch (filter, layout) {
        case (.integers(let least, let greatest), .integers): (low, high) = (least, greatest)
        case (.reals(let least, let greatest), .fixed(let scale)):
            let power = powersOfTen[scale]
            low = first { Double($0) / power >= least }
            high = first { Double($0) / power > greatest } - 1
        default: return nil
        }
        low = max(low, least)
        high = min(high, greatest)
        return low <= high ? low...high : nil
    }

    /// The first number from `least` on that satisfies a condition which holds from some number on.
    private func first(_ holds: (Int64) -> Bool) -> Int64 {
        var low = least
        var high = greatest + 1
        while low < high {
            let middle = low + (high - low) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Writes 1 where the number is in a range that lies within the bounds, else 2; rows follow one another.
    func mark(_ range: ClosedRange<Int64>, _ rows: BlockRows, to result: UnsafeMutablePointer<UInt8>) {
        let (start, count) = (rows.start, rows.count)
        let low = UInt64(bitPattern: range.lowerBound &- base)
        let span = UInt64(bitPattern: range.upperBound &- range.lowerBound)
        // One unsigned comparison says whether a number is between two.
        withNumbers(
            { Self.mark($0 + start, UInt8(truncatingIfNeeded: low), UInt8(truncatingIfNeeded: span), count, result) },
            { Self.mark($0 + start, UInt16(truncatingIfNeeded: low), UInt16(truncatingIfNeeded: span), count, result) },
            { Self.mark($0 + start, UInt32(truncatingIfNeeded: low), UInt32(truncatingIfNeeded: span), count, result) },
            { numbers in
                let (low, high) = (range.lowerBound, range.upperBound)
                for index in 0..<count {
                    result[index] = numbers[start + index] >= low && numbers[start + index] <= high ? 1 : 2
                }
            })
    }

    @inline(__always)
    private static func mark<T: FixedWidthInteger & UnsignedInteger>(
        _ numbers: UnsafePointer<T>, _ low: T, _ span: T, _ count: Int, _ result: UnsafeMutablePointer<UInt8>
    ) {
        for index in 0..<count { result[index] = numbers[index] &- low <= span ? 1 : 2 }
    }
}
