/// A number as read: exact where 64 bits hold it.
package enum ReadDecimal: Sendable, Hashable {
    /// `mantissa / 10^scale`, `scale` in 0 ... 18, with as many decimals as were written.
    case exact(mantissa: Int64, scale: Int)
    /// The nearest Double of a number with more digits than that.
    case rounded(Double)
}

/// Reads numbers written with digits, an optional sign, decimals, groups of three, an exponent. No words such as `nan`.
package enum DecimalText {
    /// The number in `text`, or nil. Spaces around it are skipped.
    ///
    /// - Parameters:
    ///   - separator: stands before the decimals.
    ///   - grouping: may stand between groups of exactly three digits before the separator.
    package static func parse(
        _ text: UnsafeRawBufferPointer, separator: UInt8 = UInt8(ascii: "."), grouping: UInt8? = nil
    ) -> ReadDecimal? {
        let text = text.trimmingSpaces()
        var index = 0
        var negative = false
        if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
            negative = text[index] == UInt8(ascii: "-")
            index += 1
        }
        // Accumulates negatively, since the least Int64 has no positive counterpart.
        var mantissa: Int64 = 0
        var overflow = false
        var digits = 0
        var scale = 0
        var sinceGroup = -1
        var inFraction = false
        while index < text.count {
            let byte = text[index]
            let digit = byte &- 48
            if digit <= 9 {
                let (product, first) = mantissa.multipliedReportingOverflow(by: 10)
                let (sum, second) = product.subtractingReportingOverflow(Int64(digit))
                mantissa = sum
                overflow = overflow || first || second
                digits += 1
                if inFraction { scale += 1 } else if sinceGroup >= 0 { sinceGroup += 1 }
            } else if byte == separator, !inFraction {
                if sinceGroup >= 0, sinceGroup != 3 { return nil }
                inFraction = true
            } else if byte == grouping, !inFraction, digits > 0 {
                if sinceGroup >= 0 ? sinceGroup != 3 : digits > 3 { return nil }
                sinceGroup = 0
            } else {
                break
            }
            index += 1
        }
        guard digits > 0 else { return nil }
        if sinceGroup >= 0, !inFraction, sinceGroup != 3 { return nil }
        var exponent = 0
        if index < text.count {
            guard let read = parseExponent(UnsafeRawBufferPointer(rebasing: text[index...])) else { return nil }
            exponent = read
        }
        if !overflow, let exact = exact(negated: mantissa, negative: negative, scale: scale - exponent) { return exact }
        return rounded(text, separator: separator, grouping: grouping)
    }

    /// As `parse` over bytes.
    package static func parse(_ text: String, separator: UInt8 = UInt8(ascii: "."), grouping: UInt8? = nil)
        -> ReadDecimal?
    {
        var text = text
        return text.withUTF8 { parse(UnsafeRawBufferPointer($0), separator: separator, grouping: grouping) }
    }

    /// `e+12`, at most five digits.
    private static func parseExponent(_ text: UnsafeRawBufferPointer) -> Int? {
        guard text[0] | 0x20 == UInt8(ascii: "e"), text.count >= 2 else { return nil }
        let signed = text[1] == UInt8(ascii: "-") || text[1] == UInt8(ascii: "+")
        var cursor = DigitCursor(UnsafeRawBufferPointer(rebasing: text[(signed ? 2 : 1)...]))
        guard let value = cursor.number(digits: 1...5), cursor.atEnd else { return nil }
        return text[1] == UInt8(ascii: "-") ? -Int(value) : Int(value)
    }

    private static func exact(negated: Int64, negative: Bool, scale: Int) -> ReadDecimal? {
        guard scale <= 18, scale >= -18, negative || negated != .min else { return nil }
        let mantissa = negative ? negated : -negated
        if scale >= 0 { return .exact(mantissa: mantissa, scale: scale) }
        let (scaled, overflow) = mantissa.multipliedReportingOverflow(by: Int64(integerPowersOfTen[-scale]))
        return overflow ? nil : .exact(mantissa: scaled, scale: 0)
    }

    /// Through the standard library's correctly rounded parse.
    private static func rounded(_ text: UnsafeRawBufferPointer, separator: UInt8, grouping: UInt8?) -> ReadDecimal? {
        var plain: [UInt8] = []
        for byte in text where byte != grouping { plain.append(byte == separator ? UInt8(ascii: ".") : byte) }
        if plain.first == UInt8(ascii: "+") { plain.removeFirst() }
        guard let value = Double(String(decoding: plain, as: UTF8.self)), value.isFinite else { return nil }
        return .rounded(value)
    }
}

extension UnsafeRawBufferPointer {
    /// Without spaces at either end.
    func trimmingSpaces() -> UnsafeRawBufferPointer {
        var start = 0
        var end = count
        while start < end, self[start] == 32 { start += 1 }
        while end > start, self[end - 1] == 32 { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[start..<end])
    }
}
