import ArgumentParser
import Foundation
import Shared

/// A step of a transform on the command line: `op`, `op:column`, `op:column:key=value:key=value`, `op:key=value`.
///
/// A value that reads as a JSON number, boolean or null is one; anything else is text. Names with a colon need a document.
struct StepArgument: ExpressibleByArgument, Equatable {
    var step: JSONValue

    init?(argument: String) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard let op = parts.first, !op.isEmpty else { return nil }
        var members: [String: JSONValue] = ["op": .string(String(op))]
        for (index, part) in parts.dropFirst().enumerated() {
            guard let sign = part.firstIndex(of: "=") else {
                // Only the first part after the name can be a column.
                guard index == 0, !part.isEmpty else { return nil }
                members["column"] = .string(String(part))
                continue
            }
            guard sign > part.startIndex else { return nil }
            members[String(part[..<sign])] = ScalarArgument.value(String(part[part.index(after: sign)...]))
        }
        step = .object(members)
    }
}

/// A single value on the command line.
struct ScalarArgument: ExpressibleByArgument, Equatable {
    var value: JSONValue

    init?(argument: String) { value = Self.value(argument) }

    /// A JSON number, boolean or null as such, anything else as text.
    static func value(_ text: String) -> JSONValue {
        // JSON's grammar, not Swift's: `007`, `1e`, `0x10` and `nan` are texts.
        guard text == "null" || text == "true" || text == "false" || text.first == "-" || text.first?.isNumber == true,
            let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        else { return .string(text) }
        return value
    }
}
