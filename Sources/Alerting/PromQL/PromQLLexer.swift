/// Cuts an expression into tokens.
///
/// Source: prometheus/promql/parser/lex.go of 2.42.
struct PromQLLexer {
    static let lengthLimit = 16_384

    private let scalars: [Unicode.Scalar]
    private var position = 0
    /// Whether a bracket is open: a colon within one divides range and step, elsewhere it begins a word.
    private var isInBrackets = false

    private init(_ text: String) { scalars = Array(text.unicodeScalars) }

    static func tokens(_ text: String) throws(RuleError) -> [PromQLToken] {
        guard text.utf8.count <= lengthLimit else {
            throw RuleError(.tooComplex(limit: lengthLimit), line: 1, column: 1)
        }
        var lexer = PromQLLexer(text)
        var tokens: [PromQLToken] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
        position + ahead < scalars.count ? scalars[position + ahead] : nil
    }

    private func text(from start: Int) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[start..<position])
        return String(view)
    }

    private mutating func skipSpace() {
        while let scalar = peek() {
            if scalar == "#" {
                while let skipped = peek(), skipped != "\n" { position += 1 }
            } else if [" ", "\t", "\n", "\r"].contains(scalar) {
                position += 1
            } else {
                return
            }
        }
    }

    private mutating func next() throws(RuleError) -> PromQLToken {
        skipSpace()
        let start = position
        guard let scalar = peek() else { return PromQLToken(kind: .end, offset: start) }
        switch scalar {
        case "\"", "'", "`": return PromQLToken(kind: .string(try string(scalar)), offset: start)
        case _ where scalar.isPromQLLetter || (scalar == ":" && !isInBrackets): return word(start)
        case _ where scalar.isPromQLDigit: return try number(start)
        case "." where peek(1)?.isPromQLDigit == true: return try number(start)
        default: return try symbol(start, scalar)
        }
    }

    private mutating func word(_ start: Int) -> PromQLToken {
        while let scalar = peek(), scalar.isPromQLLetter || scalar.isPromQLDigit || scalar == ":" { position += 1 }
        let word = text(from: start)
        switch word.lowercased() {
        case "inf": return PromQLToken(kind: .number(.infinity), offset: start)
        case "nan": return PromQLToken(kind: .number(.nan), offset: start)
        default: return PromQLToken(kind: .word(word), offset: start)
        }
    }

    private mutating func number(_ start: Int) throws(RuleError) -> PromQLToken {
        while let scalar = peek() {
            let isExponentSign =
                (scalar == "+" || scalar == "-")
                && (scalars[position - 1] == "e" || scalars[position - 1] == "E") && !text(from: start).hasPrefix("0x")
            guard scalar.isPromQLLetter || scalar.isPromQLDigit || scalar == "." || isExponentSign else { break }
            position += 1
        }
        let text = text(from: start)
        if let value = PromQLNumber.value(text) { return PromQLToken(kind: .number(value), offset: start) }
        if let duration = PromQLDuration.milliseconds(text) {
            return PromQLToken(kind: .duration(duration), offset: start)
        }
        let isDuration = text.contains { "smhdwy".contains($0) } && !text.contains(".")
        throw error(isDuration ? .badDuration(text) : .badNumber(text), at: start)
    }

    private mutating func symbol(_ start: Int, _ first: Unicode.Scalar) throws(RuleError) -> PromQLToken {
        let two = String(String.UnicodeScalarView([first, peek(1) ?? " "]))
        if ["==", "!=", "<=", ">=", "=~", "!~"].contains(two) {
            position += 2
            return PromQLToken(kind: .symbol(two), offset: start)
        }
        guard "(){}[],=<>+-*/%^:@".unicodeScalars.contains(first) else {
            throw error(.unexpected(found: RuleError.Fault.quoted(String(first)), expected: "an expression"), at: start)
        }
        position += 1
        if first == "[" || first == "]" { isInBrackets = first == "[" }
        return PromQLToken(kind: .symbol(String(first)), offset: start)
    }

    private mutating func string(_ quote: Unicode.Scalar) throws(RuleError) -> String {
        let start = position
        position += 1
        var value = String.UnicodeScalarView()
        while let scalar = peek() {
            position += 1
            if scalar == quote { return String(value) }
            if scalar == "\n", quote != "`" { break }
            if scalar == "\\", quote != "`" {
                value.append(try escape(quote))
            } else {
                value.append(scalar)
            }
        }
        throw error(.unterminatedString, at: start)
    }

    /// The scalar that an escape stands for; the position is after the backslash.
    private mutating func escape(_ quote: Unicode.Scalar) throws(RuleError) -> Unicode.Scalar {
        let start = position - 1
        guard let kind = peek() else { throw error(.unterminatedString, at: start) }
        position += 1
        let plain: [Unicode.Scalar: Unicode.Scalar] = [
            "a": "\u{7}", "b": "\u{8}", "f": "\u{c}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{b}", "\\": "\\",
        ]
        if let scalar = plain[kind] { return scalar }
        if kind == quote { return quote }
        let (count, radix): (Int, Int) =
            switch kind {
            case "x": (2, 16)
            case "u": (4, 16)
            case "U": (8, 16)
            case "0"..."7": (3, 8)
            default: (0, 0)
            }
        if radix == 8 { position -= 1 }
        let digits = position
        position = min(position + count, scalars.count)
        let text = text(from: digits)
        if count > 0, text.unicodeScalars.count == count, let code = UInt32(text, radix: radix),
            let scalar = Unicode.Scalar(code)
        {
            return scalar
        }
        position = min(start + 2, scalars.count)
        throw error(
            .unexpected(found: "escape \(RuleError.Fault.quoted(self.text(from: start)))", expected: "a known escape"),
            at: start)
    }

    private func error(_ fault: RuleError.Fault, at offset: Int) -> RuleError {
        PromQLPlace.error(fault, at: offset, in: scalars)
    }
}

extension Unicode.Scalar {
    var isPromQLLetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) || self == "_" }
    var isPromQLDigit: Bool { ("0"..."9").contains(self) }
}

/// Turns offsets of an expression into lines and columns.
enum PromQLPlace {
    static func error(_ fault: RuleError.Fault, at offset: Int, in scalars: [Unicode.Scalar]) -> RuleError {
        let before = scalars[..<min(offset, scalars.count)]
        let line = before.count { $0 == "\n" } + 1
        let column = before.count - (before.lastIndex(of: "\n").map { $0 + 1 } ?? 0) + 1
        return RuleError(fault, line: line, column: column)
    }
}
