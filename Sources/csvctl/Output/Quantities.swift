import Foundation

/// Numbers, sizes and times as people read them.
enum Quantities {
    /// `32,561`
    static func count(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { grouped.append(",") }
            grouped.append(digit)
        }
        return value < 0 ? "-" + grouped : grouped
    }

    /// `1.5 MB`, in powers of 1000.
    static func bytes(_ value: Int) -> String {
        guard value.magnitude >= 1000 else { return "\(value) B" }
        var scaled = Double(value)
        var unit = ""
        for next in ["kB", "MB", "GB", "TB", "PB", "EB"] {
            scaled /= 1000
            unit = next
            // 999.95 would be shown as 1000.0
            if abs(scaled) < 999.95 { break }
        }
        return fixed(scaled, places: abs(scaled) < 10 ? 2 : 1) + " " + unit
    }

    /// `12.3 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`
    static func duration(seconds: Double) -> String {
        guard seconds.isFinite else { return "-" }
        guard seconds >= 0 else { return "-" + duration(seconds: -seconds) }
        if seconds == 0 { return "0 s" }
        if seconds < 0.0995 { return fixed(seconds * 1000, places: seconds < 0.00995 ? 2 : 1) + " ms" }
        if seconds < 0.9995 { return fixed(seconds * 1000, places: 0) + " ms" }
        if seconds < 9.95 { return fixed(seconds, places: 1) + " s" }
        guard seconds < 1e12 else { return fixed(seconds / 86400, places: 0) + " d" }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return pair(whole / 60, "min", whole % 60, "s") }
        if whole < 86400 { return pair(whole / 3600, "h", whole % 3600 / 60, "min") }
        return pair(whole / 86400, "d", whole % 86400 / 3600, "h")
    }

    private static func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
        small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
    }

    /// `12 s ago`, `in 5 min`, `3 d ago`; the day itself beyond 30 days.
    static func relative(_ date: Date, now: Date) -> String {
        let seconds = now.timeIntervalSince(date)
        let distance = abs(seconds)
        if distance < 1 { return "now" }
        if distance > 30 * 86400 { return String(WireDay.text(date)) }
        let text =
            switch distance {
            case ..<60: "\(Int(distance)) s"
            case ..<3600: "\(Int(distance / 60)) min"
            case ..<86400: "\(Int(distance / 3600)) h"
            default: "\(Int(distance / 86400)) d"
            }
        return seconds > 0 ? text + " ago" : "in " + text
    }

    /// As below, a dash for none.
    static func number(_ value: Double?) -> String { value.map { number($0) } ?? "–" }

    /// A number with about four significant digits: `0.9127`, `12.35`, `48,842`, `1.2e-07`.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf" }
        let magnitude = abs(value)
        if value == value.rounded(), magnitude < 1e12 { return count(Int(value)) }
        switch magnitude {
        case ..<0.001, 1e12...: return String(format: "%.3g", value)
        case ..<10: return fixed(value, places: 4)
        case ..<100: return fixed(value, places: 2)
        case ..<10000: return fixed(value, places: 1)
        default: return count(Int(value.rounded()))
        }
    }

    /// `12.3 %`; a share that is not nothing is never shown as `0 %`.
    static func percent(_ share: Double) -> String {
        guard share.isFinite else { return "-" }
        if share == 0 { return "0 %" }
        if share < 0.0005 { return "<0.1 %" }
        return share == 1 ? "100 %" : fixed(share * 100, places: 1) + " %"
    }

    static func fixed(_ value: Double, places: Int) -> String { String(format: "%.\(places)f", value) }
}

/// Days and minutes in UTC, as `2026-11-23` and `2026-11-23 15:04:05Z`.
enum WireDay {
    static func text(_ date: Date) -> Substring { stamp(date).prefix(10) }

    static func moment(_ date: Date) -> String {
        let stamp = stamp(date)
        return stamp.prefix(10) + " " + stamp.dropFirst(11)
    }

    /// `15:04:05`
    static func time(_ date: Date) -> String { String(stamp(date).dropFirst(11).dropLast()) }

    private static func stamp(_ date: Date) -> String { date.formatted(Date.ISO8601FormatStyle()) }
}
