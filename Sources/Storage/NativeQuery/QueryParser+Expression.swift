import Shared

extension QueryParser {
    private static let depthLimit = 60

    /// An expression of any kind.
    mutating func expression() throws(NativeRefusal) -> QueryExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.depthLimit else { throw NativeRefusal("depth") }
        var left = try conjunction()
        while take("or") { left = .or(left, try conjunction()) }
        return left
    }

    private mutating func conjunction() throws(NativeRefusal) -> QueryExpression {
        var left = try negation()
        while take("and") { left = .and(left, try negation()) }
        return left
    }

    private mutating func negation() throws(NativeRefusal) -> QueryExpression {
        var count = 0
        while take("not") { count += 1 }
        var inner = try equality()
        guard count < Self.depthLimit else { throw NativeRefusal("depth") }
        for _ in 0..<count { inner = .not(inner) }
        return inner
    }

    private mutating func equality() throws(NativeRefusal) -> QueryExpression {
        let left = try comparison()
        var result = left
        if take(symbol: "=") {
            _ = adjoins("=")
            result = .compare(.equal, left, try comparison())
        } else if isSymbol("!", at: position), followedTightly(by: "=") {
            position += 2
            result = .compare(.notEqual, left, try comparison())
        } else if isSymbol("<", at: position), followedTightly(by: ">") {
            position += 2
            result = .compare(.notEqual, left, try comparison())
        } else if take("is") {
            let negated = take("not")
            try expect("null")
            result = negated ? .not(.isNull(left)) : .isNull(left)
        } else if take("isnull") {
            result = .isNull(left)
        } else if take("notnull") {
            result = .not(.isNull(left))
        } else {
            let negated = isWord("not", at: position)
            if negated { position += 1 }
            if let found = try membership(of: left) {
                result = negated ? .not(found) : found
            } else if negated {
                throw NativeRefusal("NOT after a value")
            }
        }
        // A second comparison would compare the first one's truth value.
        return result
    }

    /// `IN (...)`, `LIKE`, `BETWEEN`.
    private mutating func membership(of left: QueryExpression) throws(NativeRefusal) -> QueryExpression? {
        if take("in") {
            guard take(symbol: "(") else { throw NativeRefusal("IN of something else than a list") }
            var values: [QueryExpression] = []
            repeat { values.append(try expression()) } while take(symbol: ",")
            guard take(symbol: ")") else { throw NativeRefusal("IN of something else than a list") }
            return .among(left, values)
        }
        if take("like") { return .like(left, try comparison()) }
        if take("between") {
            let low = try comparison()
            try expect("and")
            let high = try comparison()
            return .between(left, low, high)
        }
        return nil
    }

    private mutating func comparison() throws(NativeRefusal) -> QueryExpression {
        let left = try sum()
        for (symbol, plain, orEqual) in [
            ("<", QueryExpression.Comparison.less, QueryExpression.Comparison.lessOrEqual),
            (">", .greater, .greaterOrEqual),
        ] where isSymbol(symbol, at: position) {
            if followedTightly(by: "=") {
                position += 2
                return .compare(orEqual, left, try sum())
            }
            // `<>` is of another rank; shifts are not known.
            if followedTightly(by: ">") && symbol == "<" { return left }
            if followedTightly(by: symbol) { throw NativeRefusal("shift") }
            position += 1
            return .compare(plain, left, try sum())
        }
        return left
    }

    private mutating func sum() throws(NativeRefusal) -> QueryExpression {
        var left = try product()
        while isSymbol("+", at: position) || isSymbol("-", at: position) {
            // `->` takes a member of JSON.
            if isSymbol("-", at: position), followedTightly(by: ">") { throw NativeRefusal("JSON operator") }
            let operation: QueryExpression.Arithmetic = isSymbol("+", at: position) ? .add : .subtract
            position += 1
            left = .arithmetic(operation, left, try product())
        }
        return left
    }

    private mutating func product() throws(NativeRefusal) -> QueryExpression {
        var left = try unary()
        while position < tokens.count, tokens[position].kind == .symbol,
            let symbol = tokens[position].text.first, "*/%".contains(symbol),
            let operation = QueryExpression.Arithmetic(rawValue: symbol)
        {
            position += 1
            left = .arithmetic(operation, left, try unary())
        }
        return left
    }

    private mutating func unary() throws(NativeRefusal) -> QueryExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.depthLimit else { throw NativeRefusal("depth") }
        if take(symbol: "-") {
            switch try unary() {
            case .integer(let value) where value != .min: return .integer(-value)
            case .real(let value): return .real(-value)
            case let inner: return .negate(inner)
            }
        }
        if take(symbol: "+") { return .plus(try unary()) }
        return try primary()
    }

    /// A literal, a parameter, a name, a call, or an expression in parentheses.
    mutating func primary() throws(NativeRefusal) -> QueryExpression {
        guard position < tokens.count else { throw NativeRefusal("end of the query") }
        let token = tokens[position]
        switch token.kind {
        case .number: return try number()
        case .string:
            position += 1
            return .text(Array(token.text.utf8))
        case .symbol:
            if take(symbol: "(") {
                let inner = try expression()
                guard take(symbol: ")") else { throw NativeRefusal("parentheses") }
                return inner
            }
            return try parameter()
        case .word where isSymbol("(", at: position + 1): return try call()
        case .word where isWord("null", at: position):
            position += 1
            return .null
        case .word where isWord("true", at: position) || isWord("false", at: position):
            position += 1
            return .truth(isWord("true", at: position - 1))
        case .word, .quotedName:
            let first = try name()
            guard take(symbol: ".") else { return .name(table: nil, name: first) }
            return .name(table: first, name: try name())
        case .unterminated: throw NativeRefusal("a quote does not end")
        }
    }

    /// Digits, with or without decimals; exponents and hexadecimal digits are left to SQLite.
    private mutating func number() throws(NativeRefusal) -> QueryExpression {
        let text = tokens[position].text
        position += 1
        if text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int64(text) { return .integer(value) }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        // So many digits both sides read alike.
        guard parts.count == 2, text.utf8.count <= 16,
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }), let value = Double(text)
        else { throw NativeRefusal("number") }
        return .real(value)
    }

    private mutating func parameter() throws(NativeRefusal) -> QueryExpression {
        guard take(symbol: "?"), parametersUsed < parameters.count else { throw NativeRefusal("symbol") }
        // `?1` has a place of its own.
        if position < tokens.count, tokens[position].kind == .number,
            tokens[position].range.lowerBound == tokens[position - 1].range.upperBound
        {
            throw NativeRefusal("numbered parameter")
        }
        parametersUsed += 1
        switch parameters[parametersUsed - 1] {
        case .null: return .null
        case .bool(let value): return .integer(value ? 1 : 0)
        case .integer(let value): return .integer(value)
        case .number(let value) where value.isFinite: return .real(value)
        case .string(let text) where !text.utf8.contains(0): return .text(Array(text.utf8))
        default: throw NativeRefusal("parameter")
        }
    }

    private mutating func call() throws(NativeRefusal) -> QueryExpression {
        let name = tokens[position].text.asciiLowercased
        position += 2
        if take(symbol: "*") {
            guard take(symbol: ")") else { throw NativeRefusal("call") }
            return .call(name, distinct: false, arguments: nil)
        }
        let distinct = take("distinct")
        var arguments: [QueryExpression] = []
        repeat { arguments.append(try expression()) } while take(symbol: ",")
        guard take(symbol: ")") else { throw NativeRefusal("call") }
        return .call(name, distinct: distinct, arguments: arguments)
    }

    /// Whether the symbol at the position and the next token are `symbol` without space between.
    private func followedTightly(by symbol: String) -> Bool {
        isSymbol(symbol, at: position + 1)
            && tokens[position].range.upperBound == tokens[position + 1].range.lowerBound
    }

    /// Takes the second sign of `==`.
    private mutating func adjoins(_ symbol: String) -> Bool {
        guard isSymbol(symbol, at: position),
            tokens[position - 1].range.upperBound == tokens[position].range.lowerBound
        else { return false }
        position += 1
        return true
    }
}
