/// Appends numbers as ASCII digits.
package enum DigitText {
    /// The digits of `magnitude`, at least `width` of them, with `grouping` between groups of three when it is not 0.
    @inline(__always)
    static func append(_ magnitude: UInt64, width: Int = 1, grouping: UInt8 = 0, to bytes: inout [UInt8]) {
        // 20 digits and 6 separators at most, unless the width asks for more zeros.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digits in
            var rest = magnitude
            var start = 32
            var written = 0
            repeat {
                if grouping != 0, written > 0, written % 3 == 0 {
                    start -= 1
                    digits[start] = grouping
                }
                start -= 1
                let next = rest / 10
                digits[start] = UInt8(truncatingIfNeeded: 48 &+ (rest &- next &* 10))
                rest = next
                written += 1
            } while rest != 0
            while written < width {
                bytes.append(48)
                written += 1
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[start..<32]))
        }
    }

    /// The digits of a number, a minus before those of a negative one.
    @inline(__always)
    package static func append(_ value: Int64, width: Int = 1, grouping: UInt8 = 0, to bytes: inout [UInt8]) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        append(value.magnitude, width: width, grouping: grouping, to: &bytes)
    }

    /// Exactly two digits, of a number in 0 ..< 100.
    @inline(__always)
    static func appendTwo(_ value: Int64, to bytes: inout [UInt8]) {
        bytes.append(UInt8(truncatingIfNeeded: 48 &+ value / 10))
        bytes.append(UInt8(truncatingIfNeeded: 48 &+ value % 10))
    }
}

/// How a decimal's digits are laid out.
package struct DecimalLayout {
    var separator: UInt8 = UInt8(ascii: ".")
    /// Between groups of three digits; 0 for none.
    var grouping: UInt8 = 0
    /// Whether zeros at the end of the fraction are left out.
    var trims = true
    /// Whether one digit stays after the separator when all are zeros.
    var keepsOne = false

    package init(separator: UInt8 = UInt8(ascii: "."), grouping: UInt8 = 0, trims: Bool = true, keepsOne: Bool = false)
    {
        self.separator = separator
        self.grouping = grouping
        self.trims = trims
        self.keepsOne = keepsOne
    }
}

extension DigitText {
    /// `mantissa / 10^scale`, exactly.
    package static func append(mantissa: Int64, scale: Int, layout: DecimalLayout, to bytes: inout [UInt8]) {
        var fractionDigits = scale
        let magnitude = mantissa.magnitude
        let power = integerPowersOfTen[min(max(scale, 0), 18)]
        let whole = magnitude / power
        var fraction = magnitude % power
        if layout.trims {
            if fraction == 0 { fractionDigits = 0 }
            while fractionDigits > 0, fraction % 10 == 0 {
                fraction /= 10
                fractionDigits -= 1
            }
        }
        if mantissa < 0 { bytes.append(UInt8(ascii: "-")) }
        append(whole, grouping: layout.grouping, to: &bytes)
        if fractionDigits > 0 {
            bytes.append(layout.separator)
            append(fraction, width: fractionDigits, to: &bytes)
        } else if layout.keepsOne {
            bytes.append(layout.separator)
            bytes.append(48)
        }
    }

    /// The shortest text that reads back as `value`: digits alone where 10^-18 <= |value| < 10^21, else `d.ddde-30`.
    /// `NaN`, `Infinity` and `-Infinity` for what is not finite.
    static func append(_ value: Double, layout: DecimalLayout, to bytes: inout [UInt8]) {
        guard value.isFinite else {
            bytes.append(contentsOf: (value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity").utf8)
            return
        }
        // Swift's description is the shortest digits; only where it puts the point differs.
        var digits: [UInt8] = []
        var pointAfter = 0
        var seenPoint = false
        var exponent = 0
        var text = value.magnitude.description
        text.withUTF8 { ascii in
            var index = 0
            while index < ascii.count, ascii[index] != UInt8(ascii: "e") {
                if ascii[index] == UInt8(ascii: ".") {
                    seenPoint = true
                } else {
                    digits.append(ascii[index])
                    if !seenPoint { pointAfter += 1 }
                }
                index += 1
            }
            if index < ascii.count {
                let negative = ascii[index + 1] == UInt8(ascii: "-")
                for digit in ascii[(index + 2)...] { exponent = exponent * 10 + Int(digit) - 48 }
                if negative { exponent = -exponent }
            }
        }
        while digits.count > 1, digits.last == 48 { digits.removeLast() }
        let leadingZeros = digits.prefix { $0 == 48 }.count
        if leadingZeros < digits.count {
            digits.removeFirst(leadingZeros)
            pointAfter -= leadingZeros
        }
        if value.sign == .minus { bytes.append(UInt8(ascii: "-")) }
        append(digits: digits, point: pointAfter + exponent, layout: layout, to: &bytes)
    }

    /// `0.DIGITS * 10^point`.
    private static func append(digits: [UInt8], point: Int, layout: DecimalLayout, to bytes: inout [UInt8]) {
        if digits == [48] {
            bytes.append(48)
            if layout.keepsOne { bytes.append(contentsOf: [layout.separator, 48]) }
            return
        }
        if point > 21 || point <= -18 {
            bytes.append(digits[0])
            if digits.count > 1 {
                bytes.append(layout.separator)
                bytes.append(contentsOf: digits[1...])
            }
            bytes.append(UInt8(ascii: "e"))
            append(Int64(point - 1), to: &bytes)
            return
        }
        if point <= 0 {
            bytes.append(48)
            bytes.append(layout.separator)
            bytes.append(contentsOf: repeatElement(48, count: -point))
            bytes.append(contentsOf: digits)
            return
        }
        for index in 0..<max(point, digits.count) {
            if index == point { bytes.append(layout.separator) }
            if layout.grouping != 0, index > 0, index < point, (point - index) % 3 == 0 {
                bytes.append(layout.grouping)
            }
            bytes.append(index < digits.count ? digits[index] : 48)
        }
        if point >= digits.count, layout.keepsOne { bytes.append(contentsOf: [layout.separator, 48]) }
    }
}

/// 10^0 ... 10^18 as integers.
let integerPowersOfTen: [UInt64] = (0...18).map { (0..<$0).reduce(1 as UInt64) { power, _ in power * 10 } }
