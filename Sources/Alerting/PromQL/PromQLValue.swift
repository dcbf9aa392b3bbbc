import Telemetry

/// One element of an instant vector.
package struct VectorSample: Sendable, Hashable {
    package var labels: LabelSet
    package var value: Double

    package init(labels: LabelSet, value: Double) {
        self.labels = labels
        self.value = value
    }
}

/// The result of an expression at an instant.
package enum PromQLValue: Sendable, Equatable {
    case scalar(Double)
    case vector([VectorSample])
    case string(String)

    /// As a vector: a scalar becomes one element without labels, as a rule has it.
    package var samples: [VectorSample] {
        switch self {
        case .scalar(let value): [VectorSample(labels: .empty, value: value)]
        case .vector(let samples): samples
        case .string: []
        }
    }
}

/// An expression with what its evaluations can share: which series its selectors match.
package struct PromQLQuery: Sendable {
    /// How far back an instant selector looks for a sample: Prometheus's default.
    package static let defaultLookbackMilliseconds: Int64 = 300_000

    package let expression: PromQLExpression
    private var selections: [PromQLSelection]

    package init(_ expression: PromQLExpression) {
        self.expression = expression
        selections = Array(repeating: PromQLSelection(), count: expression.selectorCount)
    }

    package init(_ text: String) throws(RuleError) { self.init(try PromQLExpression(text)) }

    /// Evaluates at a time, milliseconds since 1970.
    ///
    /// Throws: `duplicateSeries`, `manyMatches`; without a place in the text.
    package mutating func evaluate(
        _ store: borrowing SampleStore, at time: Int64,
        lookbackMilliseconds: Int64 = PromQLQuery.defaultLookbackMilliseconds
    ) throws(RuleError) -> PromQLValue {
        var evaluator = PromQLEvaluator(
            store: copy store, time: time, lookbackMilliseconds: lookbackMilliseconds, selections: selections)
        defer { selections = evaluator.selections }
        return try evaluator.value(of: expression.root)
    }

    /// The series that the expression reads with their samples over its widest window before `time`, for evidence.
    package func evidence(
        _ store: borrowing SampleStore, at time: Int64, leastMilliseconds: Int64 = 300_000, mostSeries: Int = 20
    ) -> [(labels: LabelSet, points: [SamplePoint])] {
        let store = copy store
        var found: [(labels: LabelSet, points: [SamplePoint])] = []
        var seen: Set<Int> = []
        expression.forEachSelectorWithRange { selector, range in
            let end = time - selector.offsetMilliseconds
            for slot in store.series(named: selector.name, where: selector.accepts) where seen.insert(slot).inserted {
                guard found.count < mostSeries else { return }
                var points: [SamplePoint] = []
                store.range(slot, from: end - max(range, leastMilliseconds), to: end, into: &points)
                if !points.isEmpty { found.append((store.labels(of: slot), points)) }
            }
        }
        return found
    }
}

/// The series that a selector matches, as long as none comes or goes.
struct PromQLSelection: Sendable {
    var generation = -1
    var slots: [Int] = []
    var labels: [LabelSet] = []
    var unnamed: [LabelSet] = []

    mutating func refresh(_ store: borrowing SampleStore, _ selector: PromQLSelector) {
        if generation == store.generation { return }
        generation = store.generation
        slots = store.series(named: selector.name, where: selector.accepts)
        labels = []
        unnamed = []
        for slot in slots {
            labels.append(store.labels(of: slot))
            unnamed.append(store.labels(of: slot).withoutName)
        }
    }
}

extension PromQLExpression {
    /// Calls `body` with every selector and its range, 0 for an instant.
    func forEachSelectorWithRange(_ body: (PromQLSelector, Int64) -> Void) {
        func visit(_ node: PromQLNode) {
            switch node {
            case .number, .string: break
            case .selector(let selector): body(selector, 0)
            case .range(let selector, let milliseconds): body(selector, milliseconds)
            case .negate(let operand): visit(operand)
            case .binary(_, let left, let right, _, _):
                visit(left)
                visit(right)
            case .aggregate(_, let operand, let parameter, _, _):
                parameter.map(visit)
                visit(operand)
            case .call(_, let arguments): arguments.forEach(visit)
            }
        }
        visit(root)
    }

    /// Calls `body` with every selector, left to right.
    package func forEachSelector(_ body: (PromQLSelector) -> Void) {
        forEachSelectorWithRange { selector, _ in body(selector) }
    }
}
