/// How a chunk's integers are written, as found so far.
struct IntegerStyle {
    /// Digits of padded integers; 0 when there are none.
    var width = 0
    /// 0 when digits are not grouped.
    var grouping: UInt8 = 0
    /// Unpadded, ungrouped text is what the style writes for magnitudes from `low` to `low + span`.
    var low: UInt64 = 0
    var span = UInt64.max
    var triedWidth = false
    var triedGrouping = false
}

extension ColumnBuilder {
    /// - Returns: the first row that is no 64-bit integer, or `end`.
    func takeIntegers(_ grid: CellGrid, _ first: Int, _ end: Int) -> Int {
        integers.withUnsafeMutableBufferPointer { buffer in
            guard let values = buffer.baseAddress else { return end }
            let column = column
            let text = grid.text
            let quote = rules.quote
            let hasQuote = rules.hasQuote
            var style = rules.nullWordsLookTyped ? Self.neverPlain : integerStyle
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
                if UInt(bitPattern: count &- 1) < 16 {
                    let digits = text + stop
                    let low = DigitWord.load(digits, count: count > 8 ? 8 : count)
                    var isNumber = DigitWord.isDigits(low)
                    var value = DigitWord.value(low)
                    if count > 8 {
                        let high = DigitWord.load(digits - 8, count: count &- 8)
                        isNumber = isNumber && DigitWord.isDigits(high)
                        value &+= DigitWord.value(high) &* 100_000_000
                    }
                    let isPlain = text[start] != 48 || count == 1
                    if isNumber, isPlain && value &- style.low <= style.span || count == style.width,
                        !isNegative || value != 0
                    {
                        values[row] = Int64(bitPattern: isNegative ? 0 &- value : value)
                        row &+= 1
                        continue
                    }
                }
                guard takeUnusualInteger(grid, row, values) else { return row }
                style = rules.nullWordsLookTyped ? Self.neverPlain : integerStyle
                row &+= 1
            }
            return end
        }
    }

    /// A style that no cell is plain in.
    private static var neverPlain: IntegerStyle {
        var style = IntegerStyle()
        style.low = .max
        style.span = 0
        return style
    }

    /// Empty cells, null words, long numbers, padding, grouping, spaces.
    private func takeUnusualInteger(_ grid: CellGrid, _ row: Int, _ values: UnsafeMutablePointer<Int64>) -> Bool {
        let cell = reader.cell(grid.text, grid.start(row: row, column: column), grid.end(row: row, column: column))
        values[row] = 0
        if takeNull(cell, row) { return true }
        guard let number = NumberCell(cell, decimal: rules.decimal, grouping: rules.grouping), number.isInteger,
            let value = number.signedMantissa
        else { return false }
        note(number, cell)
        if !isWritten(number, value, row, values) { appendException(cell, row) }
        values[row] = value
        return true
    }

    /// Whether the style writes `value` as the cell does. The first padded or grouped cell may set the style, if the cells before it allow.
    private func isWritten(
        _ number: NumberCell, _ value: Int64, _ row: Int, _ values: UnsafeMutablePointer<Int64>
    ) -> Bool {
        if number.isOdd { return false }
        if number.hasLeadingZeros {
            if number.grouping != 0 || number.wholeDigits > 18 { return false }
            if integerStyle.width == 0, integerStyle.grouping == 0, !integerStyle.triedWidth {
                integerStyle.triedWidth = true
                let low = integerPowersOfTen[number.wholeDigits - 1]
                if earlier(row, values, { $0 >= low }) {
                    integerStyle.width = number.wholeDigits
                    integerStyle.low = low
                    integerStyle.span = .max - low
                }
            }
            return integerStyle.width == number.wholeDigits
        }
        if number.grouping != 0 {
            if integerStyle.width == 0, integerStyle.grouping == 0, !integerStyle.triedGrouping {
                integerStyle.triedGrouping = true
                if earlier(row, values, { $0 < 1000 }) {
                    integerStyle.grouping = number.grouping
                    integerStyle.span = 999
                }
            }
            return integerStyle.grouping == number.grouping
        }
        return value.magnitude &- integerStyle.low <= integerStyle.span
    }

    /// Whether all plainly written values before `row` satisfy `condition`.
    private func earlier(_ row: Int, _ values: UnsafeMutablePointer<Int64>, _ condition: (UInt64) -> Bool) -> Bool {
        var exception = 0
        for earlier in 0..<row {
            if exception < exceptions.rows.count, exceptions.rows[exception] == earlier {
                exception += 1
            } else if !isNull(earlier), !condition(values[earlier].magnitude) {
                return false
            }
        }
        return true
    }

    func finishIntegers() -> (ChunkValues, TextStyle) {
        let style: TextStyle =
            if integerStyle.width > 0 {
                .zeroPadded(width: integerStyle.width)
            } else if integerStyle.grouping != 0 {
                .grouped(integerStyle.grouping)
            } else {
                .plain
            }
        return (.integers(integers), style)
    }
}
