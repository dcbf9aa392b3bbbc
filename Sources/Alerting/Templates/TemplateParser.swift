import Shared

/// Reads what stands in one action of a template.
struct TemplateParser {
    typealias Failure = TemplateText.Failure

    private var tokens: ArraySlice<TemplateToken>
    private let dots: [TemplateValue.Kind?]
    private let deepest: Int
    private var depth = 0

    init(_ tokens: [TemplateToken], dots: [TemplateValue.Kind?], deepest: Int) {
        self.tokens = tokens[...]
        self.dots = dots
        self.deepest = deepest
    }

    private var dot: TemplateValue.Kind? { dots.last ?? nil }

    mutating func whole() throws(Failure) -> TemplateExpression {
        let expression = try pipeline()
        guard tokens.isEmpty else { throw Failure(reason: ") has no ( before it") }
        return expression
    }

    /// Commands with bars between them: each takes the result of the one before as its last argument.
    private mutating func pipeline() throws(Failure) -> TemplateExpression {
        var expression = try command(piped: nil)
        while tokens.first == .bar {
            tokens.removeFirst()
            expression = try command(piped: expression)
        }
        return expression
    }

    private mutating func command(piped: TemplateExpression?) throws(Failure) -> TemplateExpression {
        guard let first = tokens.first, first != .bar, first != .close else {
            throw Failure(reason: "a command is empty")
        }
        if case .word(let word) = first, let function = TemplateFunction(rawValue: word) {
            tokens.removeFirst()
            var arguments: [TemplateExpression] = []
            while let next = tokens.first, next != .bar, next != .close { arguments.append(try operand()) }
            return try call(function, arguments + (piped.map { [$0] } ?? []))
        }
        if case .word(let word) = first,
            piped != nil || tokens.dropFirst().first.map({ $0 != .bar && $0 != .close }) ?? false
        {
            throw Failure(reason: "\(RuleError.Fault.quoted(word)) is no function that csvand fills in")
        }
        let expression = try operand()
        guard piped == nil, tokens.first.map({ $0 == .bar || $0 == .close }) ?? true else {
            throw Failure(reason: "a value takes no arguments")
        }
        return expression
    }

    private mutating func operand() throws(Failure) -> TemplateExpression {
        switch tokens.removeFirst() {
        case .string(let text): return .constant(.text(text))
        case .word(let word): return try value(of: word)
        case .open:
            depth += 1
            defer { depth -= 1 }
            guard depth <= deepest else { throw Failure(reason: "parentheses stand too deep in each other") }
            let expression = try pipeline()
            guard tokens.popFirst() == .close else { throw Failure(reason: "( has no )") }
            return expression
        case .bar, .close: throw Failure(reason: "a command is empty")
        }
    }

    private func value(of word: String) throws(Failure) -> TemplateExpression {
        switch word {
        case "$value": return .value
        case "$labels": return .labels
        case "$externalLabels": return .constant(.labels([:]))
        case "true", "false": return .constant(.bool(word == "true"))
        case ".":
            guard !dots.isEmpty else { break }
            return .dot
        // Within `with` the dot is another.
        case ".Value" where dots.isEmpty: return .value
        case ".Labels" where dots.isEmpty: return .labels
        case ".ExternalLabels" where dots.isEmpty: return .constant(.labels([:]))
        default:
            for (prefix, table) in [
                ("$labels.", TemplateExpression.labels), (".Labels.", .labels),
                ("$externalLabels.", .constant(.labels([:]))),
                (".ExternalLabels.", .constant(.labels([:]))),
            ] where word.hasPrefix(prefix) && (dots.isEmpty || prefix.hasPrefix("$")) {
                let name = word.dropFirst(prefix.count)
                guard !name.isEmpty, name.unicodeScalars.allSatisfy({ $0.isPromQLLetter || $0.isPromQLDigit }) else {
                    break
                }
                return .entry(of: table, named: String(name))
            }
            if let number = Int(word) { return .constant(.int(number)) }
            if let number = PromQLNumber.value(word), number.isFinite { return .constant(.float(number)) }
        }
        if TemplateFunction(rawValue: word) != nil {
            throw Failure(reason: "\(word) takes arguments: put it in parentheses")
        }
        throw Failure(reason: "\(RuleError.Fault.quoted(word)) is nothing that csvand fills in")
    }

    /// Checks the arguments of a call: what Go would only find out when an alert fires is refused at once.
    private func call(
        _ function: TemplateFunction, _ arguments: [TemplateExpression]
    ) throws(Failure) -> TemplateExpression {
        guard function.arity.contains(arguments.count) else {
            let count = function.arity.lowerBound
            let counted = count == 1 ? "one value" : "\(count) values"
            throw Failure(
                reason: "\(function.rawValue) takes \(function.arity.count == 1 ? "" : "at least ")\(counted)")
        }
        let kinds = arguments.map { $0.kind(dot: dot) }
        switch function {
        case .printf:
            guard case .constant(.text(let format)) = arguments[0] else {
                throw Failure(reason: "printf needs a format")
            }
            let verbs = try TemplateFormat.verbs(format)
            guard verbs == arguments.count - 1 else {
                throw Failure(reason: "printf has \(verbs) verbs and \(arguments.count - 1) values")
            }
        case .match:
            return .match(try pattern(arguments[0], of: function), try text(arguments[1], function))
        case .reReplaceAll:
            guard case .constant(.text(let replacement)) = arguments[1] else {
                throw Failure(reason: "reReplaceAll needs a replacement in quotes")
            }
            return .replace(
                try pattern(arguments[0], of: function), PatternReplacement(replacement, style: .names),
                try text(arguments[2], function))
        case .index:
            guard kinds[0] == .labels, case .constant(.text(let name)) = arguments[1] else {
                throw Failure(reason: "index takes labels and a name in quotes")
            }
            return .entry(of: arguments[0], named: name)
        case .toUpper, .toLower, .title, .stripPort, .parseDuration: _ = try text(arguments[0], function)
        case .len:
            guard kinds[0] == .text || kinds[0] == .labels else { throw Failure(reason: "len takes a text or labels") }
        case .eq, .ne, .lt, .le, .gt, .ge:
            guard let kind = kinds[0], kind != .labels, kinds.allSatisfy({ $0 == kind }),
                kind != .bool || function == .eq || function == .ne
            else {
                throw Failure(
                    reason:
                        "\(function.rawValue) compares values of one kind: write a number beside $value with a point")
            }
        default: break
        }
        return .call(function, arguments)
    }

    private func text(
        _ argument: TemplateExpression, _ function: TemplateFunction
    ) throws(Failure) -> TemplateExpression {
        guard argument.kind(dot: dot) == .text else { throw Failure(reason: "\(function.rawValue) takes a text") }
        return argument
    }

    private func pattern(
        _ argument: TemplateExpression, of function: TemplateFunction
    ) throws(Failure) -> TextPattern {
        guard case .constant(.text(let written)) = argument else {
            throw Failure(reason: "\(function.rawValue) needs a pattern in quotes")
        }
        do throws(TextPattern.Failure) {
            return try TextPattern(written)
        } catch {
            throw Failure(reason: "the pattern \(RuleError.Fault.quoted(written)): \(error.reason)")
        }
    }
}
