extension DateFormat {
    /// Appends the day in this format; years have at least four digits.
    package func append(daysSince1970 days: Int64, to bytes: inout [UInt8]) {
        let date = CivilDate(daysSince1970: days)
        switch order {
        case .yearMonthDay:
            appendYear(date.year, to: &bytes)
            appendSeparator(to: &bytes)
            appendPart(date.month, to: &bytes)
            appendSeparator(to: &bytes)
            appendPart(date.day, to: &bytes)
        case .dayMonthYear, .monthDayYear:
            let dayFirst = order == .dayMonthYear
            appendPart(dayFirst ? date.day : date.month, to: &bytes)
            appendSeparator(to: &bytes)
            appendPart(dayFirst ? date.month : date.day, to: &bytes)
            appendSeparator(to: &bytes)
            appendYear(date.year, to: &bytes)
        }
    }

    /// The day as text.
    package func text(daysSince1970 days: Int64) -> String {
        var bytes: [UInt8] = []
        append(daysSince1970: days, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Days since 1970-01-01 of a date in this format, or nil. Years have four digits; days and months one or two, unless
    /// there is no separator (0), which needs two. A text with other padding than the format's is read all the same.
    package func parse(_ text: UnsafeRawBufferPointer) -> Int64? {
        var cursor = DigitCursor(text)
        guard let date = parseDate(&cursor), cursor.atEnd else { return nil }
        return date.daysSince1970
    }

    /// As `parse` over bytes.
    package func parse(_ text: String) -> Int64? {
        var text = text
        return text.withUTF8 { parse(UnsafeRawBufferPointer($0)) }
    }

    /// Reads a date at the cursor and stops behind it.
    func parseDate(_ cursor: inout DigitCursor) -> CivilDate? {
        let least = separator == 0 ? 2 : 1
        var date = CivilDate(year: 0, month: 0, day: 0)
        switch order {
        case .yearMonthDay:
            guard let year = cursor.number(digits: 4...4), cursor.skip(separator),
                let month = cursor.number(digits: least...2), cursor.skip(separator),
                let day = cursor.number(digits: least...2)
            else { return nil }
            date = CivilDate(year: year, month: month, day: day)
        case .dayMonthYear, .monthDayYear:
            guard let first = cursor.number(digits: least...2), cursor.skip(separator),
                let second = cursor.number(digits: least...2), cursor.skip(separator),
                let year = cursor.number(digits: 4...4)
            else { return nil }
            let dayFirst = order == .dayMonthYear
            date = CivilDate(year: year, month: dayFirst ? second : first, day: dayFirst ? first : second)
        }
        return date.exists ? date : nil
    }

    private func appendSeparator(to bytes: inout [UInt8]) {
        if separator != 0 { bytes.append(separator) }
    }

    private func appendYear(_ year: Int64, to bytes: inout [UInt8]) { DigitText.append(year, width: 4, to: &bytes) }

    private func appendPart(_ part: Int64, to bytes: inout [UInt8]) {
        if padded || part >= 10 { DigitText.appendTwo(part, to: &bytes) } else { bytes.append(UInt8(48 + part)) }
    }
}

/// A place in ASCII text from which digits and separators are read.
struct DigitCursor {
    private let text: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    var atEnd: Bool { position == text.count }
    var next: UInt8? { position < text.count ? text[position] : nil }

    /// As many digits as are there, if their number is in `digits`; takes no more than `digits` allows.
    @inline(__always)
    mutating func number(digits: ClosedRange<Int>) -> Int64? {
        var value: Int64 = 0
        var count = 0
        while count < digits.upperBound, position < text.count {
            let digit = text[position] &- 48
            if digit > 9 { break }
            value = value &* 10 &+ Int64(digit)
            position += 1
            count += 1
        }
        return count >= digits.lowerBound ? value : nil
    }

    /// Steps over `byte`; 0 stands for nothing to step over.
    @inline(__always)
    mutating func skip(_ byte: UInt8) -> Bool {
        if byte == 0 { return true }
        guard position < text.count, text[position] == byte else { return false }
        position += 1
        return true
    }
}
