/// Numbers as exposition writes and reads them.
package enum MetricNumber {
    /// Shortest text that reads back as the same number; whole numbers without a point.
    package static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value), abs(whole) < 1 << 53 { return String(whole) }
        return String(value)
    }

    package static func value(_ text: String) -> Double? {
        switch text {
        case "+Inf", "Inf", "inf", "+inf": .infinity
        case "-Inf", "-inf": -.infinity
        case "NaN", "nan": .nan
        default: Double(text)
        }
    }

    /// Appends the text of a number without making a string of it: most counters are whole numbers.
    static func append(_ value: Double, to bytes: inout [UInt8]) {
        guard let whole = Int64(exactly: value), whole >= 0, whole < 1 << 53 else {
            bytes.append(contentsOf: text(value).utf8)
            return
        }
        if whole < 10 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: whole))
            return
        }
        let start = bytes.count
        var rest = whole
        while rest > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        }
        bytes[start...].reverse()
    }
}
