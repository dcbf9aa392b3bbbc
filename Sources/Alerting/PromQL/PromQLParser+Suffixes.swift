import Shared
import Telemetry

/// What stands behind a selector or an expression: `[range]`, `[range:step]`, `offset` and `@`.
///
/// Source: prometheus/promql/parser/parse.go of 2.42, `addOffset`, `setTimestamp`, `subquery`.
extension PromQLParser {
    mutating func rangeSuffix(_ node: PromQLNode) throws(RuleError) -> PromQLNode {
        let place = current.offset
        advance()
        let range = try positiveDuration()
        if take(":") { return try subquerySuffix(node, rangeMilliseconds: range, at: place) }
        try expect("]")
        guard case .selector(let selector) = node else {
            throw error(
                .wrongType(what: "what stands before [", expected: "a selector", found: node.type.phrase), at: place)
        }
        guard selector.shift == PromQLShift() else {
            throw error(.badMatching("offset and @ stand behind the range"), at: place)
        }
        return .range(selector, milliseconds: range)
    }

    private mutating func subquerySuffix(
        _ node: PromQLNode, rangeMilliseconds: Int64, at place: Int
    ) throws(RuleError) -> PromQLNode {
        let step = isSymbol("]") ? nil : try positiveDuration()
        try expect("]")
        guard node.type == .vector else {
            throw error(
                .wrongType(
                    what: "the expression of a sub-query", expected: "an instant vector", found: node.type.phrase),
                at: place)
        }
        try countPart()
        if node.predictsFromAnchor {
            // Prometheus 2.42 evaluates it at other times than it says; no result would be the right one.
            throw error(.unsupported("predict_linear over @ within a sub-query"), at: place)
        }
        return .subquery(
            PromQLSubquery(expression: node, rangeMilliseconds: rangeMilliseconds, stepMilliseconds: step))
    }

    private mutating func positiveDuration() throws(RuleError) -> Int64 {
        guard case .duration(let duration) = current.kind else { throw unexpected("a duration") }
        guard duration > 0 else { throw error(.badDuration("0"), at: current.offset) }
        advance()
        return duration
    }

    mutating func offsetSuffix(_ node: PromQLNode) throws(RuleError) -> PromQLNode {
        let place = current.offset
        advance()
        let isNegative = take("-")
        let amount = try positiveDuration()
        return try shifting(node, "offset", at: place) { shift in
            guard shift.offsetMilliseconds == 0 else { return false }
            shift.offsetMilliseconds = isNegative ? -amount : amount
            return true
        }
    }

    mutating func anchorSuffix(_ node: PromQLNode) throws(RuleError) -> PromQLNode {
        let place = current.offset
        advance()
        let anchor = try anchor()
        return try shifting(node, "@", at: place) { shift in
            guard shift.anchor == nil else { return false }
            shift.anchor = anchor
            return true
        }
    }

    private mutating func anchor() throws(RuleError) -> PromQLShift.Anchor {
        for (word, anchor) in [("start", PromQLShift.Anchor.start), ("end", .end)] where keyword == word {
            advance()
            try expect("(")
            try expect(")")
            return anchor
        }
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        guard case .number(let seconds) = current.kind else { throw unexpected("a time in seconds, start() or end()") }
        guard seconds.magnitude <= Self.largestSeconds else {
            throw error(.badNumber(current.text), at: current.offset)
        }
        advance()
        return .time(Int64(((isNegative ? -seconds : seconds) * 1_000).rounded()))
    }

    /// Times beyond some thirty thousand years are no times; sums with durations stay far from overflow.
    private static let largestSeconds = 1e12

    private func shifting(
        _ node: PromQLNode, _ what: String, at place: Int, _ change: (inout PromQLShift) -> Bool
    ) throws(RuleError) -> PromQLNode {
        switch node {
        case .selector(var selector):
            if change(&selector.shift) { return .selector(selector) }
        case .range(var selector, let range):
            if change(&selector.shift) { return .range(selector, milliseconds: range) }
        case .subquery(var subquery):
            if change(&subquery.shift) { return .subquery(subquery) }
        default: break
        }
        throw error(.badMatching("\(what) belongs once, directly behind a selector or a sub-query"), at: place)
    }

    // MARK: Texts

    /// Checks the arguments that are labels and patterns, as far as they are known before evaluation: always, since a text
    /// is a literal.
    func checkTexts(
        _ function: PromQLFunction, _ arguments: [(node: PromQLNode, offset: Int)]
    ) throws(RuleError) {
        let names: [Int] =
            switch function {
            case .labelReplace: [1]
            case .labelJoin: [1] + Array(arguments.indices.dropFirst(3))
            default: []
            }
        for index in names {
            if case .string(let label) = arguments[index].node, !Self.isLabelName(label) {
                throw error(.badLabelName(label), at: arguments[index].offset)
            }
        }
        guard function == .labelReplace, case .string(let pattern) = arguments[4].node else { return }
        do throws(TextPattern.Failure) {
            _ = try TextPattern(pattern)
        } catch {
            throw self.error(.badRegex(pattern: pattern, reason: error.reason), at: arguments[4].offset)
        }
    }

    static func isLabelName(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, first.isPromQLLetter else { return false }
        return name.unicodeScalars.allSatisfy { $0.isPromQLLetter || $0.isPromQLDigit }
    }
}

extension PromQLNode {
    /// Whether it holds a `predict_linear` over samples that `@` fixes.
    fileprivate var predictsFromAnchor: Bool {
        switch self {
        case .call(.predictLinear, let arguments):
            switch arguments[0] {
            case .range(let selector, _): selector.shift.anchor != nil
            case .subquery(let subquery): subquery.shift.anchor != nil
            default: false
            }
        case .call(_, let arguments): arguments.contains(where: \.predictsFromAnchor)
        case .subquery(let subquery): subquery.expression.predictsFromAnchor
        case .negate(let operand): operand.predictsFromAnchor
        case .binary(_, let left, let right, _, _): left.predictsFromAnchor || right.predictsFromAnchor
        case .aggregate(_, let operand, let parameter, _, _):
            operand.predictsFromAnchor || parameter?.predictsFromAnchor == true
        case .number, .string, .selector, .range: false
        }
    }
}
