import ArgumentParser
import Shared

/// `label=value`, `label!=value`, `label=~pattern` or `label!~pattern`; the value may stand in double quotes.
struct MatcherArgument: ExpressibleByArgument, Equatable {
    var matcher: SilenceMatcher

    init?(argument: String) {
        let name = argument.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        let rest = argument.dropFirst(name.count)
        guard !name.isEmpty else { return nil }
        // The longer signs first: `=~` also begins with `=`.
        let signs: [SilenceMatcher.Comparison] = [.matches, .matchesNot, .notEqual, .equal]
        guard let sign = signs.first(where: { rest.hasPrefix($0.rawValue) }) else { return nil }
        var value = rest.dropFirst(sign.rawValue.count)
        if value.count >= 2, value.first == "\"", value.last == "\"" { value = value.dropFirst().dropLast() }
        matcher = SilenceMatcher(name: String(name), op: sign, value: String(value))
    }
}
