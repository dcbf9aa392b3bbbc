import Foundation
import Shared
import Tabular
import Yams

/// A recipe as a client sends it: JSON or YAML, the whole document, `{"steps": [...]}`, or the list of steps alone.
package struct RecipeDocument: Sendable {
    package var steps: [JSONValue]
    package var onError: TransformRequest.OnError?
    /// How the upload was read that the recipe was made for.
    package var dialect: JSONValue?

    /// The newest schema that is understood.
    package static let schema: Int64 = 1
    private static let keys = ["recipe", "dataset", "version", "base_version", "dialect", "steps", "on_error"]

    /// - Throws: `request.bad_body` for text that is neither, `recipe.bad_step` for one that is no recipe
    package init(_ text: Data) throws(Problem) {
        let value = try JSONValue(jsonOrYAML: text)
        switch value {
        case .array(let steps): self.steps = steps
        case .object(let members):
            for key in members.keys.sorted() where !Self.keys.contains(key) {
                throw Self.bad(
                    "A recipe has no key \(key.quotedForMessage).",
                    Spelling.nearest(to: key, among: Self.keys).map { "Did you mean \($0)?" }
                        ?? "The keys are \(Self.keys.joined(separator: ", ")).", key)
            }
            if let schema = members["recipe"], schema != .integer(Self.schema) {
                throw Self.bad(
                    "The recipe is of schema \(schema.plainText.quotedForMessage); this csvand knows \(Self.schema).",
                    "Replay it with a newer csvand, or set recipe to \(Self.schema) if it keeps to that schema.",
                    "recipe")
            }
            guard case .array(let steps)? = members["steps"] else {
                throw Self.bad("The recipe has no list of steps.", "Write {\"steps\": [{\"op\": \"trim\"}]}.", "steps")
            }
            self.steps = steps
            dialect = members["dialect"]
            if let policy = members["on_error"] {
                guard let known = TransformRequest.OnError(rawValue: policy.plainText) else {
                    throw Self.bad(
                        "on_error cannot be \(policy.plainText.quotedForMessage).", "Write stop or skip.", "on_error")
                }
                onError = known
            }
        default: throw Self.bad("The document is no recipe.", "Write {\"steps\": [{\"op\": \"trim\"}]}.", "steps")
        }
    }

    private static func bad(_ detail: String, _ remedy: String, _ key: String) -> Problem {
        Problem(.recipeBadStep, detail, remedy: remedy, places: [.init(column: key)])
    }
}

extension RecipeDocument {
    /// The document in JSON, after a look at every step: whether each is one that exists, with keys and values that it knows.
    ///
    /// - Throws: `recipe.bad_step` with the step's place
    package var checked: JSONValue {
        get throws(Problem) {
            for (index, step) in steps.enumerated() {
                do { _ = try TransformStep(json: step) } catch { throw error.problem(step: index + 1) }
            }
            var members: [String: JSONValue] = ["recipe": .integer(Self.schema), "steps": .array(steps)]
            members["dialect"] = dialect
            members["on_error"] = onError.map { .string($0.rawValue) }
            return .object(members)
        }
    }
}

extension RecipeReply {
    /// The same document in YAML.
    package var yaml: String {
        get throws { try WireJSON.decode(JSONValue.self, from: WireJSON.encode(self)).yaml }
    }
}

// MARK: YAML

extension JSONValue {
    /// Nodes of a YAML document, those behind aliases counted each time.
    private static let nodeLimit = 100_000
    private static let depthLimit = 64

    /// A text that begins with a bracket or a brace is JSON, any other is YAML.
    ///
    /// - Throws: `request.bad_body` with the line, when it is neither
    init(jsonOrYAML text: Data) throws(Problem) {
        let first = text.first { !" \t\r\n".utf8.contains($0) }
        do {
            if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
                self = try WireJSON.decode(JSONValue.self, from: text)
                return
            }
            guard let node = try Yams.compose(yaml: String(decoding: text, as: UTF8.self)) else {
                throw Problem(.requestBadBody, "The document is empty.", remedy: "Send a recipe as JSON or YAML.")
            }
            var count = 0
            self = try Self.value(of: node, depth: 0, &count)
        } catch let problem as Problem {
            throw problem
        } catch let error as YamlError {
            let line = error.line
            throw Problem(
                .requestBadBody, "The document is not valid YAML\(line.map { ", at line \($0)" } ?? "").",
                remedy: "Correct it there; JSON begins with { or [.", places: line.map { [.init(line: $0)] })
        } catch {
            throw Problem(.requestBadBody, "The document is not valid JSON.", remedy: "Send a recipe as JSON or YAML.")
        }
    }

    /// Plain scalars are what they are in JSON and texts otherwise, so `no` and `1_000` are texts; quoted ones are texts.
    private static func value(of node: Node, depth: Int, _ count: inout Int) throws -> JSONValue {
        count += 1
        guard count <= nodeLimit, depth <= depthLimit else {
            throw Problem(.requestBadBody, "The document is too large or too deep.", remedy: "Send a smaller recipe.")
        }
        switch node {
        case .scalar(let scalar):
            guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
            return plain(scalar.string)
        case .sequence(let sequence):
            return .array(try sequence.map { try value(of: $0, depth: depth + 1, &count) })
        case .mapping(let mapping):
            var members: [String: JSONValue] = [:]
            for (key, item) in mapping {
                guard let name = key.scalar?.string else {
                    throw Problem(.requestBadBody, "A key of the document is no text.", remedy: "Write keys as texts.")
                }
                members[name] = try value(of: item, depth: depth + 1, &count)
            }
            return .object(members)
        default: throw Problem(.requestBadBody, "The document uses an alias.", remedy: "Write it out.")
        }
    }

    private static func plain(_ text: String) -> JSONValue {
        switch text {
        case "", "~", "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default:
            guard let first = text.utf8.first, first == UInt8(ascii: "-") || (48...57).contains(first),
                let value = try? WireJSON.decode(JSONValue.self, from: Data(text.utf8))
            else { return .string(text) }
            return value
        }
    }

    /// As a YAML document; texts are quoted, so that reading it gives the same value.
    var yaml: String {
        get throws { try Yams.serialize(node: node, width: -1, allowUnicode: true) }
    }

    private var node: Node {
        switch self {
        case .null: return Node("null")
        case .bool(let flag): return Node(flag ? "true" : "false")
        case .integer(let number): return Node(String(number))
        case .number(let number): return number.isFinite ? Node(String(number)) : Node("null")
        case .string(let text): return Node(text, Tag(.str), .doubleQuoted)
        case .array(let items): return Node(items.map(\.node), .implicit, .block)
        case .object(let members):
            let order = ["recipe", "dataset", "version", "base_version", "op", "column", "columns"]
            let sorted = members.sorted { one, two in
                let (left, right) = (order.firstIndex(of: one.key), order.firstIndex(of: two.key))
                if left != right { return left ?? .max < right ?? .max }
                return one.key < two.key
            }
            return Node(
                sorted.map { (Node($0.key, Tag(.str), Self.isWord($0.key) ? .any : .doubleQuoted), $0.value.node) })
        }
    }

    private static func isWord(_ key: String) -> Bool {
        key.utf8.allSatisfy { (97...122).contains($0) || $0 == UInt8(ascii: "_") }
            && !["null", "true", "false", ""].contains(key)
    }
}

extension YamlError {
    /// The line of the place, from 1.
    fileprivate var line: Int? {
        switch self {
        case .reader(_, _, _, _): nil
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        default: nil
        }
    }
}
