import Telemetry

/// Evaluation at many times.
extension PromQLEvaluator {
    /// Evaluates an expression at every `step` from `start` to `end`: one series for each set of labels, in the order in which
    /// they came.
    mutating func series(
        of node: PromQLNode, from start: Int64, to end: Int64, step: Int64
    ) throws(RuleError) -> [RangeSeries] {
        let outerTime = time
        defer { time = outerTime }
        var found: [RangeSeries] = []
        var index: [LabelSet: Int] = [:]
        time = start
        while time <= end {
            if let deadline = limits.deadline, ContinuousClock.now > deadline { throw RuleError(.timedOut) }
            let samples = try value(of: node).samples
            try spend(samples.count)
            for sample in samples {
                let position = index[sample.labels] ?? found.count
                if position == found.count {
                    index[sample.labels] = position
                    found.append(RangeSeries(labels: sample.labels, points: []))
                }
                found[position].points.append(SamplePoint(time: time, value: sample.value))
            }
            time += step
        }
        return found
    }

    /// The series of a sub-query: its steps are multiples of the step since 1970, whenever it is evaluated.
    ///
    /// Source: prometheus/promql/engine.go of 2.42, `eval` of `SubqueryExpr`.
    mutating func series(of subquery: PromQLSubquery) throws(RuleError) -> [RangeSeries] {
        let end = shifted(subquery.shift)
        let first = end - subquery.rangeMilliseconds
        let step = subquery.stepMilliseconds ?? limits.subqueryStepMilliseconds
        var start = step * (first / step)
        if start < first { start += step }
        return try series(of: subquery.expression, from: start, to: end, step: step)
    }

    mutating func overSubquery(
        _ subquery: PromQLSubquery, keepsName: Bool, _ body: (PromQLWindow) -> Double?
    ) throws(RuleError) -> [VectorSample] {
        let end = shifted(subquery.shift)
        var samples: [VectorSample] = []
        for one in try series(of: subquery) {
            let window = PromQLWindow(
                start: end - subquery.rangeMilliseconds, end: end, evaluationTime: time, points: one.points)
            if let value = body(window) {
                samples.append(VectorSample(labels: keepsName ? one.labels : one.labels.withoutName, value: value))
            }
        }
        return try distinct(samples)
    }

    /// The samples of a range as they are, for a query of its own.
    mutating func matrix(of node: PromQLNode) throws(RuleError) -> [RangeSeries] {
        if case .subquery(let subquery) = node { return try series(of: subquery) }
        guard case .range(let selector, let range) = node else { return [] }
        selections[selector.id].refresh(store, selector)
        let selection = selections[selector.id]
        let end = shifted(selector.shift)
        var found: [RangeSeries] = []
        for (index, slot) in selection.slots.enumerated() {
            var points: [SamplePoint] = []
            store.range(slot, from: end - range, to: end, into: &points)
            try spend(points.count)
            if !points.isEmpty { found.append(RangeSeries(labels: selection.labels[index], points: points)) }
        }
        return found
    }
}
