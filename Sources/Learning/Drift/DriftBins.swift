import Foundation
import Shared
import Tabular

/// The bins in which values of one feature are counted, with the share that each had in training.
///
/// A bin holds at least 30 rows of training (half of them in a smaller table): with fewer, chance alone would look like drift.
/// Missing values have the last bin, rare and unseen labels the one before.
struct DriftBins: Sendable {
    private enum Places: Sendable {
        /// Lower bounds of all bins but the first; ascending.
        case numbers(cuts: [Double])
        case labels([String: Int])
    }

    let feature: String
    /// Shares of the training rows; add up to 1.
    let expected: [Double]
    private let places: Places

    private static let leastRows = 30.0
    private static let mostLabels = 20

    /// - Parameter rows: training rows that the shares are of.
    init(_ feature: TrainingProfile.Feature, rows: Int) {
        self.feature = feature.name
        let least = min(Self.leastRows / Double(max(1, rows)), 0.5)
        let filled = 1 - feature.nullShare
        var shares: [Double] = []
        if feature.labels.isEmpty {
            var cuts: [Double] = []
            var share = 0.0
            for (index, part) in feature.shares.enumerated() {
                share += part * filled
                if share >= least, index < feature.cuts.count {
                    shares.append(share)
                    cuts.append(feature.cuts[index])
                    share = 0
                }
            }
            // What is left at the end is no bin of its own if it is small.
            if share < least, !shares.isEmpty {
                share += shares.removeLast()
                cuts.removeLast()
            }
            shares.append(share)
            places = .numbers(cuts: cuts)
        } else {
            let kept = zip(feature.labels, feature.shares).prefix(Self.mostLabels).filter { $0.1 * filled >= least }
            shares = kept.map { $0.1 * filled }
            shares.append(max(0, filled - shares.reduce(0, +)))
            places = .labels(
                Dictionary(kept.enumerated().map { ($1.0, $0) }, uniquingKeysWith: { first, _ in first }))
        }
        expected = shares + [feature.nullShare]
    }

    /// Adds every value of a column to the counts of these bins, which begin at `start`.
    ///
    /// - Complexity: O(rows)
    func add(_ column: PreparedTable.Column, to counts: inout [Double], at start: Int) {
        let missing = start + expected.count - 1
        switch (column, places) {
        case (.numbers(let values), .numbers(let cuts)):
            for value in values {
                counts[value.isNaN ? missing : start + Self.bin(Double(value), cuts)] += 1
            }
        case (.instants(let values), .numbers(let cuts)):
            for value in values { counts[value.isNaN ? missing : start + Self.bin(value, cuts)] += 1 }
        case (.labels(let codes), .labels(let places)):
            // One look-up a label, not a value.
            let ofLabel = codes.labels.map { start + (places[$0] ?? expected.count - 2) }
            for code in codes.codes { counts[code < 0 ? missing : ofLabel[Int(code)]] += 1 }
        case (.labels(let codes), .numbers):
            // A text column of training without a single value has no labels: whatever comes now is new.
            for code in codes.codes { counts[code < 0 ? missing : start] += 1 }
        case (.numbers, .labels), (.instants, .labels): break
        }
    }

    private static func bin(_ value: Double, _ cuts: [Double]) -> Int {
        var bin = 0
        while bin < cuts.count, value >= cuts[bin] { bin += 1 }
        return bin
    }

    /// What each bin holds, in words.
    func labels(_ type: ColumnType) -> [String] {
        var labels: [String]
        switch places {
        case .numbers(let cuts):
            let edges = cuts.map { Self.text($0, type) }
            labels = edges.enumerated().map { $0 == 0 ? "< \($1)" : "\(edges[$0 - 1]) … \($1)" }
            labels.append(edges.last.map { ">= \($0)" } ?? "all")
        case .labels(let places):
            labels = places.sorted { $0.value < $1.value }.map(\.key) + ["other"]
        }
        return labels + ["null"]
    }

    private static func text(_ edge: Double, _ type: ColumnType) -> String {
        switch type {
        case .date: String(WireTime.text(Date(timeIntervalSince1970: edge)).prefix(10))
        case .timestamp: WireTime.text(Date(timeIntervalSince1970: edge))
        default: String(format: "%.6g", edge)
        }
    }
}
