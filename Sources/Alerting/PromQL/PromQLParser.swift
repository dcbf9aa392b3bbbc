import Telemetry

/// Reads tokens into a checked expression, by precedence climbing.
///
/// Source: prometheus/promql/parser/generated_parser.y and parse.go of 2.42.
struct PromQLParser {
    /// Most operators and calls of an expression: evaluation recurses over them.
    static let partsLimit = 250

    private let tokens: [PromQLToken]
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var parts = 0
    private(set) var selectorCount = 0

    init(_ text: String, tokens: [PromQLToken]) {
        self.tokens = tokens
        scalars = Array(text.unicodeScalars)
    }

    mutating func parse() throws(RuleError) -> PromQLNode {
        let node = try expression(1)
        guard current.kind == .end else { throw unexpected("an operator or the end") }
        return node
    }

    // MARK: Tokens

    var current: PromQLToken { tokens[position] }

    mutating func advance() { if position < tokens.count - 1 { position += 1 } }

    func isSymbol(_ symbol: String) -> Bool { current.kind == .symbol(symbol) }

    mutating func take(_ symbol: String) -> Bool {
        guard isSymbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func expect(_ symbol: String) throws(RuleError) {
        guard take(symbol) else { throw unexpected(RuleError.Fault.quoted(symbol)) }
    }

    /// The current word in lower case, for keywords.
    var keyword: String? { if case .word(let word) = current.kind { word.lowercased() } else { nil } }

    mutating func takeKeyword(_ word: String) -> Bool {
        guard keyword == word else { return false }
        advance()
        return true
    }

    func unexpected(_ expected: String) -> RuleError {
        error(.unexpected(found: current.text, expected: expected), at: current.offset)
    }

    func error(_ fault: RuleError.Fault, at offset: Int) -> RuleError {
        PromQLPlace.error(fault, at: offset, in: scalars)
    }

    /// Counts a part of the expression against the limit.
    mutating func countPart() throws(RuleError) {
        parts += 1
        if parts > Self.partsLimit { throw error(.tooComplex(limit: Self.partsLimit), at: current.offset) }
    }

    mutating func nextSelector() -> Int {
        selectorCount += 1
        return selectorCount - 1
    }

    // MARK: Operators

    private var currentOperator: PromQLOperator? {
        switch current.kind {
        case .symbol(let symbol): PromQLOperator(rawValue: symbol)
        case .word(let word): PromQLOperator(rawValue: word.lowercased())
        default: nil
        }
    }

    /// An expression of operators that bind at least as tightly as `least`.
    mutating func expression(_ least: Int) throws(RuleError) -> PromQLNode {
        try countPart()
        var left = try unary()
        while true {
            guard let op = currentOperator, op.precedence >= least else { return left }
            try countPart()
            let place = current.offset
            advance()
            let (returnsBool, matching) = try modifiers(op, at: place)
            // Only the power associates to the right.
            let right = try expression(op == .power ? op.precedence : op.precedence + 1)
            left = try checkedBinary(op, left, right, returnsBool, matching, at: place)
        }
    }

    /// Signs bind as tightly as multiplication, so that `-1^2` is `-(1^2)`.
    private mutating func unary() throws(RuleError) -> PromQLNode {
        let place = current.offset
        let isNegative = isSymbol("-")
        guard isNegative || isSymbol("+") else { return try operand() }
        advance()
        let node = try expression(PromQLOperator.power.precedence)
        guard node.type == .scalar || node.type == .vector else {
            throw error(
                .wrongType(
                    what: "the operand of a sign", expected: "a scalar or an instant vector", found: node.type.phrase),
                at: place)
        }
        if !isNegative { return node }
        if case .number(let value) = node { return .number(-value) }
        return .negate(node)
    }

    private mutating func modifiers(_ op: PromQLOperator, at place: Int) throws(RuleError) -> (Bool, VectorMatching?) {
        var returnsBool = false
        if keyword == "bool" {
            guard op.isComparison else {
                throw error(.badMatching("bool belongs to a comparison"), at: current.offset)
            }
            advance()
            returnsBool = true
        }
        guard keyword == "on" || keyword == "ignoring" else { return (returnsBool, nil) }
        var matching = VectorMatching()
        matching.isOn = keyword == "on"
        advance()
        matching.labels = try labelList()
        if keyword == "group_left" || keyword == "group_right" {
            guard !op.isSet else {
                throw error(.badMatching("\(op.rawValue) takes no group_left or group_right"), at: current.offset)
            }
            matching.cardinality = keyword == "group_left" ? .manyToOne : .oneToMany
            advance()
            if isSymbol("(") { matching.include = try labelList() }
            if matching.isOn, let both = matching.include.first(where: matching.labels.contains) {
                throw error(.badMatching("label \(both) stands in on and in the group modifier"), at: place)
            }
        }
        return (returnsBool, matching)
    }

    mutating func labelList() throws(RuleError) -> [String] {
        try expect("(")
        var labels: [String] = []
        while !take(")") {
            guard case .word(let name) = current.kind, !name.contains(":") else { throw unexpected("a label name") }
            labels.append(name)
            advance()
            if !take(","), !isSymbol(")") { throw unexpected("\",\" or \")\"") }
        }
        return labels
    }

    private func checkedBinary(
        _ op: PromQLOperator, _ left: PromQLNode, _ right: PromQLNode, _ returnsBool: Bool, _ matching: VectorMatching?,
        at place: Int
    ) throws(RuleError) -> PromQLNode {
        for side in [left, right] where side.type != .scalar && side.type != .vector {
            throw error(
                .wrongType(
                    what: "an operand of \(op.rawValue)", expected: "a scalar or an instant vector",
                    found: side.type.phrase), at: place)
        }
        let areVectors = left.type == .vector && right.type == .vector
        if op.isSet, !areVectors {
            throw error(
                .wrongType(what: "an operand of \(op.rawValue)", expected: "an instant vector", found: "a scalar"),
                at: place)
        }
        if op.isComparison, !returnsBool, left.type == .scalar, right.type == .scalar {
            throw error(.badMatching("a comparison between scalars needs bool"), at: place)
        }
        if matching != nil, !areVectors {
            throw error(.badMatching("on and ignoring belong between instant vectors"), at: place)
        }
        var resolved = matching ?? VectorMatching()
        if op.isSet { resolved.cardinality = .manyToMany }
        return .binary(op, left, right, returnsBool: returnsBool, resolved)
    }
}
