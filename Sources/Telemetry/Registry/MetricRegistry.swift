import Synchronization

/// The daemon's metrics in memory. Make one, pass it on; every member may be called from any thread.
///
/// On a hot path take the cell once (`counter`, `gauge`, `histogram`) and keep it: it is then one atomic operation an
/// event. The members that take label values look the cell up under the family's lock.
package final class MetricRegistry: Sendable {
    let families: [MetricFamily]
    let changes: ChangeMarks
    let texts = Mutex(ExpositionCache())
    private let written = Mutex<[LabelSet: Double]>([:])

    package init() {
        let ids = IdentifierSource()
        let changes = ChangeMarks()
        self.changes = changes
        families = MetricCatalogue.all.enumerated().map { position, descriptor in
            MetricFamily(descriptor, mark: ChangeMark(changes, position: position), nextID: ids.take)
        }
    }

    /// The cell of a counter's series, made at 0 if new. A metric of another kind gives a cell that nobody reads.
    package func counter(_ metric: Metric, _ labelValues: String...) -> CounterCell {
        counter(metric, labelValues)
    }

    package func gauge(_ metric: Metric, _ labelValues: String...) -> GaugeCell {
        if case .gauge(let cell) = families[metric.rawValue].cell(labelValues) { return cell }
        return GaugeCell()
    }

    package func histogram(_ metric: Metric, _ labelValues: String...) -> HistogramCell {
        if case .histogram(let cell) = families[metric.rawValue].cell(labelValues) { return cell }
        return HistogramCell(bounds: [])
    }

    package func increment(_ metric: Metric, _ labelValues: String..., by amount: Double = 1) {
        counter(metric, labelValues).increment(by: amount)
    }

    /// The same for a metric with one label, without a list of values.
    package func increment(_ metric: Metric, _ labelValue: String, by amount: Double = 1) {
        if case .counter(let cell) = families[metric.rawValue].cell(labelValue) { cell.increment(by: amount) }
    }

    package func set(_ metric: Metric, _ labelValues: String..., to value: Double) {
        if case .gauge(let cell) = families[metric.rawValue].cell(labelValues) { cell.set(value) }
    }

    package func observe(_ metric: Metric, _ labelValues: String..., value: Double) {
        if case .histogram(let cell) = families[metric.rawValue].cell(labelValues) { cell.observe(value) }
    }

    /// Sets a gauge from a whole list: series that are not in it end, or are 0 if their labels are fixed.
    package func replace(_ metric: Metric, with values: [(labelValues: [String], value: Double)]) {
        let family = families[metric.rawValue]
        let kept = Set(values.map(\.labelValues))
        if family.descriptor.knownCombinations.isEmpty {
            family.remove { !kept.contains($0) }
        } else {
            for series in family.series where !kept.contains(series.labelValues) {
                if case .gauge(let cell) = series.cell { cell.set(0) }
            }
        }
        for (labelValues, value) in values {
            if case .gauge(let cell) = family.cell(labelValues) { cell.set(value) }
        }
    }

    /// Ends the series of a metric whose label has a value, such as those of a deleted model.
    package func remove(_ metric: Metric, where label: String, is value: String) {
        let family = families[metric.rawValue]
        guard let position = family.descriptor.labels.firstIndex(where: { $0.name == label }) else { return }
        family.remove { $0[position] == value }
    }

    private func counter(_ metric: Metric, _ labelValues: [String]) -> CounterCell {
        if case .counter(let cell) = families[metric.rawValue].cell(labelValues) { return cell }
        return CounterCell()
    }
}

/// Hands out numbers for series.
private final class IdentifierSource: Sendable {
    private let next = Atomic<UInt64>(1)

    @Sendable func take(_ count: Int) -> UInt64 {
        next.wrappingAdd(UInt64(count), ordering: .relaxed).oldValue
    }
}

// MARK: - Persistence

/// The count of one series, as it is stored.
package struct CounterValue: Sendable, Hashable, Codable {
    /// The name of the sample: a histogram is stored as its buckets, sum and count.
    package var name: String
    package var labels: [String: String]
    package var value: Double

    package init(name: String, labels: [String: String], value: Double) {
        self.name = name
        self.labels = labels
        self.value = value
    }

    init(labels: LabelSet, total: Double) {
        self.init(name: labels.metricName, labels: labels.dictionary, value: total)
    }
}

extension MetricRegistry {
    /// Every count that survives a restart, with its true total.
    package func counterSnapshot() -> [CounterValue] {
        persistedTotals().map(CounterValue.init)
    }

    /// The counts that differ from what `acknowledge` last reported as stored.
    package func changedCounters() -> [CounterValue] {
        written.withLock { written in
            persistedTotals().filter { written[$0.labels] ?? 0 != $0.total }.map(CounterValue.init)
        }
    }

    /// Tells that counts are stored. Call it after the commit; counts that were not acknowledged come again.
    package func acknowledge(_ values: [CounterValue]) {
        written.withLock { written in
            for value in values { written[LabelSet(name: value.name, value.labels)] = value.value }
        }
    }

    /// Adds the counts of earlier processes. Call it once, before the first sampling. Names and label values that the
    /// catalogue no longer has are left out or counted under `other`.
    package func restore(_ values: [CounterValue]) {
        var histograms: [[String]: (family: MetricFamily, cumulative: [(bound: Double, count: Double)], sum: Double)] =
            [:]
        for value in values {
            guard let descriptor = MetricCatalogue.bySampleName[value.name], descriptor.persisted else { continue }
            let family = families[descriptor.metric.rawValue]
            let labelValues = descriptor.labels.map { value.labels[$0.name] ?? "" }
            if case .counter(let cell) = family.cell(labelValues) {
                cell.restore(value.value)
                continue
            }
            var entry = histograms[[descriptor.name] + labelValues] ?? (family, [], 0)
            if value.name.hasSuffix("_bucket"), let bound = value.labels["le"].flatMap(MetricNumber.value) {
                entry.cumulative.append((bound, value.value))
            } else if value.name.hasSuffix("_sum") {
                entry.sum = value.value
            }
            histograms[[descriptor.name] + labelValues] = entry
        }
        for (key, entry) in histograms {
            if case .histogram(let cell) = entry.family.cell(Array(key.dropFirst())) {
                cell.restore(cumulative: entry.cumulative, sum: entry.sum)
            }
        }
        acknowledge(values)
    }

    private func persistedTotals() -> [(labels: LabelSet, total: Double)] {
        var totals: [(labels: LabelSet, total: Double)] = []
        var values: [Double] = []
        for family in families where family.descriptor.persisted {
            for series in family.series {
                values.removeAll(keepingCapacity: true)
                switch series.cell {
                case .counter(let cell): values.append(cell.total)
                case .histogram(let cell): cell.total.exposed(into: &values)
                case .gauge: continue
                }
                totals += zip(series.sampleLabels, values).map { (labels: $0, total: $1) }
            }
        }
        return totals
    }
}
