/// How one decimal is written: its scale in the low five bits, and marks.
enum DecimalForm {
    static let scale: UInt8 = 31
    static let grouped: UInt8 = 32
    /// No style writes it.
    static let odd: UInt8 = 64
    static let null: UInt8 = 128
}

extension ColumnBuilder {
    /// - Returns: the first row that is no decimal with a 64-bit mantissa and a scale of 0 ... 18, or `end`.
    func takeDecimals(_ grid: CellGrid, _ first: Int, _ end: Int) -> Int {
        integers.withUnsafeMutableBufferPointer { buffer in
            forms.withUnsafeMutableBufferPointer { formBuffer in
                guard let values = buffer.baseAddress, let forms = formBuffer.baseAddress else { return end }
                let column = column
                let text = grid.text
                let quote = rules.quote
                let hasQuote = rules.hasQuote
                let decimal = UInt64(rules.decimal) &* 0x0101_0101_0101_0101
                // A column of null words such as -999 takes the slow way for every cell.
                let most = rules.nullWordsLookTyped ? 0 : 17
                var row = first
                while row < end {
                    var start = grid.start(row: row, column: column)
                    var stop = grid.end(row: row, column: column)
                    if text[start] == quote, hasQuote, stop &- start > 2, text[stop &- 1] == quote {
                        start &+= 1
                        stop &-= 1
                    }
                    let isNegative = text[start] == UInt8(ascii: "-")
                    start &+= isNegative ? 1 : 0
                    let count = stop &- start
                    let isPlain = text[start] != 48 || count == 1 || text[start &+ 1] == rules.decimal
                    if UInt(bitPattern: count &- 1) < UInt(bitPattern: most), isPlain {
                        let (value, scale) = Self.plainDecimal(text + start, text + stop, count, decimal)
                        if scale >= 0, !isNegative || value != 0 {
                            values[row] = Int64(bitPattern: isNegative ? 0 &- value : value)
                            forms[row] = UInt8(truncatingIfNeeded: scale)
                            row &+= 1
                            continue
                        }
                    }
                    guard takeUnusualDecimal(grid, row, values, forms) else { return row }
                    row &+= 1
                }
                return end
            }
        }
    }

    /// Reads digits with at most one decimal separator between them; the scale is -1 for anything else.
    @inline(__always)
    private static func plainDecimal(
        _ start: UnsafePointer<UInt8>, _ stop: UnsafePointer<UInt8>, _ count: Int, _ decimal: UInt64
    ) -> (UInt64, Int) {
        if count <= 8 {
            let word = DigitWord.load(stop, count: count)
            let points = matches(word, decimal)
            if points == 0 { return DigitWord.isDigits(word) ? (DigitWord.value(word), 0) : (0, -1) }
            // Closes the gap that the separator leaves: the digits before it move up by one byte.
            let bit = UInt64(points.trailingZeroBitCount &- 7)
            let below = word & ((1 &<< bit) &- 1)
            let above = word & (~UInt64(0) &<< (bit &+ 8))
            let digits = above | below &<< 8 | 0x30
            let scale = 7 &- Int(bit >> 3)
            if scale == 0 || scale == count &- 1 || !DigitWord.isDigits(digits) { return (0, -1) }
            return (DigitWord.value(digits), scale)
        }
        return longDecimal(start, stop, count, decimal)
    }

    /// As `plainDecimal` for 9 ... 17 bytes: whole digits and decimals apart.
    @inline(__always)
    private static func longDecimal(
        _ start: UnsafePointer<UInt8>, _ stop: UnsafePointer<UInt8>, _ count: Int, _ decimal: UInt64
    ) -> (UInt64, Int) {
        let head = UnsafeRawPointer(start).loadUnaligned(as: UInt64.self)
        var whole = 8
        let points = matches(head, decimal)
        if points != 0 {
            whole = points.trailingZeroBitCount >> 3
        } else if start[8] != UInt8(truncatingIfNeeded: decimal) {
            return (0, -1)
        }
        let scale = count &- whole &- 1
        if whole == 0 || scale <= 0 || scale > 16 { return (0, -1) }
        let wholeDigits = DigitWord.load(start + whole, count: whole)
        var isNumber = DigitWord.isDigits(wholeDigits)
        var value = DigitWord.value(wholeDigits)
        if scale > 8 {
            if whole &+ scale > 18 { return (0, -1) }
            let high = DigitWord.load(stop - 8, count: scale &- 8)
            isNumber = isNumber && DigitWord.isDigits(high)
            value = value &* integerPower(scale &- 8) &+ DigitWord.value(high)
        }
        let lowCount = scale > 8 ? 8 : scale
        let low = DigitWord.load(stop, count: lowCount)
        isNumber = isNumber && DigitWord.isDigits(low)
        value = value &* integerPower(lowCount) &+ DigitWord.value(low)
        return isNumber ? (value, scale) : (0, -1)
    }

    @inline(__always)
    private static func integerPower(_ exponent: Int) -> UInt64 { smallPowers[exponent] }

    /// 0x80 in each byte of `word` that equals the needle's, exact up to the first.
    @inline(__always)
    private static func matches(_ word: UInt64, _ needle: UInt64) -> UInt64 {
        let difference = word ^ needle
        return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
    }

    private func takeUnusualDecimal(
        _ grid: CellGrid, _ row: Int, _ values: UnsafeMutablePointer<Int64>, _ forms: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        let cell = reader.cell(grid.text, grid.start(row: row, column: column), grid.end(row: row, column: column))
        values[row] = 0
        forms[row] = DecimalForm.null
        if takeNull(cell, row) { return true }
        guard let number = NumberCell(cell, decimal: rules.decimal, grouping: rules.grouping),
            var value = number.signedMantissa, (-18...18).contains(number.scale)
        else { return false }
        // The least Int64 has no magnitude that a style could write in another scale.
        if value == .min { return false }
        if number.scale < 0 {
            let (scaled, overflow) = value.multipliedReportingOverflow(by: Int64(integerPowersOfTen[-number.scale]))
            if overflow { return false }
            value = scaled
        }
        values[row] = value
        forms[row] = UInt8(max(0, number.scale))
        note(number, cell)
        if number.grouping != 0 {
            forms[row] |= DecimalForm.grouped
            if firstGrouping == 0 { firstGrouping = number.grouping }
        }
        if number.isOdd || number.grouping != firstGrouping && number.grouping != 0 || number.hasExponent
            || number.hasLeadingZeros
        {
            forms[row] |= DecimalForm.odd
        }
        return true
    }
}

/// 10^0 ... 10^8.
private let smallPowers: [UInt64] = (0...8).map { integerPowersOfTen[$0] }
