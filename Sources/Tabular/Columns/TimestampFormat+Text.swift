extension TimestampFormat {
    /// Appends the moment in this format; digits finer than `fractionDigits` are cut.
    package func append(microsecondsSince1970 value: Int64, to bytes: inout [UInt8]) {
        let local = zone == .offset ? value &+ Int64(offsetMinutes) &* 60_000_000 : value
        let day = floorDivide(local, 86_400_000_000)
        let ofDay = local &- day &* 86_400_000_000
        let seconds = ofDay / 1_000_000
        date.append(daysSince1970: day, to: &bytes)
        if between != 0 { bytes.append(between) }
        DigitText.appendTwo(seconds / 3600, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        DigitText.appendTwo(seconds / 60 % 60, to: &bytes)
        if hasSeconds {
            bytes.append(UInt8(ascii: ":"))
            DigitText.appendTwo(seconds % 60, to: &bytes)
            let digits = min(max(fractionDigits, 0), 6)
            if digits > 0 {
                bytes.append(UInt8(ascii: "."))
                let fraction = UInt64(ofDay % 1_000_000) / integerPowersOfTen[6 - digits]
                DigitText.append(fraction, width: digits, to: &bytes)
            }
        }
        switch zone {
        case .none: break
        case .z: bytes.append(UInt8(ascii: "Z"))
        case .offset:
            bytes.append(UInt8(ascii: offsetMinutes < 0 ? "-" : "+"))
            let minutes = Int64(clamping: offsetMinutes.magnitude)
            DigitText.appendTwo(minutes / 60 % 100, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            DigitText.appendTwo(minutes % 60, to: &bytes)
        }
    }

    /// The moment as text.
    package func text(microsecondsSince1970 value: Int64) -> String {
        var bytes: [UInt8] = []
        append(microsecondsSince1970: value, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Microseconds since 1970-01-01T00:00:00Z of a moment in this format, or nil.
    ///
    /// The date's order and separators, `between` and the presence of a zone must be the format's. Seconds may be missing or
    /// present, fractions have up to 9 digits (cut to microseconds), and any offset is read where the format has a zone.
    package func parse(_ text: UnsafeRawBufferPointer) -> Int64? {
        var cursor = DigitCursor(text)
        guard let day = date.parseDate(&cursor), cursor.skip(between), let hour = cursor.number(digits: 1...2),
            hour < 24,
            cursor.skip(UInt8(ascii: ":")), let minute = cursor.number(digits: 2...2), minute < 60
        else { return nil }
        var micros: Int64 = 0
        if cursor.skip(UInt8(ascii: ":")) {
            guard let second = cursor.number(digits: 2...2), second < 60 else { return nil }
            micros = second * 1_000_000
            if cursor.next == UInt8(ascii: ".") || cursor.next == UInt8(ascii: ",") {
                guard let fraction = Self.parseFraction(&cursor) else { return nil }
                micros += fraction
            }
        }
        guard let offset = parseZone(&cursor), cursor.atEnd else { return nil }
        return day.daysSince1970 * 86_400_000_000 + (hour * 60 + minute - offset) * 60_000_000 + micros
    }

    /// As `parse` over bytes.
    package func parse(_ text: String) -> Int64? {
        var text = text
        return text.withUTF8 { parse(UnsafeRawBufferPointer($0)) }
    }

    /// Microseconds of `.123`.
    private static func parseFraction(_ cursor: inout DigitCursor) -> Int64? {
        guard cursor.skip(cursor.next ?? 0) else { return nil }
        let start = cursor.position
        guard var fraction = cursor.number(digits: 1...9) else { return nil }
        var digits = cursor.position - start
        while digits > 6 {
            fraction /= 10
            digits -= 1
        }
        return fraction * Int64(integerPowersOfTen[6 - digits])
    }

    /// Minutes east of UTC.
    private func parseZone(_ cursor: inout DigitCursor) -> Int64? {
        guard zone != .none else { return 0 }
        if cursor.skip(UInt8(ascii: "Z")) { return 0 }
        let east = cursor.skip(UInt8(ascii: "+"))
        guard east || cursor.skip(UInt8(ascii: "-")), let hours = cursor.number(digits: 2...2), hours < 24 else {
            return nil
        }
        var minutes: Int64 = 0
        if !cursor.atEnd {
            _ = cursor.skip(UInt8(ascii: ":"))
            guard let given = cursor.number(digits: 2...2), given < 60 else { return nil }
            minutes = given
        }
        return (hours * 60 + minutes) * (east ? 1 : -1)
    }
}

/// The greatest integer not above `value / divisor`; `divisor` > 0.
@inline(__always)
func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient &- 1 : quotient
}
