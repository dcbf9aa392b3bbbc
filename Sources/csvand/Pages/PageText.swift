import Foundation
import Shared

/// Numbers, times and names as pages write them.
enum PageText {
    /// `1234567` -> `1,234,567`
    static func count(_ value: Int) -> String {
        var text = ""
        let digits = String(value.magnitude)
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return value < 0 ? "-" + text : text
    }

    /// Four significant digits; whole numbers below a million in full.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        if value == value.rounded(), abs(value) < 1e6 { return count(Int(value)) }
        return String(format: "%.4g", value)
    }

    static func number(_ value: Double?) -> String { value.map { number($0) } ?? "–" }

    static func percent(_ part: Double, of whole: Double) -> String {
        whole > 0 ? String(format: "%.1f%%", 100 * part / whole) : "–"
    }

    static func bytes(_ value: Int) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var size = Double(value)
        var unit = 0
        while size >= 1000, unit < units.count - 1 {
            size /= 1000
            unit += 1
        }
        return unit == 0 ? "\(value) B" : String(format: "%.1f %@", size, units[unit])
    }

    /// `2026-11-23 15:04:05 UTC`
    static func time(_ date: Date) -> String {
        WireTime.text(date).prefix(19).replacing("T", with: " ") + " UTC"
    }

    static func span(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "–" }
        if seconds < 10 { return String(format: "%.1f s", seconds) }
        let whole = Int(seconds)
        if whole < 120 { return "\(whole) s" }
        if whole < 7200 { return "\(whole / 60) min" }
        return whole < 172_800 ? "\(whole / 3600) h" : "\(whole / 86400) days"
    }

    /// A name as one segment of a path.
    static func segment(_ name: String) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-_.~")
        return name.addingPercentEncoding(withAllowedCharacters: allowed) ?? name
    }

    /// `a="1", b="2"`, sorted by name.
    static func labels(_ labels: [String: String]) -> String {
        labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: ", ")
    }
}

/// A name with its value, as lists of facts show them.
struct PageFact: Sendable {
    let label: String
    let text: String
    /// Whether it gets more room.
    let isLong: Bool

    init(_ label: String, _ text: String) {
        self.label = label
        self.text = text
        isLong = text.count > 40
    }
}
