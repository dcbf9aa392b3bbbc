/// How a chunk's timestamps are written, as set by its first.
struct TimestampStyle {
    var format: TimestampFormat
    var date = DateStyle()
    /// `yyyy-mm-dd hh:mm:ss` and nothing else.
    var isPlain: Bool {
        format.hasSeconds && format.fractionDigits == 0 && format.zone == .none && date.yearFirst
            && date.padded == true
    }
}

extension ColumnBuilder {
    /// - Returns: the first row that is no moment that goes with those before it, or `end`.
    func takeTimestamps(_ grid: CellGrid, _ first: Int, _ end: Int) -> Int {
        integers.withUnsafeMutableBufferPointer { buffer in
            guard let values = buffer.baseAddress else { return end }
            let text = grid.text
            let column = column
            var isPlain = timestampStyle?.isPlain ?? false
            var between = timestampStyle?.format.between ?? 0
            var separator = timestampStyle?.date.separator ?? 0
            var lastWord: UInt64 = 0
            var lastTail: UInt16 = 0
            var lastDay: Int64 = 0
            var row = first
            while row < end {
                let start = grid.start(row: row, column: column)
                let stop = grid.end(row: row, column: column)
                if stop &- start == 19, isPlain, text[start &+ 10] == between {
                    let word = UnsafeRawPointer(text + start).loadUnaligned(as: UInt64.self)
                    let tail = UnsafeRawPointer(text + start + 8).loadUnaligned(as: UInt16.self)
                    let time = UnsafeRawPointer(text + start + 11).loadUnaligned(as: UInt64.self)
                    var day = lastDay
                    var known = word == lastWord && tail == lastTail
                    if !known, let read = ISODay.read(word, tail, separator: separator) {
                        (lastWord, lastTail, lastDay) = (word, tail, read)
                        day = read
                        known = true
                    }
                    if known, let seconds = ClockTime.seconds(time) {
                        values[row] = (day &* 86_400 &+ seconds) &* 1_000_000
                        row &+= 1
                        continue
                    }
                }
                guard takeUnusualTimestamp(grid, row, values) else { return row }
                isPlain = timestampStyle?.isPlain ?? false
                between = timestampStyle?.format.between ?? 0
                separator = timestampStyle?.date.separator ?? 0
                row &+= 1
            }
            return end
        }
    }

    private func takeUnusualTimestamp(_ grid: CellGrid, _ row: Int, _ values: UnsafeMutablePointer<Int64>) -> Bool {
        let cell = reader.cell(grid.text, grid.start(row: row, column: column), grid.end(row: row, column: column))
        values[row] = 0
        if takeNull(cell, row) { return true }
        guard let moment = TimestampCell(cell) else { return false }
        let orders = evidence.orders.intersection(moment.date.orders)
        let statesZone = moment.format.zone != .none
        // Moments with and without a zone do not go on one time line.
        if orders.isEmpty || (statesZone ? evidence.lacksZone : evidence.statesZone) { return false }
        evidence.orders = orders
        if statesZone { evidence.statesZone = true } else { evidence.lacksZone = true }
        var style = timestampStyle ?? TimestampStyle(format: moment.format)
        let writesDate = style.date.takes(moment.date)
        if moment.isOdd || !writesDate || !moment.format.writesTime(as: style.format) { appendException(cell, row) }
        timestampStyle = style
        values[row] =
            orders.contains(.yearMonthDay)
            ? moment.value(.yearMonthDay) : PackedMoment.pack(moment)
        return true
    }

    func finishTimestamps() -> (ChunkValues, TextStyle) {
        let order = evidence.orders.preferred ?? .yearMonthDay
        evidence.order = order
        evidence.padded = timestampStyle?.date.padded
        if order != .yearMonthDay {
            for row in 0..<rows where !isNull(row) { integers[row] = PackedMoment.value(integers[row], order) }
        }
        let style = timestampStyle ?? TimestampStyle(format: TimestampFormat())
        var format = style.format
        format.date = DateFormat(
            order: order, separator: style.date.separator == 0 ? UInt8(ascii: "-") : style.date.separator,
            padded: style.date.padded ?? true)
        return (.integers(integers), .timestamp(format))
    }
}

extension TimestampFormat {
    /// Whether both write a time of day alike.
    fileprivate func writesTime(as other: TimestampFormat) -> Bool {
        between == other.between && hasSeconds == other.hasSeconds && fractionDigits == other.fractionDigits
            && zone == other.zone && offsetMinutes == other.offsetMinutes
    }
}

/// A moment whose order of day and month is open, in 64 bits: 24 bits of date, 40 of microseconds.
private enum PackedMoment {
    /// Offsets reach from -24 to +24 hours, so that the microseconds may be negative.
    static let bias: Int64 = 1 << 38

    static func pack(_ moment: TimestampCell) -> Int64 {
        let micros = moment.microseconds - Int64(moment.format.offsetMinutes) * 60_000_000 + bias
        return (moment.date.third << 10 | moment.date.second << 5 | moment.date.first) << 40 | micros
    }

    static func value(_ packed: Int64, _ order: DateFormat.Order) -> Int64 {
        let date = (packed >> 40) & 0xFF_FFFF
        let day = CivilDate(date & 31, date >> 5 & 31, date >> 10, order).daysSince1970
        return day * 86_400_000_000 + (packed & 0xFF_FFFF_FFFF) - bias
    }
}

/// Seconds of `hh:mm:ss`, from its bytes.
enum ClockTime {
    @inline(__always)
    static func seconds(_ word: UInt64) -> Int64? {
        if word & 0x0000_FF00_00FF_0000 != 0x0000_3A00_003A_0000 { return nil }
        let digits = word & 0xFFFF_00FF_FF00_FFFF | 0x0000_3000_0030_0000
        if !DigitWord.isDigits(digits) { return nil }
        let number = Int64(DigitWord.value(digits))
        let hour = number / 1_000_000
        let minute = number / 1000 % 100
        let second = number % 100
        if hour > 23 || minute > 59 || second > 59 { return nil }
        return hour * 3600 + minute * 60 + second
    }
}
