/// What a metric is: everything that exposition, rule checks and documentation need to know about it.
package struct MetricDescriptor: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case counter, gauge, histogram
    }

    package let metric: Metric
    package let name: String
    package let kind: Kind
    package let help: String
    package let labels: [LabelDescriptor]
    /// Upper bounds of a histogram, ascending, without the infinite one; empty for other kinds.
    package let buckets: [Double]
    /// Whether its counts survive a restart: false for what the kernel counts.
    package let persisted: Bool

    init(
        _ metric: Metric, _ name: String, _ kind: Kind, _ help: String, labels: [LabelDescriptor] = [],
        buckets: [Double] = [], persisted: Bool = true
    ) {
        self.metric = metric
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
        self.buckets = buckets
        self.persisted = persisted && kind != .gauge
    }

    /// The names under which its samples are stored: three for a histogram, one otherwise.
    package var sampleNames: [String] {
        kind == .histogram ? [name + "_bucket", name + "_sum", name + "_count"] : [name]
    }
}

/// A label of a metric and the values that it can take.
package struct LabelDescriptor: Sendable, Hashable {
    package enum Values: Sendable, Hashable {
        /// Every value is known beforehand; a counter has all its series from the start.
        case fixed([String])
        /// Values come at run time; past `cap` distinct ones they are counted under `other`.
        case open(cap: Int)
    }

    package let name: String
    package let values: Values

    package static func fixed(_ name: String, _ values: [String]) -> LabelDescriptor {
        LabelDescriptor(name: name, values: .fixed(values))
    }

    package static func open(_ name: String, cap: Int) -> LabelDescriptor {
        LabelDescriptor(name: name, values: .open(cap: cap))
    }

    /// Where values beyond the cap are counted.
    package static let overflow = "other"
}
