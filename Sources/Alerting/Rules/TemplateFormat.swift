import Foundation

/// Numbers as Prometheus's template functions write them.
///
/// Source: prometheus/template/template.go of 2.42.
enum TemplateFormat {
    static func humanized(_ value: Double, _ function: TemplateText.Function) -> String {
        switch function {
        case .humanize: return humanize(value)
        case .humanize1024: return humanize1024(value)
        case .humanizeDuration: return duration(value)
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

    /// The number of values a format takes.
    static func verbs(_ format: String) throws(TemplateText.Failure) -> Int {
        try parts(format).count { $0.verb != nil }
    }

    static func printf(_ arguments: [TemplateText.Value]) -> String {
        guard case .text(let format)? = arguments.first, let parts = try? parts(format) else { return "" }
        var values = arguments.dropFirst()
        return parts.map { part in
            guard let verb = part.verb else { return part.text }
            guard let value = values.popFirst() else { return "" }
            switch (value, verb) {
            case (.text(let text), _): return text
            case (.number(let number), "v"), (.number(let number), "s"): return PromQLNumber.text(number)
            case (.number(let number), _): return general(number, part.text)
            }
        }.joined()
    }

    /// Cuts a format into plain text and directives `%s %v %f %g %e` with flags, width and precision.
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
            guard index < rest.endIndex, "svfge%".contains(rest[index]) else {
                throw TemplateText.Failure(reason: "printf fills in %s %v %f %g %e only")
            }
            let verb = rest[index]
            parts.append(verb == "%" ? ("%", nil) : (directive + String(verb), verb))
            rest = rest[rest.index(after: index)...]
        }
        parts.append((String(rest), nil))
        return parts
    }

    /// A number through C's formats, which are Go's for `%e %f %g`.
    private static func general(_ value: Double, _ format: String) -> String {
        if !value.isFinite { return PromQLNumber.text(value) }
        var buffer = [CChar](repeating: 0, count: 512)
        // Safety: vsnprintf writes at most the buffer's size with its final zero; the format has one directive for one double.
        let length = withVaList([value]) { vsnprintf(&buffer, buffer.count, format, $0) }
        return String(
            decoding: buffer.prefix(max(0, min(Int(length), 511))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
