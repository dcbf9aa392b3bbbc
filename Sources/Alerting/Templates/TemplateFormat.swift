import Foundation
import Telemetry

/// Numbers as Prometheus's template functions write them.
///
/// Source: prometheus/template/template.go of 2.42.
enum TemplateFormat {
    static func humanized(_ value: Double, _ function: TemplateFunction) -> String {
        switch function {
        case .humanize: return humanize(value)
        case .humanize1024: return humanize1024(value)
        case .humanizeDuration: return duration(value)
        case .humanizeTimestamp: return timestamp(value)
        default: return short(value * 100) + "%"
        }
    }

    /// Four significant digits, `%.4g`.
    static func short(_ value: Double) -> String { general(value, "%.4g") }

    private static func humanize(_ value: Double) -> String {
        if value == 0 || !value.isFinite { return short(value) }
        if value.magnitude < 1 { return small(value) }
        return scaled(value, by: 1_000, ["k", "M", "G", "T", "P", "E", "Z", "Y"])
    }

    private static func humanize1024(_ value: Double) -> String {
        if value.magnitude <= 1 || !value.isFinite { return short(value) }
        return scaled(value, by: 1_024, ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"])
    }

    private static func scaled(_ value: Double, by step: Double, _ prefixes: [String]) -> String {
        var (rest, prefix) = (value, "")
        for next in prefixes where rest.magnitude >= step {
            prefix = next
            rest /= step
        }
        return short(rest) + prefix
    }

    private static func small(_ value: Double) -> String {
        var (rest, prefix) = (value, "")
        for next in ["m", "u", "n", "p", "f", "a", "z", "y"] where rest.magnitude < 1 {
            prefix = next
            rest *= 1_000
        }
        return short(rest) + prefix
    }

    private static func duration(_ value: Double) -> String {
        if !value.isFinite { return short(value) }
        if value == 0 { return "0s" }
        if value.magnitude < 1 { return small(value) + "s" }
        let sign = value < 0 ? "-" : ""
        guard let whole = Int64(exactly: value.magnitude.rounded(.down)) else { return short(value) + "s" }
        let (days, hours, minutes, seconds) = (whole / 86_400, whole / 3_600 % 24, whole / 60 % 60, whole % 60)
        if days != 0 { return "\(sign)\(days)d \(hours)h \(minutes)m \(seconds)s" }
        if hours != 0 { return "\(sign)\(hours)h \(minutes)m \(seconds)s" }
        if minutes != 0 { return "\(sign)\(minutes)m \(seconds)s" }
        return sign + short(value.magnitude) + "s"
    }

    /// Seconds since 1970 as Go writes a time, to the millisecond.
    private static func timestamp(_ value: Double) -> String {
        guard value.isFinite, value.magnitude < 9.2e9 else { return short(value) }
        let milliseconds = Int64(value * 1e9) / 1_000_000
        let second = (Double(milliseconds) / 1_000).rounded(.down)
        let part = milliseconds - Int64(second) * 1_000
        func figure(_ function: PromQLFunction, width: Int = 2) -> String {
            padded(Int64(CalendarFigure.of(function, second)), width)
        }
        func padded(_ number: Int64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let inMinute = Int64(second) - (Int64((second / 60).rounded(.down)) * 60)
        var text =
            "\(figure(.year, width: 4))-\(figure(.month))-\(figure(.dayOfMonth)) \(figure(.hour)):\(figure(.minute)):\(padded(inMinute, 2))"
        if part != 0 {
            var fraction = padded(part, 3)[...]
            while fraction.last == "0" { fraction.removeLast() }
            text += "." + fraction
        }
        return text + " +0000 UTC"
    }

    /// The number of values a format takes.
    static func verbs(_ format: String) throws(TemplateText.Failure) -> Int {
        try parts(format).count { $0.verb != nil }
    }

    /// Go's `Sprint`: spaces stand between two values of which neither is a text.
    static func print(_ arguments: [TemplateValue]) -> String {
        var text = ""
        for (position, argument) in arguments.enumerated() {
            if position > 0, argument.kind != .text, arguments[position - 1].kind != .text { text += " " }
            text += argument.plain
        }
        return text
    }

    static func printf(_ arguments: [TemplateValue]) -> String {
        guard case .text(let format)? = arguments.first, let parts = try? parts(format) else { return "" }
        var values = arguments.dropFirst()
        return parts.map { part in
            guard let verb = part.verb else { return part.text }
            guard let value = values.popFirst() else { return "" }
            return formatted(value, verb, directive: part.text)
        }.joined()
    }

    private static func formatted(_ value: TemplateValue, _ verb: Character, directive: String) -> String {
        switch (verb, value) {
        case ("f", .float(let number)), ("g", .float(let number)), ("e", .float(let number)):
            // Without a precision, Go's %g has the fewest digits that read back.
            if verb == "g", !directive.contains(".") { return filled(PromQLNumber.goText(number), directive) }
            return general(number, directive)
        case ("d", .int(let number)): return integer(number, directive)
        case ("s", .text(let text)), ("v", .text(let text)): return filled(cut(text, directive), directive)
        case ("q", .text(let text)): return filled("\"\(LabelSet.escaped(cut(text, directive)))\"", directive)
        case ("t", .bool(let holds)): return filled(String(holds), directive)
        case ("v", .float(let number)) where directive.contains("."):
            return general(number, directive.dropLast() + "g")
        case ("v", _), ("s", .labels): return filled(value.plain, directive)
        // What Go writes for a value that the verb is not for.
        default: return "%!\(verb)(\(value.kind.rawValue)=\(value.plain))"
        }
    }

    /// A text cut to the precision of a directive.
    private static func cut(_ text: String, _ directive: String) -> String {
        guard let point = directive.firstIndex(of: ".") else { return text }
        let digits = directive[directive.index(after: point)...].dropLast()
        return String(text.unicodeScalars.prefix(Int(digits) ?? 0))
    }

    /// A text filled up to the width of a directive.
    private static func filled(_ text: String, _ directive: some StringProtocol) -> String {
        let flagged = directive.dropFirst()
        let width = Int(flagged.drop { !"123456789".contains($0) }.prefix(while: \.isNumber)) ?? 0
        let isCut = flagged.firstIndex(of: ".").map { flagged[..<$0].allSatisfy { !$0.isNumber } } ?? false
        let fill = String(repeating: " ", count: isCut ? 0 : max(0, min(width, 1_000) - text.unicodeScalars.count))
        return flagged.hasPrefix("-") ? text + fill : fill + text
    }

    /// Cuts a format into plain text and directives `%s %v %f %g %e %d %q %t` with flags, width and precision.
    private static func parts(_ format: String) throws(TemplateText.Failure) -> [(text: String, verb: Character?)] {
        var parts: [(text: String, verb: Character?)] = []
        var rest = format[...]
        while let start = rest.firstIndex(of: "%") {
            parts.append((String(rest[..<start]), nil))
            var directive = "%"
            var index = rest.index(after: start)
            while index < rest.endIndex, "+-# 0123456789.".contains(rest[index]), directive.count < 10 {
                directive.append(rest[index])
                index = rest.index(after: index)
            }
            guard index < rest.endIndex, "svfgedqt%".contains(rest[index]) else {
                throw TemplateText.Failure(reason: "printf fills in %s %v %f %g %e %d %q %t only")
            }
            let verb = rest[index]
            parts.append(verb == "%" ? ("%", nil) : (directive + String(verb), verb))
            rest = rest[rest.index(after: index)...]
        }
        parts.append((String(rest), nil))
        return parts
    }

    /// A number through C's formats, which are Go's for `%e %f %g`.
    private static func general(_ value: Double, _ format: some StringProtocol) -> String {
        if value.isFinite { return written(value, String(format)) }
        let text = PromQLNumber.text(value)
        return filled(value.isNaN && format.contains("+") ? "+" + text : text, format)
    }

    private static func integer(_ value: Int, _ directive: String) -> String {
        written(value, directive.dropLast() + "ld")
    }

    private static func written(_ value: any CVarArg, _ format: String) -> String {
        var buffer = [CChar](repeating: 0, count: 512)
        // Safety: vsnprintf writes at most the buffer's size with its final zero; the format has one directive, of the value's type.
        let length = withVaList([value]) { vsnprintf(&buffer, buffer.count, format, $0) }
        return String(
            decoding: buffer.prefix(max(0, min(Int(length), 511))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
