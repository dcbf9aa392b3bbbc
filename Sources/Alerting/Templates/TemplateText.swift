import Shared
import Telemetry

/// A label or annotation text with `{{ ... }}` in it, read once and filled in for each alert.
///
/// Source: Go's text/template and prometheus/template/template.go of 2.42, as far as rules use them: `$value`, `$labels`,
/// pipes, `if`, `with`, and the functions of `TemplateFunction`. Anything else is refused.
package struct TemplateText: Sendable {
    package struct Failure: Error, Equatable {
        package var reason: String
    }

    package let source: String
    private let nodes: [TemplateNode]

    package init(_ text: String) throws(Failure) {
        source = text
        var reader = TemplateReader(text)
        nodes = try reader.nodes()
    }

    /// The text for an alert.
    package func filled(value: Double, labels: LabelSet) -> String {
        let filling = Filling(value: value, labels: labels)
        var text = ""
        filling.write(nodes, dot: nil, to: &text)
        return text
    }

    /// One alert's way through the template.
    private struct Filling {
        let value: Double
        let labels: LabelSet

        func write(_ nodes: [TemplateNode], dot: TemplateValue?, to text: inout String) {
            for node in nodes {
                switch node {
                case .text(let plain): text += plain
                case .output(let expression): text += result(expression, dot).plain
                case .branch(let condition, let setsDot, let then, let otherwise):
                    let found = result(condition, dot)
                    if found.holds {
                        write(then, dot: setsDot ? found : dot, to: &text)
                    } else {
                        write(otherwise, dot: dot, to: &text)
                    }
                }
            }
        }

        private func result(_ expression: TemplateExpression, _ dot: TemplateValue?) -> TemplateValue {
            switch expression {
            case .constant(let value): return value
            case .value: return .float(value)
            case .labels:
                return .labels(Dictionary(labels.labels.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
            case .dot: return dot ?? .text("")
            case .entry(.labels, let name): return .text(labels[name])
            case .entry(let table, let name):
                if case .labels(let entries) = result(table, dot) { return .text(entries[name] ?? "") }
                return .text("")
            case .match(let pattern, let operand): return .bool(pattern.occurs(in: result(operand, dot).plain))
            case .replace(let pattern, let replacement, let operand):
                let text = result(operand, dot).plain
                return .text(pattern.replacing(in: text, with: replacement) ?? text)
            case .call(let function, let arguments): return function.applied(arguments.map { result($0, dot) })
            }
        }
    }
}
