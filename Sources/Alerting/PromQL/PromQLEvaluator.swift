import Telemetry

/// One evaluation of an expression.
///
/// Source: prometheus/promql/engine.go of 2.42.
struct PromQLEvaluator {
    let store: SampleStore
    /// Where the evaluation stands; it moves within a sub-query.
    var time: Int64
    let limits: PromQLLimits
    /// First and last time of the query, for `@ start()` and `@ end()`.
    let span: ClosedRange<Int64>
    var selections: [PromQLSelection]
    /// What is left of the samples that the query may read.
    var samplesLeft: Int

    mutating func value(of node: PromQLNode) throws(RuleError) -> PromQLValue {
        switch node {
        case .number(let value): return .scalar(value)
        case .string(let value): return .string(value)
        case .selector(let selector): return .vector(try instant(selector))
        // A range is only an argument; the parser lets it stand nowhere else but at the top.
        case .range, .subquery:
            throw RuleError(.wrongType(what: "a result", expected: "an instant vector", found: "a range vector"))
        case .negate(let operand):
            switch try value(of: operand) {
            case .scalar(let value): return .scalar(-value)
            case .vector(let samples):
                return .vector(
                    try distinct(samples.map { VectorSample(labels: $0.labels.withoutName, value: -$0.value) }))
            case .string, .matrix: return .vector([])
            }
        case .binary(let op, let left, let right, let returnsBool, let matching):
            return try binary(op, try value(of: left), try value(of: right), returnsBool, matching)
        case .aggregate(let aggregation, let operand, let parameter, let isWithout, let labels):
            let parameter = try parameter.map { node throws(RuleError) in try value(of: node) }
            let samples = try vector(of: operand)
            let aggregator = PromQLAggregator(aggregation, parameter: parameter, isWithout: isWithout, labels: labels)
            return .vector(aggregator.aggregate(samples))
        case .call(let function, let arguments): return try call(function, arguments)
        }
    }

    mutating func vector(of node: PromQLNode) throws(RuleError) -> [VectorSample] {
        if case .vector(let samples) = try value(of: node) { return samples }
        return []
    }

    mutating func text(of node: PromQLNode) throws(RuleError) -> String {
        if case .string(let text) = try value(of: node) { return text }
        return ""
    }

    mutating func scalar(of node: PromQLNode) throws(RuleError) -> Double {
        if case .scalar(let value) = try value(of: node) { return value }
        return .nan
    }

    // MARK: Selectors

    /// The time that a selector or a sub-query reads at.
    func shifted(_ shift: PromQLShift) -> Int64 {
        let anchor =
            switch shift.anchor {
            case nil: time
            case .time(let time): time
            case .start: span.lowerBound
            case .end: span.upperBound
            }
        return anchor - shift.offsetMilliseconds
    }

    private mutating func instant(_ selector: PromQLSelector) throws(RuleError) -> [VectorSample] {
        selections[selector.id].refresh(store, selector)
        let selection = selections[selector.id]
        try spend(selection.slots.count)
        let at = shifted(selector.shift)
        var samples: [VectorSample] = []
        samples.reserveCapacity(selection.slots.count)
        for (index, slot) in selection.slots.enumerated() {
            if let point = store.instant(slot, at: at, lookbackMilliseconds: limits.lookbackMilliseconds) {
                samples.append(VectorSample(labels: selection.labels[index], value: point.value))
            }
        }
        return samples
    }

    /// The times of the samples that an instant selector finds, in seconds, without names.
    mutating func instantTimes(_ selector: PromQLSelector) throws(RuleError) -> [VectorSample] {
        selections[selector.id].refresh(store, selector)
        let selection = selections[selector.id]
        try spend(selection.slots.count)
        // As in Prometheus, the time of a sample read by `@` does not follow an `offset` beside it.
        let at = shifted(selector.shift)
        return try distinct(
            selection.slots.enumerated().compactMap { index, slot in
                store.instant(slot, at: at, lookbackMilliseconds: limits.lookbackMilliseconds).map {
                    VectorSample(labels: selection.unnamed[index], value: Double($0.time) / 1_000)
                }
            })
    }

    /// Maps the samples of each series in a range to a value; series without samples, and nil, give no element.
    mutating func overRange(
        _ node: PromQLNode, keepsName: Bool = false, _ body: (PromQLWindow) -> Double?
    ) throws(RuleError) -> [VectorSample] {
        if case .subquery(let subquery) = node { return try overSubquery(subquery, keepsName: keepsName, body) }
        guard case .range(let selector, let range) = node else { return [] }
        selections[selector.id].refresh(store, selector)
        let selection = selections[selector.id]
        let end = shifted(selector.shift)
        var window = PromQLWindow(start: end - range, end: end, evaluationTime: time, points: [])
        var samples: [VectorSample] = []
        for (index, slot) in selection.slots.enumerated() {
            window.points.removeAll(keepingCapacity: true)
            store.range(slot, from: window.start, to: end, into: &window.points)
            if window.points.isEmpty { continue }
            try spend(window.points.count)
            if let value = body(window) {
                let labels = keepsName ? selection.labels[index] : selection.unnamed[index]
                samples.append(VectorSample(labels: labels, value: value))
            }
        }
        return keepsName || selection.isUnnamedDistinct ? samples : try distinct(samples)
    }

    /// Counts samples against the limit.
    mutating func spend(_ samples: Int) throws(RuleError) {
        samplesLeft -= samples
        if samplesLeft < 0 { throw RuleError(.tooManySamples(limit: limits.samples)) }
    }

    /// The samples, refused if two have the same labels: dropping names may have made them equal.
    func distinct(_ samples: [VectorSample]) throws(RuleError) -> [VectorSample] {
        guard samples.count > 1 else { return samples }
        var seen = Set<LabelSet>(minimumCapacity: samples.count)
        for sample in samples where !seen.insert(sample.labels).inserted {
            throw RuleError(.duplicateSeries(sample.labels.description))
        }
        return samples
    }
}

/// The samples of one series in a range, oldest first, never empty.
struct PromQLWindow {
    var start: Int64
    var end: Int64
    var evaluationTime: Int64
    var points: [SamplePoint]
}
