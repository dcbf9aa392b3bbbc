/// How a chunk's dates are written, as found so far.
struct DateStyle {
    /// 0 before the first date.
    var separator: UInt8 = 0
    /// Known once a day or month below ten was seen.
    var padded: Bool?
    var yearFirst = false
    /// The text of the last date and its day, since equal dates often follow each other.
    var lastWord: UInt64 = 0
    var lastTail: UInt16 = 0
    var lastDay: Int64 = 0

    /// Whether the style writes the date as the cell does. The first date sets the style.
    mutating func takes(_ date: DateCell) -> Bool {
        if separator == 0 {
            separator = date.separator
            yearFirst = date.orders.contains(.yearMonthDay)
        }
        if date.showsPadding, date.showsNoPadding { return false }
        if padded == nil, date.showsPadding || date.showsNoPadding { padded = date.showsPadding }
        if date.separator != separator { return false }
        return padded == true ? !date.showsNoPadding : !date.showsPadding
    }
}

extension ColumnBuilder {
    /// Dates with the year last are packed until the order of day and month is known.
    ///
    /// - Returns: the first row that is no date in an order that all rows allow, or `end`.
    func takeDates(_ grid: CellGrid, _ first: Int, _ end: Int) -> Int {
        integers.withUnsafeMutableBufferPointer { buffer in
            guard let values = buffer.baseAddress else { return end }
            let text = grid.text
            let column = column
            var row = first
            while row < end {
                let start = grid.start(row: row, column: column)
                let stop = grid.end(row: row, column: column)
                if stop &- start == 10, dateStyle.yearFirst, dateStyle.padded == true {
                    // `yyyy-mm-dd` as the dates before it: one load and compare when it repeats.
                    let word = UnsafeRawPointer(text + start).loadUnaligned(as: UInt64.self)
                    let tail = UnsafeRawPointer(text + start + 8).loadUnaligned(as: UInt16.self)
                    if word == dateStyle.lastWord, tail == dateStyle.lastTail {
                        values[row] = dateStyle.lastDay
                        row &+= 1
                        continue
                    }
                    if let day = ISODay.read(word, tail, separator: dateStyle.separator) {
                        values[row] = day
                        dateStyle.lastWord = word
                        dateStyle.lastTail = tail
                        dateStyle.lastDay = day
                        row &+= 1
                        continue
                    }
                }
                guard takeUnusualDate(grid, row, values) else { return row }
                row &+= 1
            }
            return end
        }
    }

    private func takeUnusualDate(_ grid: CellGrid, _ row: Int, _ values: UnsafeMutablePointer<Int64>) -> Bool {
        let cell = reader.cell(grid.text, grid.start(row: row, column: column), grid.end(row: row, column: column))
        values[row] = 0
        if takeNull(cell, row) { return true }
        guard let date = DateCell(prefixOf: cell), date.length == cell.count else { return false }
        let orders = evidence.orders.intersection(date.orders)
        if orders.isEmpty { return false }
        evidence.orders = orders
        if !dateStyle.takes(date) { appendException(cell, row) }
        values[row] =
            orders.contains(.yearMonthDay)
            ? CivilDate(date.first, date.second, date.third, .yearMonthDay).daysSince1970
            : date.first | date.second << 8 | date.third << 16
        return true
    }

    func finishDates() -> (ChunkValues, TextStyle) {
        let order = evidence.orders.preferred ?? .yearMonthDay
        evidence.order = order
        evidence.padded = dateStyle.padded
        if order != .yearMonthDay {
            for row in 0..<rows where !isNull(row) {
                let packed = integers[row]
                integers[row] = CivilDate(packed & 255, packed >> 8 & 255, packed >> 16, order).daysSince1970
            }
        }
        let separator = dateStyle.separator == 0 ? UInt8(ascii: "-") : dateStyle.separator
        return (
            .integers(integers),
            .date(DateFormat(order: order, separator: separator, padded: dateStyle.padded ?? true))
        )
    }
}

/// Days of dates written as `yyyy-mm-dd`, from their bytes.
enum ISODay {
    /// `word` holds `yyyy-mm-`, `tail` the day.
    @inline(__always)
    static func read(_ word: UInt64, _ tail: UInt16, separator: UInt8) -> Int64? {
        let separators = UInt64(separator) << 32 | UInt64(separator) << 56
        if word & 0xFF00_00FF_0000_0000 != separators { return nil }
        let digits = word & 0x00FF_FF00_FFFF_FFFF | 0x3000_0030_0000_0000
        let dayWord = UInt64(tail) << 48 | 0x0000_3030_3030_3030
        if !DigitWord.isDigits(digits) || !DigitWord.isDigits(dayWord) { return nil }
        let number = DigitWord.value(digits)
        let date = CivilDate(
            year: Int64(number / 10_000), month: Int64(number / 10 % 100), day: Int64(DigitWord.value(dayWord)))
        return date.exists ? date.daysSince1970 : nil
    }
}
