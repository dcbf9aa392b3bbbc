import Shared
import Telemetry

extension PromQLParser {
    /// What operators stand between, with `[range]`, `[range:step]`, `offset` and `@` behind it.
    mutating func operand() throws(RuleError) -> PromQLNode {
        var node = try primary()
        while true {
            if isSymbol("[") {
                node = try rangeSuffix(node)
            } else if keyword == "offset" {
                node = try offsetSuffix(node)
            } else if isSymbol("@") {
                node = try anchorSuffix(node)
            } else {
                return node
            }
        }
    }

    private mutating func primary() throws(RuleError) -> PromQLNode {
        let token = current
        switch token.kind {
        case .number(let value):
            advance()
            return .number(value)
        case .string(let value):
            advance()
            return .string(value)
        case .symbol("("):
            advance()
            let node = try expression(1)
            try expect(")")
            return node
        case .symbol("{"): return try selector(name: nil, at: token.offset)
        case .word(let word):
            advance()
            return try named(word, at: token.offset)
        default: throw unexpected("an expression")
        }
    }

    /// A word is an aggregation, a call or a metric.
    private mutating func named(_ word: String, at place: Int) throws(RuleError) -> PromQLNode {
        let lower = word.lowercased()
        let opensClause = isSymbol("(") || keyword == "by" || keyword == "without"
        if let aggregation = PromQLAggregation(rawValue: lower), opensClause {
            return try aggregate(aggregation, at: place)
        }
        if opensClause, PromQLFunction.refused.contains(lower) {
            throw error(.unsupported(word), at: place)
        }
        guard isSymbol("(") else { return try selector(name: word, at: place) }
        guard let function = PromQLFunction(rawValue: word) else {
            let known = PromQLFunction.allCases.map(\.rawValue) + PromQLAggregation.allCases.map(\.rawValue)
            throw error(.unknownFunction(word, nearest: Spelling.nearest(to: word, among: known)), at: place)
        }
        return try call(function, at: place)
    }

    // MARK: Selectors

    private mutating func selector(name: String?, at place: Int) throws(RuleError) -> PromQLNode {
        var matchers: [LabelMatcher] = []
        if take("{") {
            while !take("}") {
                matchers.append(try matcher())
                if !take(","), !isSymbol("}") { throw unexpected("\",\" or \"}\"") }
            }
        }
        var metric = name
        if name != nil, let repeated = matchers.first(where: { $0.name == LabelSet.metricName }) {
            throw error(.badMatching("the metric name is set twice"), at: repeated.offset)
        }
        if name == nil,
            let index = matchers.firstIndex(where: {
                $0.name == LabelSet.metricName && $0.condition == .equal && !$0.value.isEmpty
            })
        {
            metric = matchers.remove(at: index).value
        }
        guard metric != nil || matchers.contains(where: { !$0.accepts("") }) else {
            throw error(.emptySelector, at: place)
        }
        return .selector(
            PromQLSelector(
                id: nextSelector(), name: metric, matchers: matchers, isNamed: name != nil, offset: place))
    }

    private mutating func matcher() throws(RuleError) -> LabelMatcher {
        let place = current.offset
        guard case .word(let name) = current.kind, !name.contains(":") else { throw unexpected("a label name") }
        advance()
        guard case .symbol(let symbol) = current.kind, let condition = LabelMatcher.Condition(rawValue: symbol) else {
            throw unexpected("one of = != =~ !~")
        }
        advance()
        guard case .string(let value) = current.kind else { throw unexpected("a string") }
        let valuePlace = current.offset
        advance()
        var pattern: TextPattern?
        if condition == .matches || condition == .matchesNot {
            do throws(TextPattern.Failure) {
                pattern = try TextPattern(value)
            } catch {
                throw self.error(.badRegex(pattern: value, reason: error.reason), at: valuePlace)
            }
        }
        return LabelMatcher(name: name, condition: condition, value: value, pattern: pattern, offset: place)
    }

    // MARK: Calls and aggregations

    private mutating func arguments() throws(RuleError) -> [(node: PromQLNode, offset: Int)] {
        try expect("(")
        var found: [(node: PromQLNode, offset: Int)] = []
        while !take(")") {
            let place = current.offset
            found.append((try expression(1), place))
            if take(",") {
                if isSymbol(")") { throw unexpected("an expression") }
            } else if !isSymbol(")") {
                throw unexpected("\",\" or \")\"")
            }
        }
        return found
    }

    private mutating func call(_ function: PromQLFunction, at place: Int) throws(RuleError) -> PromQLNode {
        try countPart()
        let found = try arguments()
        let types = function.arguments
        let least = types.count - function.optionalArguments
        guard found.count >= least, function.isVariadic || found.count <= types.count else {
            let number =
                function.isVariadic
                ? "at least \(least)" : least == types.count ? "\(least)" : "\(least) or \(types.count)"
            throw error(
                .argumentCount(
                    function: function.rawValue, expected: number + (number == "1" ? " argument" : " arguments"),
                    found: found.count), at: place)
        }
        for (index, (argument, offset)) in found.enumerated() {
            let type = types[min(index, types.count - 1)]
            if argument.type == type { continue }
            throw error(
                .wrongType(
                    what: "an argument of \(function.rawValue)", expected: type.phrase, found: argument.type.phrase),
                at: offset)
        }
        try checkTexts(function, found)
        return .call(function, found.map(\.node))
    }

    private mutating func aggregate(_ aggregation: PromQLAggregation, at place: Int) throws(RuleError) -> PromQLNode {
        try countPart()
        var grouping = try groupingClause()
        let found = try arguments()
        if grouping == nil { grouping = try groupingClause() }
        let expected = aggregation.parameter == nil ? 1 : 2
        guard found.count == expected else {
            throw error(
                .argumentCount(
                    function: aggregation.rawValue, expected: expected == 1 ? "1 argument" : "2 arguments",
                    found: found.count), at: place)
        }
        let operand = found[expected - 1]
        guard operand.node.type == .vector else {
            throw error(
                .wrongType(
                    what: "the argument of \(aggregation.rawValue)", expected: "an instant vector",
                    found: operand.node.type.phrase), at: operand.offset)
        }
        if let type = aggregation.parameter, found[0].node.type != type {
            throw error(
                .wrongType(
                    what: "the first argument of \(aggregation.rawValue)", expected: type.phrase,
                    found: found[0].node.type.phrase), at: found[0].offset)
        }
        if aggregation == .countValues, case .string(let label) = found[0].node, !Self.isLabelName(label) {
            throw error(.badLabelName(label), at: found[0].offset)
        }
        return .aggregate(
            aggregation, operand.node, parameter: expected == 2 ? found[0].node : nil,
            isWithout: grouping?.isWithout ?? false, labels: grouping?.labels ?? [])
    }

    private mutating func groupingClause() throws(RuleError) -> (isWithout: Bool, labels: [String])? {
        if takeKeyword("by") { return (false, try labelList()) }
        if takeKeyword("without") { return (true, try labelList()) }
        return nil
    }
}
