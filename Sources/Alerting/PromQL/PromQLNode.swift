import Shared
import Telemetry

/// The types of PromQL.
package enum PromQLType: String, Sendable, Equatable {
    case scalar
    case vector = "instant vector"
    case range = "range vector"
    case string

    /// With its article, for messages.
    var phrase: String { self == .vector ? "an " + rawValue : "a " + rawValue }
}

/// A condition on a label.
package struct LabelMatcher: Sendable {
    package enum Condition: String, Sendable {
        case equal = "="
        case notEqual = "!="
        case matches = "=~"
        case matchesNot = "!~"
    }

    package let name: String
    package let condition: Condition
    package let value: String
    /// For the regular conditions, the value made ready.
    let pattern: TextPattern?
    let offset: Int

    package func accepts(_ text: String) -> Bool {
        switch condition {
        case .equal: text == value
        case .notEqual: text != value
        case .matches: pattern?.matches(whole: text) ?? false
        case .matchesNot: !(pattern?.matches(whole: text) ?? true)
        }
    }
}

/// Which series an expression reads, and how far back.
package struct PromQLSelector: Sendable {
    /// Number of the selector in its expression, from 0.
    let id: Int
    /// The metric, if it is fixed by the name or by `__name__=`.
    package let name: String?
    /// All conditions but the one that `name` stands for.
    package let matchers: [LabelMatcher]
    /// Whether `name` came from the name before the braces.
    let isNamed: Bool
    var shift = PromQLShift()
    let offset: Int

    package func accepts(_ labels: LabelSet) -> Bool {
        for matcher in matchers where !matcher.accepts(labels[matcher.name]) { return false }
        return true
    }
}

/// When a selector or a sub-query is read, by `offset` and `@`.
package struct PromQLShift: Sendable, Equatable {
    enum Anchor: Sendable, Equatable {
        /// Milliseconds since 1970.
        case time(Int64)
        /// The first and the last time of the query.
        case start, end
    }

    var offsetMilliseconds: Int64 = 0
    /// Nil for the time of evaluation.
    var anchor: Anchor?
}

/// `expression[range:step]`: an instant expression evaluated at every multiple of the step.
package struct PromQLSubquery: Sendable {
    let expression: PromQLNode
    let rangeMilliseconds: Int64
    /// Nil for the evaluation interval.
    let stepMilliseconds: Int64?
    var shift = PromQLShift()
}

package enum PromQLOperator: String, Sendable, CaseIterable {
    case or, and, unless
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case modulo = "%"
    case atan2
    case power = "^"

    /// The higher, the tighter it binds.
    var precedence: Int {
        switch self {
        case .or: 1
        case .and, .unless: 2
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: 3
        case .add, .subtract: 4
        case .multiply, .divide, .modulo, .atan2: 5
        case .power: 6
        }
    }

    var isSet: Bool { precedence <= 2 }
    var isComparison: Bool { precedence == 3 }
    /// Whether the result is another quantity than the operand and so loses its name; Prometheus leaves out `atan2`.
    var dropsName: Bool { precedence > 3 && self != .atan2 }
}

/// How the two sides of an operator find each other.
package struct VectorMatching: Sendable, Equatable {
    enum Cardinality: Sendable, Equatable { case oneToOne, manyToOne, oneToMany, manyToMany }

    var cardinality = Cardinality.oneToOne
    /// Whether `labels` are the ones to match on, rather than the ones to leave out.
    var isOn = false
    var labels: [String] = []
    /// Labels taken over from the "one" side.
    var include: [String] = []
}

package enum PromQLAggregation: String, Sendable, CaseIterable {
    case sum, min, max, avg, count, group, stddev, stdvar, topk, bottomk, quantile
    case countValues = "count_values"

    /// The type of the argument before the vector, if there is one.
    var parameter: PromQLType? {
        switch self {
        case .topk, .bottomk, .quantile: .scalar
        case .countValues: .string
        default: nil
        }
    }
}

/// A checked expression.
package indirect enum PromQLNode: Sendable {
    case number(Double)
    case string(String)
    case selector(PromQLSelector)
    case range(PromQLSelector, milliseconds: Int64)
    case subquery(PromQLSubquery)
    case negate(PromQLNode)
    case binary(PromQLOperator, PromQLNode, PromQLNode, returnsBool: Bool, VectorMatching)
    case aggregate(PromQLAggregation, PromQLNode, parameter: PromQLNode?, isWithout: Bool, labels: [String])
    case call(PromQLFunction, [PromQLNode])

    package var type: PromQLType {
        switch self {
        case .number: .scalar
        case .string: .string
        case .selector, .aggregate: .vector
        case .range, .subquery: .range
        case .negate(let operand): operand.type
        case .binary(_, let left, let right, _, _):
            left.type == .scalar && right.type == .scalar ? .scalar : .vector
        case .call(let function, _): function.result
        }
    }
}

/// An expression read and checked, ready to be evaluated.
package struct PromQLExpression: Sendable {
    package let text: String
    package let root: PromQLNode
    let selectorCount: Int

    /// Reads an expression.
    ///
    /// Throws: `RuleError` with line and column in `text`, for what is wrong, unknown or not evaluated here.
    package init(_ text: String) throws(RuleError) {
        var parser = PromQLParser(text, tokens: try PromQLLexer.tokens(text))
        root = try parser.parse()
        selectorCount = parser.selectorCount
        self.text = text
    }

    /// The selector, if the expression is nothing but one at the time of evaluation.
    package var selectedSeries: PromQLSelector? {
        if case .selector(let selector) = root, selector.shift == PromQLShift() { selector } else { nil }
    }

    /// The place of a selector or matcher, for checks that find fault with it later.
    func error(_ fault: RuleError.Fault, at offset: Int) -> RuleError {
        PromQLPlace.error(fault, at: offset, in: Array(text.unicodeScalars))
    }
}
