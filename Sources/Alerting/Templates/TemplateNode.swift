import Shared

/// A part of a template.
indirect enum TemplateNode: Sendable {
    case text(String)
    case output(TemplateExpression)
    /// `if` and `with`; the latter makes its condition the dot.
    case branch(TemplateExpression, setsDot: Bool, then: [TemplateNode], otherwise: [TemplateNode])
}

/// What is computed between `{{` and `}}`.
indirect enum TemplateExpression: Sendable {
    case constant(TemplateValue)
    case value
    case labels
    case dot
    case entry(of: TemplateExpression, named: String)
    case call(TemplateFunction, [TemplateExpression])
    case match(TextPattern, TemplateExpression)
    case replace(TextPattern, PatternReplacement, TemplateExpression)

    /// What kind the result is of; nil when that depends on the alert.
    ///
    /// - Parameter dot: the kind of the dot.
    func kind(dot: TemplateValue.Kind?) -> TemplateValue.Kind? {
        switch self {
        case .constant(let value): value.kind
        case .value: .float
        case .labels: .labels
        case .dot: dot
        case .entry: .text
        case .match: .bool
        case .replace: .text
        case .call(let function, let arguments):
            switch function {
            case .and, .or:
                Set(arguments.map { $0.kind(dot: dot) }).count == 1 ? arguments.first?.kind(dot: dot) : nil
            case .not, .eq, .ne, .lt, .le, .gt, .ge: .bool
            case .len: .int
            case .parseDuration: .float
            default: .text
            }
        }
    }
}

/// What a template computes with.
enum TemplateValue: Sendable, Equatable {
    enum Kind: String, Sendable {
        case float = "float64"
        case int, bool
        case text = "string"
        case labels = "map[string]string"
    }

    case float(Double)
    case int(Int)
    case text(String)
    case bool(Bool)
    /// Sorted by name.
    case labels([String: String])

    var kind: Kind {
        switch self {
        case .float: .float
        case .int: .int
        case .text: .text
        case .bool: .bool
        case .labels: .labels
        }
    }

    /// As Go's `%v`.
    var plain: String {
        switch self {
        case .float(let number): PromQLNumber.goText(number)
        case .int(let number): String(number)
        case .text(let text): text
        case .bool(let holds): String(holds)
        case .labels(let labels):
            "map[" + labels.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " ") + "]"
        }
    }

    /// Whether `if` takes it for true.
    var holds: Bool {
        switch self {
        case .float(let number): number != 0
        case .int(let number): number != 0
        case .text(let text): !text.isEmpty
        case .bool(let holds): holds
        case .labels(let labels): !labels.isEmpty
        }
    }

    var number: Double {
        switch self {
        case .float(let number): number
        case .int(let number): Double(number)
        case .text(let text): PromQLNumber.value(text) ?? .nan
        case .bool, .labels: .nan
        }
    }
}
