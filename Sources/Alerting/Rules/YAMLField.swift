import Shared
import Yams

/// A node of a rule or test file with its place, read strictly: a field that nobody knows is an error.
struct YAMLField {
    let node: Node
    let name: String
    let file: String

    static func root(_ yaml: String, file: String) throws(RuleError) -> YAMLField {
        do {
            guard let node = try Yams.compose(yaml: yaml) else {
                throw RuleError(.missingField("groups"), file: file, line: 1, column: 1)
            }
            return YAMLField(node: node, name: "", file: file)
        } catch let error as RuleError {
            throw error
        } catch let error as YamlError {
            throw RuleError(
                .yaml(error.reason), file: file, line: error.place?.line ?? 1, column: error.place?.column ?? 1)
        } catch {
            throw RuleError(.yaml("it cannot be parsed"), file: file, line: 1, column: 1)
        }
    }

    func error(_ fault: RuleError.Fault) -> RuleError {
        RuleError(fault, file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }

    /// The fields of a mapping.
    ///
    /// Throws: `badField` if it is none, `unknownField` for one that is not in `known`.
    func fields(_ known: [String]) throws(RuleError) -> [String: YAMLField] {
        let fields = try mapping()
        for (field, value) in fields where !known.contains(field) {
            throw value.error(.unknownField(field, nearest: Spelling.nearest(to: field, among: known)))
        }
        return Dictionary(fields, uniquingKeysWith: { $1 })
    }

    /// The fields of a mapping with any names, in order.
    func mapping() throws(RuleError) -> [(String, YAMLField)] {
        guard case .mapping(let mapping) = node else { throw bad("a mapping") }
        return mapping.map { key, value in
            let name = key.scalar?.string ?? ""
            return (name, YAMLField(node: value, name: name, file: file))
        }
    }

    func list() throws(RuleError) -> [YAMLField] {
        if case .scalar(let scalar) = node, scalar.string.isEmpty, scalar.style == .plain { return [] }
        guard case .sequence(let sequence) = node else { throw bad("a list") }
        return sequence.map { YAMLField(node: $0, name: name, file: file) }
    }

    func text() throws(RuleError) -> String {
        guard case .scalar(let scalar) = node else { throw bad("a text") }
        return scalar.string
    }

    func duration() throws(RuleError) -> Int64 {
        let text = try text()
        guard let milliseconds = PromQLDuration.milliseconds(text) else { throw bad("a duration such as 5m") }
        return milliseconds
    }

    func number() throws(RuleError) -> Double {
        let text = try text()
        let plain =
            text.hasPrefix(".") || text.hasPrefix("-.") || text.hasPrefix("+.")
            ? text.replacing(".inf", with: "inf").replacing(".Inf", with: "inf").replacing(".nan", with: "nan")
                .replacing(".NaN", with: "nan")
            : text
        guard let value = PromQLNumber.value(plain) else { throw bad("a number") }
        return value
    }

    func bad(_ expected: String) -> RuleError {
        let found: String =
            switch node {
            case .scalar(let scalar): scalar.string
            case .mapping: "a mapping"
            case .sequence: "a list"
            case .alias: "an alias"
            }
        return error(.badField(name, value: found, expected: expected))
    }

    /// Moves an error within this scalar's text to its place in the file.
    func placing(_ error: RuleError, source lines: [Substring]) -> RuleError {
        guard case .scalar(let scalar) = node, let mark = node.mark else { return error }
        var placed = error
        placed.file = file
        switch scalar.style {
        case .literal:
            placed.line = mark.line + max(1, error.line)
            let indent = placed.line <= lines.count ? lines[placed.line - 1].prefix { $0 == " " }.count : 0
            placed.column = indent + max(1, error.column)
        case .folded:
            // Folding joins lines: only where the text begins is known.
            placed.line = mark.line
            placed.column = mark.column
        default:
            let quote = scalar.style == .singleQuoted || scalar.style == .doubleQuoted ? 1 : 0
            placed.line = mark.line
            placed.column = mark.column + quote + max(1, error.column) - 1
        }
        return placed
    }
}

extension YamlError {
    fileprivate var place: (line: Int, column: Int)? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
            (mark.line, mark.column)
        case .duplicatedKeysInMapping(_, let context): (context.mark.line, context.mark.column)
        default: nil
        }
    }

    fileprivate var reason: String {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
        case .duplicatedKeysInMapping: "a key stands twice"
        default: "it cannot be parsed"
        }
    }
}
