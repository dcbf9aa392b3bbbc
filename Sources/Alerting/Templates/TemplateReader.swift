/// Reads the text of a template into nodes.
struct TemplateReader {
    typealias Failure = TemplateText.Failure

    /// What stands between `{{` and `}}`.
    private enum Action {
        case output([TemplateToken])
        case begin(setsDot: Bool, condition: [TemplateToken])
        case otherwise(condition: [TemplateToken]?)
        case end
    }

    /// Blocks and parentheses within each other: no stack may be used up.
    private static let deepest = 20

    private var rest: Substring
    /// Text was cut off by `-}}`, and so the next one loses its spaces.
    private var trimsNext = false
    private var depth = 0
    /// The kinds of the dots of the `with` blocks around; outside of them the dot is what Prometheus gives.
    private var dots: [TemplateValue.Kind?] = []

    init(_ text: String) { rest = text[...] }

    mutating func nodes() throws(Failure) -> [TemplateNode] {
        var nodes: [TemplateNode] = []
        if let action = try block(into: &nodes) {
            switch action {
            case .end: throw Failure(reason: "end has no if or with before it")
            default: throw Failure(reason: "else has no if or with before it")
            }
        }
        return nodes
    }

    /// Reads up to the text's end, or to the `else` or `end` that closes the block, which is returned.
    private mutating func block(into nodes: inout [TemplateNode]) throws(Failure) -> Action? {
        while let action = try next(&nodes) {
            switch action {
            case .output(let tokens):
                var parser = TemplateParser(tokens, dots: dots, deepest: Self.deepest)
                nodes.append(.output(try parser.whole()))
            case .begin(let setsDot, let condition): nodes.append(try branch(setsDot, condition))
            case .otherwise, .end: return action
            }
        }
        return nil
    }

    private mutating func branch(_ setsDot: Bool, _ condition: [TemplateToken]) throws(Failure) -> TemplateNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw Failure(reason: "blocks stand too deep in each other") }
        var parser = TemplateParser(condition, dots: dots, deepest: Self.deepest)
        let expression = try parser.whole()
        var (then, otherwise): ([TemplateNode], [TemplateNode]) = ([], [])
        if setsDot { dots.append(expression.kind(dot: dots.last ?? nil)) }
        let closing = try block(into: &then)
        if setsDot { dots.removeLast() }
        switch closing {
        case nil: throw Failure(reason: "\(setsDot ? "with" : "if") has no end")
        case .otherwise(let condition?):
            guard !setsDot else { throw Failure(reason: "else of a with takes no condition") }
            otherwise = [try branch(false, condition)]
            return .branch(expression, setsDot: setsDot, then: then, otherwise: otherwise)
        case .otherwise(nil):
            guard case .end? = try block(into: &otherwise) else {
                throw Failure(reason: "\(setsDot ? "with" : "if") has no end")
            }
        default: break
        }
        return .branch(expression, setsDot: setsDot, then: then, otherwise: otherwise)
    }

    /// Appends the text before the next action and returns the action; nil at the end.
    private mutating func next(_ nodes: inout [TemplateNode]) throws(Failure) -> Action? {
        while true {
            guard let open = rest.firstRange(of: "{{") else {
                append(rest, trimsEnd: false, to: &nodes)
                rest = ""
                return nil
            }
            let plain = rest[..<open.lowerBound]
            rest = rest[open.upperBound...]
            let trimsEnd = rest.hasPrefix("- ")
            if trimsEnd { rest = rest.dropFirst() }
            append(plain, trimsEnd: trimsEnd, to: &nodes)
            let isComment = rest.drop(while: \.isWhitespace).hasPrefix("/*")
            if isComment {
                guard let close = rest.firstRange(of: "*/") else { throw Failure(reason: "a comment has no end") }
                rest = rest[close.upperBound...]
            }
            let tokens = try TemplateToken.read(&rest, trimsNext: &trimsNext)
            if let action = try Self.action(tokens, isComment: isComment) { return action }
        }
    }

    private mutating func append(_ text: Substring, trimsEnd: Bool, to nodes: inout [TemplateNode]) {
        var text = text
        if trimsNext { text = text.drop(while: \.isWhitespace) }
        if trimsEnd { while text.last?.isWhitespace == true { text.removeLast() } }
        if !text.isEmpty { nodes.append(.text(String(text))) }
        trimsNext = false
    }

    /// Nil for an action that is nothing but a comment.
    private static func action(_ tokens: [TemplateToken], isComment: Bool) throws(Failure) -> Action? {
        if isComment {
            guard tokens.isEmpty else { throw Failure(reason: "after a comment stands nothing") }
            return nil
        }
        guard case .word(let word)? = tokens.first else { return .output(tokens) }
        let others = Array(tokens.dropFirst())
        switch word {
        case "if": return .begin(setsDot: false, condition: others)
        case "with": return .begin(setsDot: true, condition: others)
        case "else":
            if others.isEmpty { return .otherwise(condition: nil) }
            guard others.first == .word("if") else { throw Failure(reason: "after else stands nothing, or if") }
            return .otherwise(condition: Array(others.dropFirst()))
        case "end":
            guard others.isEmpty else { throw Failure(reason: "after end stands nothing") }
            return .end
        case "range", "define", "template", "block", "break", "continue":
            throw Failure(reason: "\(RuleError.Fault.quoted(word)) is no block that csvand fills in")
        default: return .output(tokens)
        }
    }
}
