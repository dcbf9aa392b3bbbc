/// A label of a series.
package struct Label: Sendable, Hashable, Comparable, Codable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    package static func < (left: Label, right: Label) -> Bool {
        left.name == right.name ? left.value < right.value : left.name < right.name
    }
}

/// The labels of a series, sorted by name, the metric name among them as `__name__`. A label without a value is no label.
///
/// The hash is computed once: sets are looked up at every evaluation and built once a series.
package struct LabelSet: Sendable, Hashable {
    package static let metricName = "__name__"
    package static let empty = LabelSet(sorted: [])

    package let labels: [Label]
    private let cachedHash: Int

    /// Takes labels in any order; of two with the same name the last one counts.
    package init(_ labels: some Sequence<Label>) {
        var kept: [String: String] = [:]
        for label in labels { kept[label.name] = label.value }
        self.init(
            sorted: kept.filter { !$0.value.isEmpty }.map { Label($0.key, $0.value) }.sorted { $0.name < $1.name })
    }

    package init(name: String? = nil, _ labels: [String: String] = [:]) {
        self.init(labels.map { Label($0.key, $0.value) } + (name.map { [Label(Self.metricName, $0)] } ?? []))
    }

    /// - Precondition: sorted by name, names distinct, no value empty.
    init(sorted labels: [Label]) {
        self.labels = labels
        var hasher = Hasher()
        for label in labels {
            hasher.combine(label.name)
            hasher.combine(label.value)
        }
        cachedHash = hasher.finalize()
    }

    package static func == (left: LabelSet, right: LabelSet) -> Bool {
        left.cachedHash == right.cachedHash && left.labels == right.labels
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(cachedHash) }

    /// The value of a label, empty if there is none, as PromQL has it.
    package subscript(name: String) -> String {
        for label in labels where label.name == name { return label.value }
        return ""
    }

    package var metricName: String { self[Self.metricName] }

    package var isEmpty: Bool { labels.isEmpty }

    /// The same labels without the metric name.
    package var withoutName: LabelSet {
        labels.contains { $0.name == Self.metricName } ? filtered { $0 != Self.metricName } : self
    }

    /// The labels whose names satisfy `keep`.
    package func filtered(_ keep: (String) -> Bool) -> LabelSet {
        LabelSet(sorted: labels.filter { keep($0.name) })
    }

    /// The labels with some set to other values; an empty value removes the label.
    package func setting(_ changes: [Label]) -> LabelSet {
        changes.isEmpty ? self : LabelSet(labels + changes)
    }

    /// The labels but the metric name as a dictionary.
    package var dictionary: [String: String] {
        Dictionary(
            labels.filter { $0.name != Self.metricName }.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }
}

extension LabelSet: Comparable {
    /// By label after label, as Prometheus orders series.
    package static func < (left: LabelSet, right: LabelSet) -> Bool {
        left.labels.lexicographicallyPrecedes(right.labels)
    }
}

extension LabelSet: CustomStringConvertible {
    /// As a PromQL selector: `name{a="b"}`.
    package var description: String {
        let inner = labels.filter { $0.name != Self.metricName }.map { "\($0.name)=\"\(LabelSet.escaped($0.value))\"" }
        let name = metricName
        return inner.isEmpty && !name.isEmpty ? name : name + "{" + inner.joined(separator: ", ") + "}"
    }

    /// A label value as exposition and PromQL quote it.
    package static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension LabelSet: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode([String: String].self).map { Label($0.key, $0.value) })
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Dictionary(labels.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
    }
}
