import Synchronization

/// The value of one series.
enum MetricCell: Sendable {
    case counter(CounterCell)
    case gauge(GaugeCell)
    case histogram(HistogramCell)
}

/// One series of a family, with what never changes about it made once.
struct MetricSeries: Sendable {
    /// Distinct among all series that a registry ever had; a histogram takes one number a sample.
    let id: UInt64
    let labelValues: [String]
    let cell: MetricCell
    /// Labels of each sample, the name included: one, or buckets, sum and count of a histogram.
    let sampleLabels: [LabelSet]
    /// Text before each sample's value, with the space: `name{a="b"} `.
    let prefixes: [[UInt8]]
}

/// All series of one metric.
final class MetricFamily: Sendable {
    /// Most series of a family with open labels: the product of the caps could be far more than anyone reads.
    static let seriesCap = 1_000

    private struct Table {
        var series: [MetricSeries] = []
        var index: [[String]: Int] = [:]
        /// The same for families with one label: looking up one text costs half of looking up a list of it.
        var singles: [String: MetricCell] = [:]
        /// Changes whenever a series comes or goes.
        var version = 0

        mutating func enter(_ labelValues: [String], at position: Int) {
            index[labelValues] = position
            if labelValues.count == 1 { singles[labelValues[0]] = series[position].cell }
        }

        /// Distinct values seen a label, for the caps.
        var seen: [Set<String>]
    }

    let descriptor: MetricDescriptor
    /// Set by each change of a value, and by series that come and go.
    private let mark: ChangeMark
    private let nextID: @Sendable (Int) -> UInt64
    private let table: Mutex<Table>

    init(_ descriptor: MetricDescriptor, mark: ChangeMark, nextID: @escaping @Sendable (Int) -> UInt64) {
        self.descriptor = descriptor
        self.mark = mark
        self.nextID = nextID
        table = Mutex(Table(seen: Array(repeating: [], count: descriptor.labels.count)))
        for values in descriptor.knownCombinations { _ = cell(values) }
    }

    var series: [MetricSeries] { table.withLock { $0.series } }

    /// The series with the number of their present composition.
    var versioned: (series: [MetricSeries], version: Int) { table.withLock { ($0.series, $0.version) } }

    /// The cell of a series of a family with one label.
    func cell(_ labelValue: String) -> MetricCell {
        table.withLock { $0.singles[labelValue] } ?? cell([labelValue])
    }

    /// The cell of a series, made at 0 if it is new. Missing label values are empty, superfluous ones are left out, unknown
    /// ones of a fixed label become `other`.
    func cell(_ labelValues: [String]) -> MetricCell {
        table.withLock { table in
            if let known = table.index[labelValues] { return table.series[known].cell }
            let values = admitted(labelValues, &table)
            if let known = table.index[values] { return table.series[known].cell }
            let series = makeSeries(values)
            table.version += 1
            table.series.append(series)
            table.enter(values, at: table.series.count - 1)
            mark.set()
            return series.cell
        }
    }

    /// Removes the series whose label values `isGone`; their numbers end, and their values free room under the caps.
    func remove(where isGone: ([String]) -> Bool) {
        table.withLock { table in
            guard table.series.contains(where: { isGone($0.labelValues) }) else { return }
            table.series.removeAll { isGone($0.labelValues) }
            table.version += 1
            mark.set()
            table.index = [:]
            table.singles = [:]
            table.seen = Array(repeating: [], count: descriptor.labels.count)
            for (position, series) in table.series.enumerated() {
                table.enter(series.labelValues, at: position)
                for (label, value) in series.labelValues.enumerated() { table.seen[label].insert(value) }
            }
        }
    }

    private func admitted(_ labelValues: [String], _ table: inout Table) -> [String] {
        let isFull = table.series.count >= Self.seriesCap
        return descriptor.labels.enumerated().map { position, label in
            let value = position < labelValues.count ? labelValues[position] : ""
            switch label.values {
            case .fixed(let known):
                return known.contains(value) ? value : LabelDescriptor.overflow
            case .open(let cap):
                if table.seen[position].contains(value) && !isFull { return value }
                guard table.seen[position].count < cap, !isFull else { return LabelDescriptor.overflow }
                table.seen[position].insert(value)
                return value
            }
        }
    }

    private func makeSeries(_ values: [String]) -> MetricSeries {
        let labels = zip(descriptor.labels, values).map { Label($0.name, $1) }
        let cell: MetricCell =
            switch descriptor.kind {
            case .counter: .counter(CounterCell(mark: mark))
            case .gauge: .gauge(GaugeCell(mark: mark))
            case .histogram: .histogram(HistogramCell(bounds: descriptor.buckets, mark: mark))
            }
        let samples: [(name: String, labels: [Label])] =
            switch descriptor.kind {
            case .counter, .gauge: [(descriptor.name, labels)]
            case .histogram:
                (descriptor.buckets + [.infinity]).map {
                    (descriptor.name + "_bucket", labels + [Label("le", MetricNumber.text($0))])
                } + [(descriptor.name + "_sum", labels), (descriptor.name + "_count", labels)]
            }
        return MetricSeries(
            id: nextID(samples.count), labelValues: values, cell: cell,
            sampleLabels: samples.map { LabelSet($0.labels + [Label(LabelSet.metricName, $0.name)]) },
            prefixes: samples.map { ExpositionText.prefix($0.name, $0.labels) })
    }
}

extension MetricDescriptor {
    /// Every combination of label values, if all are known beforehand; one empty combination without labels.
    var knownCombinations: [[String]] {
        var combinations: [[String]] = [[]]
        for label in labels {
            guard case .fixed(let values) = label.values else { return [] }
            combinations = combinations.flatMap { head in values.map { head + [$0] } }
        }
        return combinations
    }
}
