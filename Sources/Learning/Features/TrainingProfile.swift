import Shared
import Tabular

/// What the training rows looked like, feature by feature, and what the model answered: for flags on single rows and for drift.
package struct TrainingProfile: Sendable, Codable, Equatable {
    package struct Feature: Sendable, Codable, Equatable {
        package var name: String
        package var nullShare: Double
        /// Numbers, and instants as seconds since 1970; absent for texts and when every value is missing.
        package var minimum: Double?
        package var maximum: Double?
        /// Inner bounds of the stretches whose shares are kept; ascending.
        package var cuts: [Double]
        /// Share of the filled values in each stretch, or of each label.
        package var shares: [Double]
        /// Labels, commonest first.
        package var labels: [String]
        /// Whether `labels` are all there were.
        package var knowsAllLabels: Bool
    }

    package var rows: Int
    package var features: [Feature]
    /// The answers (a number, the probability of the second of two classes, or the class) out of fold, then those of the finished
    /// model for rows that it was fitted on. Absent in models of earlier releases.
    package var answers: [Feature]?

    package init(_ table: PreparedTable, features: [RawFeature]) {
        rows = table.rows
        self.features = zip(features, table.columns).map { Feature($0.name, $1) }
    }
}

extension TrainingProfile.Feature {
    /// Most labels that are kept of one feature.
    private static let mostLabels = 2_000
    private static let stretches = 10

    init(_ name: String, _ column: PreparedTable.Column) {
        switch column {
        case .numbers(let values): self.init(name, numbers: values.map(Double.init))
        case .instants(let values): self.init(name, numbers: values)
        case .labels(let codes): self.init(name, labels: codes)
        }
    }

    private init(_ name: String, numbers values: [Double]) {
        let sorted = OrderedBits.sorted(values)
        self.init(
            name: name, nullShare: values.isEmpty ? 0 : 1 - Double(sorted.count) / Double(values.count),
            minimum: sorted.first, maximum: sorted.last, cuts: Self.cuts(sorted), shares: [], labels: [],
            knowsAllLabels: true)
        shares = shares(ofSorted: sorted)
    }

    /// Every value above the least where there are few, such as 0 and 1; else the deciles.
    private static func cuts(_ sorted: [Double]) -> [Double] {
        guard let least = sorted.first else { return [] }
        var values = [least]
        for value in sorted where value > values[values.count - 1] {
            values.append(value)
            if values.count > stretches { break }
        }
        if values.count <= stretches { return Array(values.dropFirst()) }
        var cuts: [Double] = []
        for stretch in 1..<stretches {
            let cut = sorted[sorted.count * stretch / stretches]
            if cut > cuts.last ?? least { cuts.append(cut) }
        }
        // Nine of ten values are the least one: the others are what can move.
        return cuts.isEmpty ? [values[1]] : cuts
    }

    private init(_ name: String, labels codes: CategoryCodes) {
        var counts = [Int](repeating: 0, count: codes.labels.count)
        var filled = 0
        for code in codes.codes where code >= 0 {
            counts[Int(code)] += 1
            filled += 1
        }
        let present = codes.labels.indices.filter { counts[$0] > 0 }
            .sorted { (counts[$1], codes.labels[$0]) < (counts[$0], codes.labels[$1]) }
        let kept = present.prefix(Self.mostLabels)
        self.init(
            name: name, nullShare: codes.codes.isEmpty ? 0 : 1 - Double(filled) / Double(codes.codes.count),
            minimum: nil, maximum: nil, cuts: [], shares: kept.map { Double(counts[$0]) / Double(max(1, filled)) },
            labels: kept.map { codes.labels[$0] }, knowsAllLabels: kept.count == present.count)
    }

    /// Share of ascending numbers in each stretch between the cuts.
    private func shares(ofSorted values: [Double]) -> [Double] {
        let starts = [0] + cuts.map { Self.first(values, notBelow: $0) } + [values.count]
        return zip(starts, starts.dropFirst()).map { values.isEmpty ? 0 : Double($1 - $0) / Double(values.count) }
    }

    /// The place of the first of ascending numbers that is not below a bound.
    private static func first(_ values: [Double], notBelow bound: Double) -> Int {
        var (low, high) = (0, values.count)
        while low < high {
            let middle = (low + high) / 2
            if values[middle] < bound { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
