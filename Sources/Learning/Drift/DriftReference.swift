import Foundation
import Shared
import Tabular

/// What recent rows are held against: the bins of a model's features and of its answers.
package struct DriftReference: Sendable {
    /// How far one feature, or the answers, have moved.
    package struct Shift: Sendable {
        package var feature: String
        /// Population stability index.
        package var psi: Double
        package var labels: [String]
        package var expected: [Double]
        package var found: [Double]
    }

    /// Fewer rows say nothing: with ten bins, chance alone gives an index of about 0.05 at this number.
    package static let leastRows = 200
    /// What the answers are called among the features.
    package static let answersName = "(prediction)"

    private let types: [ColumnType]
    private let features: [DriftBins]
    /// Out of fold, and on rows fitted on: rows of the one kind or the other are no drift.
    private let answers: [DriftBins]

    package init(_ profile: TrainingProfile, features: [RawFeature]) {
        types = features.map(\.type)
        self.features = profile.features.map { DriftBins($0, rows: profile.rows) }
        answers = (profile.answers ?? []).map { DriftBins($0, rows: profile.rows) }
    }

    private var binCount: Int { (features + answers).reduce(0) { $0 + $1.expected.count } }

    package func emptyCounts(at now: Date) -> DriftCounts { DriftCounts(bins: binCount, at: now) }

    /// Whether counts were made with these bins.
    package func fits(_ counts: DriftCounts) -> Bool {
        counts.counts.count == binCount && counts.rows.isFinite && counts.counts.allSatisfy { $0 >= 0 }
    }

    /// Counts the rows of a table and the answers to them.
    ///
    /// - Complexity: O(rows x features)
    func count(_ table: PreparedTable, answers column: PreparedTable.Column, into counts: inout DriftCounts) {
        var start = 0
        for (bins, column) in zip(features, table.columns) {
            bins.add(column, to: &counts.counts, at: start)
            start += bins.expected.count
        }
        for bins in answers {
            bins.add(column, to: &counts.counts, at: start)
            start += bins.expected.count
        }
        counts.add(rows: table.rows)
    }

    /// How far each feature has moved, in the model's order; nothing without rows.
    package func shifts(_ counts: DriftCounts) -> [Shift] {
        guard counts.rows > 0, fits(counts) else { return [] }
        var start = 0
        return zip(features, types).map { shift($0, counts, &start, type: $1) }
    }

    /// How far the answers have moved; nil without rows, and for models that did not keep what they answered.
    package func answerShift(_ counts: DriftCounts) -> Shift? {
        guard counts.rows > 0, fits(counts) else { return nil }
        var start = features.reduce(0) { $0 + $1.expected.count }
        return answers.map { shift($0, counts, &start, type: .decimal) }.min { $0.psi < $1.psi }
    }

    private func shift(_ bins: DriftBins, _ counts: DriftCounts, _ start: inout Int, type: ColumnType) -> Shift {
        let range = start..<start + bins.expected.count
        start = range.upperBound
        let found = counts.counts[range].map { $0 / counts.rows }
        return Shift(
            feature: bins.feature, psi: StabilityIndex.of(expected: bins.expected, found: found),
            labels: bins.labels(type), expected: bins.expected, found: found)
    }
}
