import Telemetry

/// A label or annotation text with `{{ ... }}` in it, read once and filled in for each alert.
///
/// Source: Go's text/template and prometheus/template/template.go of 2.42, as far as rules use them: `$value`,
/// `$labels.name`, pipes, and the functions below. Anything else is refused.
package struct TemplateText: Sendable {
    package struct Failure: Error, Equatable {
        package var reason: String
    }

    /// What a template computes with.
    enum Value: Equatable {
        case number(Double)
        case text(String)
    }

    enum Operand: Sendable {
        case value
        case label(String)
        case number(Double)
        case text(String)
    }

    enum Function: String, Sendable, CaseIterable {
        case humanize, humanize1024, humanizeDuration, humanizePercentage, printf, toUpper, toLower, title
    }

    struct Command: Sendable {
        var function: Function?
        var arguments: [Operand]
    }

    enum Segment: Sendable {
        case text(String)
        case pipeline([Command])
    }

    package let source: String
    private let segments: [Segment]

    package init(_ text: String) throws(Failure) {
        source = text
        segments = try TemplateReader.segments(text)
    }

    /// The text for an alert.
    package func filled(value: Double, labels: LabelSet) -> String {
        var text = ""
        for segment in segments {
            switch segment {
            case .text(let plain): text += plain
            case .pipeline(let commands):
                var piped: Value?
                for command in commands { piped = run(command, piped, value, labels) }
                if let piped { text += Self.plain(piped) }
            }
        }
        return text
    }

    private func run(_ command: Command, _ piped: Value?, _ value: Double, _ labels: LabelSet) -> Value {
        var arguments = command.arguments.map { operand -> Value in
            switch operand {
            case .value: .number(value)
            case .label(let name): .text(labels[name])
            case .number(let number): .number(number)
            case .text(let text): .text(text)
            }
        }
        if let piped { arguments.append(piped) }
        guard let function = command.function else { return arguments.last ?? .text("") }
        if function == .printf { return .text(TemplateFormat.printf(arguments)) }
        guard let argument = arguments.last else { return .text("") }
        switch function {
        case .toUpper: return .text(Self.plain(argument).uppercased())
        case .toLower: return .text(Self.plain(argument).lowercased())
        case .title:
            return .text(
                Self.plain(argument).split(separator: " ", omittingEmptySubsequences: false)
                    .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " "))
        default:
            let number: Double =
                switch argument {
                case .number(let number): number
                case .text(let text): PromQLNumber.value(text) ?? .nan
                }
            return .text(TemplateFormat.humanized(number, function))
        }
    }

    private static func plain(_ value: Value) -> String {
        switch value {
        case .number(let number): PromQLNumber.text(number)
        case .text(let text): text
        }
    }
}
