import Shared
import Tabular

/// What the training rows looked like, feature by feature: for flags on single rows and for drift.
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

    /// Most labels that are kept of one feature.
    private static let mostLabels = 2_000
    private static let stretches = 10

    package init(_ table: PreparedTable, features: [RawFeature]) {
        rows = table.rows
        self.features = zip(features, table.columns).map { feature, column in
            switch column {
            case .numbers(let values): Self.numbers(feature.name, values.map(Double.init))
            case .instants(let values): Self.numbers(feature.name, values)
            case .labels(let codes): Self.labels(feature.name, codes)
            }
        }
    }

    private static func numbers(_ name: String, _ values: [Double]) -> Feature {
        let sorted = values.filter { !$0.isNaN }.sorted()
        var cuts: [Double] = []
        if !sorted.isEmpty {
            for stretch in 1..<stretches {
                let cut = sorted[sorted.count * stretch / stretches]
                if cut > cuts.last ?? sorted[0] { cuts.append(cut) }
            }
        }
        var feature = Feature(
            name: name, nullShare: values.isEmpty ? 0 : 1 - Double(sorted.count) / Double(values.count),
            minimum: sorted.first, maximum: sorted.last, cuts: cuts, shares: [], labels: [], knowsAllLabels: true)
        feature.shares = feature.shares(ofNumbers: sorted)
        return feature
    }

    private static func labels(_ name: String, _ codes: CategoryCodes) -> Feature {
        var counts = [Int](repeating: 0, count: codes.labels.count)
        var filled = 0
        for code in codes.codes where code >= 0 {
            counts[Int(code)] += 1
            filled += 1
        }
        let present = codes.labels.indices.filter { counts[$0] > 0 }
            .sorted { (counts[$1], codes.labels[$0]) < (counts[$0], codes.labels[$1]) }
        let kept = present.prefix(mostLabels)
        return Feature(
            name: name, nullShare: codes.codes.isEmpty ? 0 : 1 - Double(filled) / Double(codes.codes.count),
            minimum: nil, maximum: nil, cuts: [], shares: kept.map { Double(counts[$0]) / Double(max(1, filled)) },
            labels: kept.map { codes.labels[$0] }, knowsAllLabels: kept.count == present.count)
    }
}

extension TrainingProfile.Feature {
    /// Share of numbers in each stretch between the cuts.
    func shares(ofNumbers values: [Double]) -> [Double] {
        var counts = [Double](repeating: 0, count: cuts.count + 1)
        var filled = 0.0
        for value in values where !value.isNaN {
            counts[cuts.count { value >= $0 }] += 1
            filled += 1
        }
        return counts.map { filled > 0 ? $0 / filled : 0 }
    }
}
