/// Numbers as Go and Prometheus write and read them.
package enum PromQLNumber {
    /// Shortest digits; exponent form from 1e+21 on and below 1e-04.
    package static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value == 0 { return value.sign == .minus ? "-0" : "0" }
        let (sign, digits, exponent) = decimal(value)
        let form =
            exponent < -4 || exponent >= 21 ? exponential(digits, exponent) : positional(digits, exponent)
        return (sign ? "-" : "") + form
    }

    /// As Go's `%v` and `%g`: shortest digits; exponent form from 1e+06 on and below 1e-04.
    static func goText(_ value: Double) -> String {
        guard value.isFinite, value != 0, value.magnitude >= 1e6 else { return text(value) }
        let (isNegative, digits, exponent) = decimal(value)
        return (isNegative ? "-" : "") + exponential(digits, exponent)
    }

    /// As Prometheus's API writes samples: with an exponent only below 1e-6 and from 1e21 on.
    package static func sampleText(_ value: Double) -> String {
        value != 0 && value.isFinite && value.magnitude < 1e-6
            ? text(value) : value.magnitude < 1e21 ? plainText(value) : text(value)
    }

    /// Shortest digits without an exponent, as `count_values` writes them.
    static func plainText(_ value: Double) -> String {
        if !value.isFinite || value == 0 { return text(value) }
        let (isNegative, digits, exponent) = decimal(value)
        return (isNegative ? "-" : "") + positional(digits, exponent)
    }

    /// The sign, the shortest significant digits, and the power of ten of the first of them.
    static func decimal(_ value: Double) -> (isNegative: Bool, digits: [Character], exponent: Int) {
        // Swift's description has the shortest digits that read back, in one of two forms.
        var text = value.magnitude.description[...]
        var exponent = 0
        if let mark = text.firstIndex(of: "e") {
            exponent = Int(text[text.index(after: mark)...]) ?? 0
            text = text[..<mark]
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let whole = Array(parts[0])
        var digits = whole + (parts.count > 1 ? Array(parts[1]) : [])
        exponent += whole.count - 1
        while digits.count > 1, digits[0] == "0" {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        return (value.sign == .minus, digits, exponent)
    }

    static func exponential(_ digits: [Character], _ exponent: Int) -> String {
        let fraction = digits.count > 1 ? "." + String(digits[1...]) : ""
        let power = String(abs(exponent))
        return String(digits[0]) + fraction + "e" + (exponent < 0 ? "-" : "+") + (power.count < 2 ? "0" : "") + power
    }

    static func positional(_ digits: [Character], _ exponent: Int) -> String {
        if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + String(digits) }
        if digits.count <= exponent + 1 {
            return String(digits) + String(repeating: "0", count: exponent + 1 - digits.count)
        }
        return String(digits[...exponent]) + "." + String(digits[(exponent + 1)...])
    }

    /// Reads a number: decimal, exponent, hexadecimal, `Inf`, `NaN`, with a sign.
    package static func value(_ text: some StringProtocol) -> Double? {
        var body = text.lowercased()[...]
        var sign = 1.0
        if let first = body.first, first == "-" || first == "+" {
            if first == "-" { sign = -1 }
            body = body.dropFirst()
        }
        if body == "inf" { return sign * .infinity }
        if body == "nan" { return .nan }
        if body.hasPrefix("0x") { return UInt64(body.dropFirst(2), radix: 16).map { sign * Double($0) } }
        guard let first = body.first, first.isNumber || first == "." else { return nil }
        return Double(body).map { sign * $0 }
    }
}

/// Durations as Prometheus writes and reads them: `1h30m`, units y w d h m s ms in this order.
package enum PromQLDuration {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("y", 31_536_000_000), ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000),
        ("ms", 1),
    ]

    /// Milliseconds of a duration; nil if it is none, or is longer than 200 years.
    package static func milliseconds(_ text: some StringProtocol) -> Int64? {
        if text == "0" { return 0 }
        var rest = text[...]
        var total: Int64 = 0
        var nextUnit = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let amount = Int64(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isLetter }
            guard let unit = units.firstIndex(where: { $0.name == name }), unit >= nextUnit else { return nil }
            nextUnit = unit + 1
            rest = rest.dropFirst(name.count)
            let (product, overflow) = amount.multipliedReportingOverflow(by: units[unit].milliseconds)
            let (sum, overflowed) = total.addingReportingOverflow(product)
            if overflow || overflowed || sum > 6_307_200_000_000 { return nil }
            total = sum
        }
        return total
    }

    /// The shortest text of a duration.
    package static func text(_ milliseconds: Int64) -> String {
        if milliseconds == 0 { return "0s" }
        var rest = milliseconds.magnitude
        var text = milliseconds < 0 ? "-" : ""
        for unit in units {
            let size = UInt64(unit.milliseconds)
            // Years and weeks only when nothing is left over, as Prometheus writes them.
            if rest >= size, unit.milliseconds <= 86_400_000 || rest % size == 0 {
                text += "\(rest / size)\(unit.name)"
                rest %= size
            }
        }
        return text
    }
}
