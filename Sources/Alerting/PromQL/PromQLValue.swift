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

/// The samples of one series over a range, oldest first.
package struct RangeSeries: Sendable, Equatable {
    package var labels: LabelSet
    package var points: [SamplePoint]
}

/// What an evaluation may take.
package struct PromQLLimits: Sendable {
    /// How far back an instant selector looks for a sample: 5 minutes as in Prometheus.
    package var lookbackMilliseconds: Int64 = 300_000
    /// The step of sub-queries that name none: Prometheus takes its evaluation interval.
    package var subqueryStepMilliseconds: Int64 = 60_000
    /// Most samples that one query reads: as Prometheus's `query.max-samples`.
    package var samples = 50_000_000
    /// When an evaluation is not begun any more, and a range or a sub-query gives up; nil for never.
    package var deadline: ContinuousClock.Instant?

    package init() {}

    /// Throws: `timedOut` once the deadline has passed.
    func checkDeadline() throws(RuleError) {
        if let deadline, ContinuousClock.now > deadline { throw RuleError(.timedOut) }
    }
}

/// The result of an expression at an instant.
package enum PromQLValue: Sendable, Equatable {
    case scalar(Double)
    case vector([VectorSample])
    case string(String)
    /// Of a selector with a range; no rule has it.
    case matrix([RangeSeries])

    /// As a vector: a scalar becomes one element without labels, as a rule has it.
    package var samples: [VectorSample] {
        switch self {
        case .scalar(let value): [VectorSample(labels: .empty, value: value)]
        case .vector(let samples): samples
        case .string, .matrix: []
        }
    }
}

/// An expression with what its evaluations can share: which series its selectors match.
package struct PromQLQuery: Sendable {
    package let expression: PromQLExpression
    private var selections: [PromQLSelection]

    package init(_ expression: PromQLExpression) {
        self.expression = expression
        selections = Array(repeating: PromQLSelection(), count: expression.selectorCount)
    }

    package init(_ text: String) throws(RuleError) { self.init(try PromQLExpression(text)) }

    /// Evaluates at a time, milliseconds since 1970.
    ///
    /// Throws: `duplicateSeries`, `manyMatches`, `tooManySamples`, `timedOut`; without a place in the text.
    package mutating func evaluate(
        _ store: borrowing SampleStore, at time: Int64, limits: PromQLLimits = PromQLLimits()
    ) throws(RuleError) -> PromQLValue {
        try limits.checkDeadline()
        var evaluator = PromQLEvaluator(
            store: copy store, time: time, limits: limits, span: time...time, selections: selections,
            samplesLeft: limits.samples)
        defer { selections = evaluator.selections }
        if expression.root.type == .range { return .matrix(try evaluator.matrix(of: expression.root)) }
        return try evaluator.value(of: expression.root)
    }

    /// Evaluates at every `step` milliseconds from `start` to `end`, both included.
    ///
    /// Throws: as `evaluate`; `wrongType` for an expression that is no vector and no scalar.
    package mutating func evaluateRange(
        _ store: borrowing SampleStore, from start: Int64, to end: Int64, step: Int64,
        limits: PromQLLimits = PromQLLimits()
    ) throws(RuleError) -> [RangeSeries] {
        guard expression.root.type == .vector || expression.root.type == .scalar else {
            throw RuleError(
                .wrongType(
                    what: "the expression of a range query", expected: "an instant vector or a scalar",
                    found: expression.root.type.phrase), line: 1, column: 1)
        }
        guard start <= end, step > 0 else { return [] }
        var evaluator = PromQLEvaluator(
            store: copy store, time: start, limits: limits, span: start...end, selections: selections,
            samplesLeft: limits.samples)
        defer { selections = evaluator.selections }
        return try evaluator.series(of: expression.root, from: start, to: end, step: step)
    }

    /// The series that the expression reads with their samples over its widest window before `time`, for evidence.
    package func evidence(
        _ store: borrowing SampleStore, at time: Int64, leastMilliseconds: Int64 = 300_000, mostSeries: Int = 20
    ) -> [(labels: LabelSet, points: [SamplePoint])] {
        let store = copy store
        var found: [(labels: LabelSet, points: [SamplePoint])] = []
        var seen: Set<Int> = []
        expression.forEachSelectorWithRange { selector, range in
            let end = time - selector.shift.offsetMilliseconds
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
    /// Whether no two series have the same labels without their names: so it is when the selector has a name.
    var isUnnamedDistinct = false

    mutating func refresh(_ store: borrowing SampleStore, _ selector: PromQLSelector) {
        if generation == store.generation { return }
        generation = store.generation
        slots = store.series(named: selector.name, where: selector.accepts)
        labels = []
        unnamed = []
        isUnnamedDistinct = selector.name != nil
        for slot in slots {
            labels.append(store.labels(of: slot))
            unnamed.append(store.labels(of: slot).withoutName)
        }
    }
}

extension PromQLExpression {
    /// Calls `body` with every selector and how far before the evaluation it reads: its range, 0 for an instant, and the
    /// ranges and offsets of the sub-queries around it.
    func forEachSelectorWithRange(_ body: (PromQLSelector, Int64) -> Void) {
        func visit(_ node: PromQLNode, _ outer: Int64) {
            switch node {
            case .number, .string: break
            case .selector(let selector): body(selector, outer)
            case .range(let selector, let milliseconds): body(selector, milliseconds + outer)
            case .subquery(let subquery):
                visit(subquery.expression, outer + subquery.rangeMilliseconds + subquery.shift.offsetMilliseconds)
            case .negate(let operand): visit(operand, outer)
            case .binary(_, let left, let right, _, _):
                visit(left, outer)
                visit(right, outer)
            case .aggregate(_, let operand, let parameter, _, _):
                parameter.map { visit($0, outer) }
                visit(operand, outer)
            case .call(_, let arguments): for argument in arguments { visit(argument, outer) }
            }
        }
        visit(root, 0)
    }

    /// How far before the evaluation it reads at most, milliseconds; nil if `@` names a time, which may be anywhere.
    package var reachMilliseconds: Int64? {
        var reach: Int64 = 0
        var isAnchored = false
        forEachSelectorWithRange { selector, range in
            reach = max(reach, range + selector.shift.offsetMilliseconds)
            if case .time = selector.shift.anchor { isAnchored = true }
        }
        func visit(_ node: PromQLNode) {
            switch node {
            case .subquery(let subquery):
                if case .time = subquery.shift.anchor { isAnchored = true }
                visit(subquery.expression)
            case .negate(let operand): visit(operand)
            case .binary(_, let left, let right, _, _):
                visit(left)
                visit(right)
            case .aggregate(_, let operand, _, _, _): visit(operand)
            case .call(_, let arguments): arguments.forEach(visit)
            case .number, .string, .selector, .range: break
            }
        }
        visit(root)
        return isAnchored ? nil : reach
    }

    /// Calls `body` with every selector, left to right.
    package func forEachSelector(_ body: (PromQLSelector) -> Void) {
        forEachSelectorWithRange { selector, _ in body(selector) }
    }
}
