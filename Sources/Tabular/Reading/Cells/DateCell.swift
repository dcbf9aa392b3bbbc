/// Orders in which a date's parts can be read, one bit each.
struct DateOrders: OptionSet, Sendable, Hashable {
    let rawValue: UInt8
    static let yearMonthDay = DateOrders(rawValue: 1)
    static let dayMonthYear = DateOrders(rawValue: 2)
    static let monthDayYear = DateOrders(rawValue: 4)
    static let all: DateOrders = [.yearMonthDay, .dayMonthYear, .monthDayYear]
    static let yearLast: DateOrders = [.dayMonthYear, .monthDayYear]

    /// The order to read with: day first where nothing tells.
    var preferred: DateFormat.Order? {
        if contains(.yearMonthDay) { return .yearMonthDay }
        if contains(.dayMonthYear) { return .dayMonthYear }
        return contains(.monthDayYear) ? .monthDayYear : nil
    }

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ order: DateFormat.Order) {
        switch order {
        case .yearMonthDay: self = .yearMonthDay
        case .dayMonthYear: self = .dayMonthYear
        case .monthDayYear: self = .monthDayYear
        }
    }
}

/// A date as written: three numbers between separators, with the orders that make a day of them.
struct DateCell {
    var first: Int64
    var second: Int64
    var third: Int64
    var separator: UInt8
    var orders: DateOrders
    /// A part below ten is written with two digits, or with one.
    var showsPadding = false
    var showsNoPadding = false
    /// Bytes taken.
    var length: Int

    /// Reads the date that `cell` starts with, or nil.
    init?(prefixOf cell: Cell) {
        let text = cell.start
        let count = cell.count
        guard count >= 8 else { return nil }
        var position = 0
        var numbers: (Int64, Int64, Int64) = (0, 0, 0)
        var digits: (Int, Int, Int) = (0, 0, 0)
        func number(_ most: Int) -> (Int64, Int) {
            var value: Int64 = 0
            let start = position
            while position < count, position - start < most, text[position] &- 48 <= 9 {
                value = value * 10 + Int64(text[position] &- 48)
                position += 1
            }
            return (value, position - start)
        }
        (numbers.0, digits.0) = number(4)
        guard position < count else { return nil }
        separator = text[position]
        guard separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/") || separator == UInt8(ascii: ".")
        else { return nil }
        position += 1
        (numbers.1, digits.1) = number(2)
        guard position < count, text[position] == separator, digits.1 > 0 else { return nil }
        position += 1
        let yearFirst = digits.0 == 4
        (numbers.2, digits.2) = number(yearFirst ? 2 : 4)
        guard yearFirst ? digits.2 > 0 : (digits.0 == 1 || digits.0 == 2) && digits.2 == 4 else { return nil }
        (first, second, third) = numbers
        length = position
        orders = []
        let candidates: DateOrders = yearFirst ? .yearMonthDay : .yearLast
        for order in DateFormat.Order.allCases where candidates.contains(DateOrders(order)) {
            if CivilDate(first, second, third, order).exists { orders.insert(DateOrders(order)) }
        }
        guard !orders.isEmpty else { return nil }
        notePadding(yearFirst ? third : first, yearFirst ? digits.2 : digits.0)
        notePadding(second, digits.1)
    }

    private mutating func notePadding(_ value: Int64, _ digits: Int) {
        if value < 10 {
            if digits == 2 { showsPadding = true } else { showsNoPadding = true }
        }
    }
}

extension CivilDate {
    /// A date from its parts as written.
    init(_ first: Int64, _ second: Int64, _ third: Int64, _ order: DateFormat.Order) {
        switch order {
        case .yearMonthDay: self.init(year: first, month: second, day: third)
        case .dayMonthYear: self.init(year: third, month: second, day: first)
        case .monthDayYear: self.init(year: third, month: first, day: second)
        }
    }
}

/// A moment as written: a date, a time of day, perhaps a zone.
struct TimestampCell {
    var date: DateCell
    /// Of the day, in the zone that is written.
    var microseconds: Int64
    var format: TimestampFormat
    /// No format writes this text: digits beyond microseconds, a comma before them, an offset without its colon, one-digit hours.
    var isOdd = false

    /// Reads `cell`, or nil when it is no moment.
    init?(_ cell: Cell) {
        guard let date = DateCell(prefixOf: cell), date.length + 5 <= cell.count else { return nil }
        let text = UnsafeRawBufferPointer(start: cell.start, count: cell.count)
        let between = text[date.length]
        guard between == UInt8(ascii: "T") || between == 32 else { return nil }
        var cursor = DigitCursor(UnsafeRawBufferPointer(rebasing: text[(date.length + 1)...]))
        guard let hour = cursor.number(digits: 1...2), hour < 24 else { return nil }
        isOdd = cursor.position == 1
        guard cursor.skip(UInt8(ascii: ":")), let minute = cursor.number(digits: 2...2), minute < 60 else { return nil }
        self.date = date
        format = TimestampFormat(
            date: DateFormat(
                order: date.orders.preferred ?? .yearMonthDay, separator: date.separator, padded: !date.showsNoPadding),
            between: between, hasSeconds: false)
        microseconds = (hour * 60 + minute) * 60_000_000
        guard takeSeconds(&cursor), takeZone(&cursor), cursor.atEnd else { return nil }
    }

    private mutating func takeSeconds(_ cursor: inout DigitCursor) -> Bool {
        guard cursor.skip(UInt8(ascii: ":")) else { return true }
        guard let second = cursor.number(digits: 2...2), second < 60 else { return false }
        format.hasSeconds = true
        microseconds += second * 1_000_000
        guard cursor.next == UInt8(ascii: ".") || cursor.next == UInt8(ascii: ",") else { return true }
        if cursor.next == UInt8(ascii: ",") { isOdd = true }
        _ = cursor.skip(cursor.next ?? 0)
        let start = cursor.position
        guard var fraction = cursor.number(digits: 1...9) else { return false }
        var digits = cursor.position - start
        format.fractionDigits = min(digits, 6)
        if digits > 6 { isOdd = true }
        while digits > 6 {
            fraction /= 10
            digits -= 1
        }
        while digits < 6 {
            fraction *= 10
            digits += 1
        }
        microseconds += fraction
        return true
    }

    private mutating func takeZone(_ cursor: inout DigitCursor) -> Bool {
        if cursor.atEnd { return true }
        if cursor.skip(UInt8(ascii: "Z")) {
            format.zone = .z
            return true
        }
        let east = cursor.skip(UInt8(ascii: "+"))
        guard east || cursor.skip(UInt8(ascii: "-")), let hours = cursor.number(digits: 2...2), hours < 24 else {
            return false
        }
        var minutes: Int64 = 0
        if cursor.atEnd {
            isOdd = true
        } else {
            if !cursor.skip(UInt8(ascii: ":")) { isOdd = true }
            guard let given = cursor.number(digits: 2...2), given < 60 else { return false }
            minutes = given
        }
        // `-00:00` would come back as `+00:00`.
        if !east, hours == 0, minutes == 0 { isOdd = true }
        format.zone = .offset
        format.offsetMinutes = Int(hours * 60 + minutes) * (east ? 1 : -1)
        return true
    }

    /// Microseconds since 1970-01-01T00:00:00Z with the date read in `order`.
    func value(_ order: DateFormat.Order) -> Int64 {
        let day = CivilDate(date.first, date.second, date.third, order).daysSince1970
        return day * 86_400_000_000 + microseconds - Int64(format.offsetMinutes) * 60_000_000
    }
}
