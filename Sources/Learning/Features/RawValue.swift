import Tabular

/// Reads the texts that clients send for typed features.
package enum RawValue {
    /// A number with `.` or a single `,` as its decimal mark; nil for anything else, infinities and NaN included.
    package static func number(_ text: String) -> Double? {
        let trimmed = text.trimmingSpaces
        if let value = Double(trimmed), value.isFinite { return value }
        guard trimmed.utf8.count(where: { $0 == UInt8(ascii: ",") }) == 1, !trimmed.contains(".") else { return nil }
        return Double(trimmed.replacing(",", with: ".")).flatMap { $0.isFinite ? $0 : nil }
    }

    /// True and false in the usual words, or in those of the training file.
    package static func boolean(_ text: String, feature: RawFeature) -> Bool? {
        let trimmed = text.trimmingSpaces
        if !feature.trueWord.isEmpty, trimmed.lowercased() == feature.trueWord.lowercased() { return true }
        if !feature.falseWord.isEmpty, trimmed.lowercased() == feature.falseWord.lowercased() { return false }
        switch trimmed.lowercased() {
        case "true", "t", "yes", "y", "1": return true
        case "false", "f", "no", "n", "0": return false
        default: return nil
        }
    }

    /// Seconds since 1970-01-01T00:00:00Z of a date, with or without a time of day and a zone.
    ///
    /// Dates that begin with four digits are year, month, day whatever `order` says.
    package static func instant(_ text: String, order: DateFormat.Order) -> Double? {
        let bytes = Array(text.trimmingSpaces.utf8)
        var scanner = InstantScanner(bytes: bytes)
        guard let seconds = scanner.scan(order: order), scanner.isAtEnd else { return nil }
        return seconds
    }
}

extension String {
    var trimmingSpaces: String {
        guard let first = utf8.first, let last = utf8.last else { return self }
        if first > 32, last > 32 { return self }
        let view = utf8.drop { $0 <= 32 }
        guard let end = view.lastIndex(where: { $0 > 32 }) else { return "" }
        return String(self[view.startIndex...end])
    }
}

/// Reads a date and perhaps a time from ASCII.
struct InstantScanner {
    let bytes: [UInt8]
    var place = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { place == bytes.count }

    mutating func scan(order: DateFormat.Order) -> Double? {
        guard let (first, firstDigits) = number(), let mark = separator(), let (second, _) = number(),
            separator() == mark, let (third, thirdDigits) = number()
        else { return nil }
        let (year, month, day): (Int, Int, Int)
        if firstDigits == 4 {
            (year, month, day) = (first, second, third)
        } else if thirdDigits == 4 {
            (year, month, day) = order == .monthDayYear ? (third, first, second) : (third, second, first)
        } else {
            return nil
        }
        let date = CivilDate(year: Int64(year), month: Int64(month), day: Int64(day))
        guard date.exists else { return nil }
        let midnight = Double(date.daysSince1970) * 86_400
        if isAtEnd { return midnight }
        guard bytes[place] == UInt8(ascii: "T") || bytes[place] == UInt8(ascii: " ") else { return nil }
        place += 1
        guard let time = timeOfDay() else { return nil }
        return midnight + time
    }

    /// `hh:mm[:ss[.fff]]`, then `Z`, `+hh:mm` or nothing; in seconds.
    private mutating func timeOfDay() -> Double? {
        guard let (hour, _) = number(), hour < 24, take(":"), let (minute, _) = number(), minute < 60 else {
            return nil
        }
        var seconds = Double(hour * 3600 + minute * 60)
        if take(":") {
            guard let (second, _) = number(), second <= 60 else { return nil }
            seconds += Double(second)
            if take(".") || take(",") {
                guard let (fraction, digits) = number() else { return nil }
                var scale = 1.0
                for _ in 0..<digits { scale *= 10 }
                seconds += Double(fraction) / scale
            }
        }
        if take("Z") || isAtEnd { return seconds }
        let east = take("+")
        guard east || take("-"), let (hours, digits) = number() else { return nil }
        var minutes = digits == 4 ? hours / 100 * 60 + hours % 100 : hours * 60
        if take(":") {
            guard let (rest, _) = number() else { return nil }
            minutes += rest
        }
        return seconds - Double(east ? minutes : -minutes) * 60
    }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard place < bytes.count, bytes[place] == UInt8(ascii: mark) else { return false }
        place += 1
        return true
    }

    /// Up to nine digits and their count.
    private mutating func number() -> (Int, Int)? {
        var value = 0
        let start = place
        while place < bytes.count, place - start < 9, (48...57).contains(bytes[place]) {
            value = value * 10 + Int(bytes[place] - 48)
            place += 1
        }
        return place > start ? (value, place - start) : nil
    }

    private mutating func separator() -> UInt8? {
        guard place < bytes.count, "-/.".utf8.contains(bytes[place]) else { return nil }
        place += 1
        return bytes[place - 1]
    }
}
