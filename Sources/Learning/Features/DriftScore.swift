import Foundation
import Tabular

/// How far rows have moved away from those trained on.
package enum DriftScore {
    /// The population stability index of each feature: 0 for the same distribution, above 0.2 for a marked change.
    ///
    /// Missing values are a stretch of their own. Labels past the twentieth count together.
    package static func psi(_ table: PreparedTable, profile: TrainingProfile) -> [String: Double] {
        var result: [String: Double] = [:]
        for (feature, column) in zip(profile.features, table.columns) {
            switch column {
            case .numbers(let values): result[feature.name] = numbers(feature, values.map(Double.init))
            case .instants(let values): result[feature.name] = numbers(feature, values)
            case .labels(let codes): result[feature.name] = labels(feature, codes)
            }
        }
        return result
    }

    private static func numbers(_ feature: TrainingProfile.Feature, _ values: [Double]) -> Double {
        let missing = Double(values.count(where: \.isNaN)) / Double(max(1, values.count))
        return StabilityIndex.of(
            expected: withMissing(feature.shares, feature.nullShare),
            found: withMissing(feature.shares(ofNumbers: values), missing))
    }

    private static func labels(_ feature: TrainingProfile.Feature, _ codes: CategoryCodes) -> Double {
        let kept = 20
        var place: [String: Int] = [:]
        for (index, label) in feature.labels.prefix(kept).enumerated() { place[label] = index }
        let ofLabel = codes.labels.map { place[$0] ?? kept }
        var counts = [Double](repeating: 0, count: kept + 1)
        var filled = 0.0
        for code in codes.codes where code >= 0 {
            counts[ofLabel[Int(code)]] += 1
            filled += 1
        }
        var expected = Array(feature.shares.prefix(kept))
        expected += [Double](repeating: 0, count: kept - expected.count) + [max(0, 1 - expected.reduce(0, +))]
        let missing = 1 - filled / Double(max(1, codes.codes.count))
        return StabilityIndex.of(
            expected: withMissing(expected, feature.nullShare),
            found: withMissing(counts.map { filled > 0 ? $0 / filled : 0 }, codes.codes.isEmpty ? 0 : missing))
    }

    private static func withMissing(_ shares: [Double], _ missing: Double) -> [Double] {
        shares.map { $0 * (1 - missing) } + [missing]
    }
}
