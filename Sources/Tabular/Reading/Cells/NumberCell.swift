/// A number as it is written: exact mantissa and scale, and how its text differs from the plain one.
struct NumberCell {
    var mantissa: UInt64 = 0
    /// Digits behind the decimal separator, exponent included; may be negative or large when there is an exponent.
    var scale = 0
    var isNegative = false
    var hasPoint = false
    var hasExponent = false
    /// Zeros in front of the first digit that counts, and nothing else unusual.
    var hasLeadingZeros = false
    /// Between groups of three digits; 0 for none.
    var grouping: UInt8 = 0
    /// No style writes this text: a plus sign, spaces around, a bare point, minus zero.
    var isOdd = false
    /// More than 19 digits, or more than 64 bits: the mantissa is not the number's.
    var overflows = false
    /// Digits before the decimal separator.
    var wholeDigits = 0

    /// An integer as written: no decimal separator and no exponent.
    var isInteger: Bool { !hasPoint && !hasExponent }

    /// The value when 64 bits hold the mantissa with its sign.
    var signedMantissa: Int64? {
        if overflows { return nil }
        if isNegative { return mantissa <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- mantissa) : nil }
        return Int64(exactly: mantissa)
    }

    /// Reads `cell`, or nil when it is no number.
    init?(_ cell: Cell, decimal: UInt8, grouping: UInt8) {
        var reader = NumberReader(cell: cell, decimal: decimal, grouping: grouping)
        guard reader.read() else { return nil }
        self = reader.number
    }

    fileprivate init() {}
}

private struct NumberReader {
    let text: UnsafePointer<UInt8>
    let decimal: UInt8
    let allowedGrouping: UInt8
    let count: Int
    var position = 0
    var end: Int
    var number = NumberCell()
    var fractionDigits = 0
    var exponent = 0

    init(cell: Cell, decimal: UInt8, grouping: UInt8) {
        text = cell.start
        count = cell.count
        end = count
        self.decimal = decimal
        allowedGrouping = grouping
    }

    mutating func read() -> Bool {
        takeSpaces()
        guard position < end else { return false }
        if text[position] == UInt8(ascii: "-") {
            number.isNegative = true
            position += 1
        } else if text[position] == UInt8(ascii: "+") {
            number.isOdd = true
            position += 1
        }
        guard takeWhole() else { return false }
        if position < end, text[position] == decimal {
            guard takeFraction() else { return false }
        }
        if position < end, text[position] | 0x20 == UInt8(ascii: "e") {
            guard takeExponent() else { return false }
        }
        guard position == end else { return false }
        if number.isNegative, number.mantissa == 0, !number.overflows { number.isOdd = true }
        number.scale = fractionDigits - exponent
        return true
    }

    private mutating func takeSpaces() {
        while position < end, text[position] == 32 || text[position] == 9 { position += 1 }
        while end > position, text[end - 1] == 32 || text[end - 1] == 9 { end -= 1 }
        if position > 0 || end < count { number.isOdd = true }
    }

    private mutating func takeDigit(_ digit: UInt8) {
        let (high, low) = number.mantissa.multipliedFullWidth(by: 10)
        let (sum, carry) = low.addingReportingOverflow(UInt64(digit))
        if high != 0 || carry { number.overflows = true }
        number.mantissa = sum
    }

    /// Digits before the decimal separator, in groups of three or not.
    private mutating func takeWhole() -> Bool {
        let start = position
        var groupDigits = 0
        while position < end {
            let byte = text[position]
            let digit = byte &- 48
            if digit <= 9 {
                takeDigit(digit)
                groupDigits += 1
                number.wholeDigits += 1
                position += 1
                continue
            }
            let length = groupingLength()
            if length == 0 { break }
            let separator: UInt8 = length == 1 ? byte : 32
            if number.grouping == 0 {
                guard (1...3).contains(groupDigits), text[start] != 48 else { return false }
            } else if number.grouping != separator || groupDigits != 3 {
                return false
            }
            // A no-break space is no style's grouping.
            if length > 1 { number.isOdd = true }
            number.grouping = separator
            groupDigits = 0
            position += length
        }
        if number.grouping != 0, groupDigits != 3 { return false }
        number.hasLeadingZeros = number.wholeDigits > 1 && text[start] == 48
        return number.wholeDigits > 0 || (position < end && text[position] == decimal)
    }

    /// Bytes of the group separator at the position: the dialect's, a space, or a (narrow) no-break space.
    private func groupingLength() -> Int {
        let byte = text[position]
        if byte == allowedGrouping || byte == 32 { return 1 }
        if byte == 0xC2, position + 1 < end, text[position + 1] == 0xA0 { return 2 }
        if byte == 0xE2, position + 2 < end, text[position + 1] == 0x80, text[position + 2] == 0xAF { return 3 }
        return 0
    }

    private mutating func takeFraction() -> Bool {
        number.hasPoint = true
        position += 1
        while position < end, text[position] &- 48 <= 9 {
            takeDigit(text[position] &- 48)
            fractionDigits += 1
            position += 1
        }
        if fractionDigits == 0 || number.wholeDigits == 0 { number.isOdd = true }
        return fractionDigits + number.wholeDigits > 0
    }

    private mutating func takeExponent() -> Bool {
        number.hasExponent = true
        position += 1
        var sign = 1
        if position < end, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+") {
            sign = text[position] == UInt8(ascii: "-") ? -1 : 1
            position += 1
        }
        let start = position
        while position < end, text[position] &- 48 <= 9 {
            exponent = exponent * 10 + Int(text[position] &- 48)
            if exponent > 9999 { return false }
            position += 1
        }
        exponent *= sign
        // `1e400` is no Double: it stays text rather than becoming infinite.
        return position > start && abs(exponent) <= 300
    }
}
