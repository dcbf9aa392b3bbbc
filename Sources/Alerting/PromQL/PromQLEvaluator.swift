import Telemetry

/// One evaluation of an expression.
///
/// Source: prometheus/promql/engine.go of 2.42.
struct PromQLEvaluator {
    let store: SampleStore
    let time: Int64
    let lookbackMilliseconds: Int64
    var selections: [PromQLSelection]

    mutating func value(of node: PromQLNode) throws(RuleError) -> PromQLValue {
        switch node {
        case .number(let value): return .scalar(value)
        case .string(let value): return .string(value)
        case .selector(let selector): return .vector(instant(selector))
        // A range is only an argument; the parser lets it stand nowhere else but at the top.
        case .range:
            throw RuleError(.wrongType(what: "a result", expected: "an instant vector", found: "a range vector"))
        case .negate(let operand):
            switch try value(of: operand) {
            case .scalar(let value): return .scalar(-value)
            case .vector(let samples):
                return .vector(
                    try distinct(samples.map { VectorSample(labels: $0.labels.withoutName, value: -$0.value) }))
            case .string(let text): return .string(text)
            }
        case .binary(let op, let left, let right, let returnsBool, let matching):
            return try binary(op, try value(of: left), try value(of: right), returnsBool, matching)
        case .aggregate(let aggregation, let operand, let parameter, let isWithout, let labels):
            let count = try parameter.map { node throws(RuleError) in try scalar(of: node) }
            let samples = try vector(of: operand)
            return .vector(
                PromQLAggregator(aggregation, parameter: count, isWithout: isWithout, labels: labels).aggregate(samples)
            )
        case .call(let function, let arguments): return try call(function, arguments)
        }
    }

    mutating func vector(of node: PromQLNode) throws(RuleError) -> [VectorSample] {
        if case .vector(let samples) = try value(of: node) { return samples }
        return []
    }

    mutating func scalar(of node: PromQLNode) throws(RuleError) -> Double {
        if case .scalar(let value) = try value(of: node) { return value }
        return .nan
    }

    // MARK: Selectors

    private mutating func instant(_ selector: PromQLSelector) -> [VectorSample] {
        selections[selector.id].refresh(store, selector)
        let selection = selections[selector.id]
        let at = time - selector.offsetMilliseconds
        var samples: [VectorSample] = []
        samples.reserveCapacity(selection.slots.count)
        for (index, slot) in selection.slots.enumerated() {
            if let point = store.instant(slot, at: at, lookbackMilliseconds: lookbackMilliseconds) {
                samples.append(VectorSample(labels: selection.labels[index], value: point.value))
            }
        }
        return samples
    }

    /// The times of the samples that an instant selector finds, in seconds, without names.
    mutating func instantTimes(_ selector: PromQLSelector) throws(RuleError) -> [VectorSample] {
        selections[selector.id].refresh(store, selector)
        let selection = selections[selector.id]
        let at = time - selector.offsetMilliseconds
        return try distinct(
            selection.slots.enumerated().compactMap { index, slot in
                store.instant(slot, at: at, lookbackMilliseconds: lookbackMilliseconds).map {
                    VectorSample(labels: selection.unnamed[index], value: Double($0.time) / 1_000)
                }
            })
    }

    /// Maps the samples of each series in a range to a value; series without samples, and nil, give no element.
    mutating func overRange(
        _ node: PromQLNode, keepsName: Bool = false, _ body: (PromQLWindow) -> Double?
    ) throws(RuleError) -> [VectorSample] {
        guard case .range(let selector, let range) = node else { return [] }
        selections[selector.id].refresh(store, selector)
        let selection = selections[selector.id]
        let end = time - selector.offsetMilliseconds
        var window = PromQLWindow(start: end - range, end: end, evaluationTime: time, points: [])
        var samples: [VectorSample] = []
        for (index, slot) in selection.slots.enumerated() {
            window.points.removeAll(keepingCapacity: true)
            store.range(slot, from: window.start, to: end, into: &window.points)
            if window.points.isEmpty { continue }
            if let value = body(window) {
                let labels = keepsName ? selection.labels[index] : selection.unnamed[index]
                samples.append(VectorSample(labels: labels, value: value))
            }
        }
        return try distinct(samples)
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
