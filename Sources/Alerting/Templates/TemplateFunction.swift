import Foundation

/// The functions of templates; what else Prometheus has is refused by name.
///
/// Source: prometheus/template/template.go of 2.42, Go's text/template.
enum TemplateFunction: String, Sendable, CaseIterable {
    case humanize, humanize1024, humanizeDuration, humanizePercentage, humanizeTimestamp
    case printf, print, toUpper, toLower, title, stripPort, parseDuration, match, reReplaceAll
    case and, or, not, eq, ne, lt, le, gt, ge, len, index

    /// How many arguments it takes.
    var arity: ClosedRange<Int> {
        switch self {
        case .printf, .print, .and, .or: 1...20
        case .eq: 2...20
        case .ne, .lt, .le, .gt, .ge, .match, .index: 2...2
        case .reReplaceAll: 3...3
        default: 1...1
        }
    }

    var isComparison: Bool { [.eq, .ne, .lt, .le, .gt, .ge].contains(self) }

    /// - Precondition: `arguments` has as many as `arity` says, and of the kinds that the reader asked for.
    func applied(_ arguments: [TemplateValue]) -> TemplateValue {
        let first = arguments[0]
        switch self {
        case .humanize, .humanize1024, .humanizeDuration, .humanizePercentage, .humanizeTimestamp:
            return .text(TemplateFormat.humanized(first.number, self))
        case .printf: return .text(TemplateFormat.printf(arguments))
        case .print: return .text(TemplateFormat.print(arguments))
        case .toUpper: return .text(first.plain.uppercased())
        case .toLower: return .text(first.plain.lowercased())
        case .title: return .text(Self.titled(first.plain))
        case .stripPort: return .text(Self.withoutPort(first.plain))
        case .parseDuration:
            return .float(PromQLDuration.milliseconds(first.plain).map { Double($0) / 1_000 } ?? .nan)
        case .and: return arguments.first { !$0.holds } ?? arguments[arguments.count - 1]
        case .or: return arguments.first(where: \.holds) ?? arguments[arguments.count - 1]
        case .not: return .bool(!first.holds)
        case .eq: return .bool(arguments.dropFirst().contains { Self.isEqual(first, $0) })
        case .ne: return .bool(!Self.isEqual(first, arguments[1]))
        case .lt: return .bool(Self.isLess(first, arguments[1]))
        case .le: return .bool(Self.isLess(first, arguments[1]) || Self.isEqual(first, arguments[1]))
        case .gt: return .bool(!Self.isLess(first, arguments[1]) && !Self.isEqual(first, arguments[1]))
        case .ge: return .bool(!Self.isLess(first, arguments[1]))
        case .len:
            if case .labels(let labels) = first { return .int(labels.count) }
            return .int(first.plain.utf8.count)
        // The reader makes expressions of their own of these.
        case .match, .reReplaceAll, .index: return first
        }
    }

    private static func isEqual(_ left: TemplateValue, _ right: TemplateValue) -> Bool {
        if case .float(let a) = left, case .float(let b) = right { return a == b }
        return left == right
    }

    private static func isLess(_ left: TemplateValue, _ right: TemplateValue) -> Bool {
        switch (left, right) {
        case (.text(let a), .text(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
        case (.int(let a), .int(let b)): a < b
        default: left.number < right.number
        }
    }

    /// Go's `strings.Title`: words are of letters, digits and underscores.
    private static func titled(_ text: String) -> String {
        var result = ""
        var isWord = false
        for character in text {
            result += isWord ? String(character) : character.uppercased()
            isWord = character.isLetter || character.isNumber || character == "_"
        }
        return result
    }

    /// A host without its port, as Go's `net.SplitHostPort` finds it; what has none stays as it is.
    private static func withoutPort(_ text: String) -> String {
        guard let colon = text.lastIndex(of: ":") else { return text }
        let host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { return String(host.dropFirst().dropLast()) }
        return host.contains(":") || host.contains("[") || host.contains("]") ? text : String(host)
    }
}
