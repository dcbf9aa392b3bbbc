import Telemetry

/// Aggregates an instant vector by groups.
///
/// Source: prometheus/promql/engine.go of 2.42, `aggregation`.
struct PromQLAggregator {
    private struct Group {
        var labels: LabelSet
        var count = 0.0
        /// Sum, extreme, or the sum of squared differences.
        var value = 0.0
        var mean = 0.0
        /// Input elements, for topk and bottomk.
        var members: [VectorSample] = []
    }

    private let aggregation: PromQLAggregation
    private let parameter: PromQLValue?
    private let isWithout: Bool
    private let labels: [String]

    init(_ aggregation: PromQLAggregation, parameter: PromQLValue?, isWithout: Bool, labels: [String]) {
        self.aggregation = aggregation
        self.parameter = parameter
        self.isWithout = isWithout
        self.labels = labels
    }

    private var number: Double { if case .scalar(let value)? = parameter { value } else { .nan } }

    func aggregate(_ samples: [VectorSample]) -> [VectorSample] {
        if aggregation == .countValues { return countValues(samples) }
        // One group needs no lookup, and "sum(x)" is the most frequent form.
        if !isWithout, labels.isEmpty {
            guard !samples.isEmpty else { return [] }
            var group = Group(labels: .empty)
            for sample in samples { add(sample, to: &group) }
            return result(of: group)
        }
        var groups: [Group] = []
        var index: [LabelSet: Int] = [:]
        for sample in samples {
            let key = groupLabels(sample.labels)
            let position = index[key] ?? groups.count
            if position == groups.count {
                index[key] = position
                groups.append(Group(labels: key))
            }
            add(sample, to: &groups[position])
        }
        return groups.flatMap(result)
    }

    /// Counts equal values: the value becomes a label, by which the groups differ as well.
    private func countValues(_ samples: [VectorSample]) -> [VectorSample] {
        guard case .string(let label)? = parameter else { return [] }
        let valued = samples.map {
            let text = Label(label, PromQLNumber.plainText($0.value))
            return VectorSample(labels: $0.labels.setting([text]), value: $0.value)
        }
        return PromQLAggregator(
            .count, parameter: nil, isWithout: isWithout, labels: isWithout ? labels : labels + [label]
        ).aggregate(valued)
    }

    private func groupLabels(_ sample: LabelSet) -> LabelSet {
        isWithout
            ? sample.filtered { $0 != LabelSet.metricName && !labels.contains($0) } : sample.filtered(labels.contains)
    }

    private func add(_ sample: VectorSample, to group: inout Group) {
        let value = sample.value
        group.count += 1
        let isFirst = group.count == 1
        switch aggregation {
        case .sum: group.value = isFirst ? value : group.value + value
        case .count, .group: break
        case .min: if isFirst || value < group.value || group.value.isNaN { group.value = value }
        case .max: if isFirst || value > group.value || group.value.isNaN { group.value = value }
        case .avg:
            // An infinite mean stays unless an opposite infinity or NaN comes: the difference would be NaN.
            if !isFirst, group.mean.isInfinite, value.isFinite || (value.isInfinite && value == group.mean) { return }
            group.mean = isFirst ? value : group.mean + (value / group.count - group.mean / group.count)
        case .stddev, .stdvar:
            // Welford 1962; a first value that is no number counts as one of no spread, as in Prometheus.
            if isFirst {
                group.mean = value
                return
            }
            let delta = value - group.mean
            group.mean += delta / group.count
            group.value += delta * (value - group.mean)
        case .topk, .bottomk, .quantile: group.members.append(sample)
        // Counted by groups of the value itself.
        case .countValues: break
        }
    }

    private func result(of group: Group) -> [VectorSample] {
        switch aggregation {
        case .sum, .min, .max: [VectorSample(labels: group.labels, value: group.value)]
        case .count, .countValues: [VectorSample(labels: group.labels, value: group.count)]
        case .quantile:
            [VectorSample(labels: group.labels, value: PromQLWindow.quantile(number, group.members.map(\.value)))]
        case .group: [VectorSample(labels: group.labels, value: 1)]
        case .avg: [VectorSample(labels: group.labels, value: group.mean)]
        case .stdvar: [VectorSample(labels: group.labels, value: group.value / group.count)]
        case .stddev: [VectorSample(labels: group.labels, value: (group.value / group.count).squareRoot())]
        case .topk, .bottomk: extremes(group.members)
        }
    }

    /// The first k by value; NaN comes after every number, equal values in the order in which they came.
    private func extremes(_ members: [VectorSample]) -> [VectorSample] {
        guard number >= 1 else { return [] }
        let count = number >= Double(members.count) ? members.count : Int(number)
        let isTop = aggregation == .topk
        let sorted = members.enumerated().sorted { left, right in
            let (a, b) = (left.element.value, right.element.value)
            if a.isNaN || b.isNaN { return a.isNaN == b.isNaN ? left.offset < right.offset : b.isNaN }
            return a == b ? left.offset < right.offset : (isTop ? a > b : a < b)
        }
        return sorted.prefix(count).map(\.element)
    }
}
