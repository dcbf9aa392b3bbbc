/// What changed from one version, or one dataset, to another.
package struct ComparisonReply: Codable, Sendable, Hashable {
    package var dataset: String
    package var version: Int
    package var rows: Int
    /// What it was compared with: the earlier state.
    package var with: Side
    /// Columns in the later order, then those that are gone.
    package var columns: [Column]
    /// The strongest of the columns' verdicts.
    package var verdict: Verdict

    /// By the index of population stability: below 0.1, below 0.2, from 0.2 on; `marked` also for a column that came, went or
    /// has another type.
    package enum Verdict: String, Codable, Sendable, CaseIterable { case stable, moderate, marked }
    package enum Change: String, Codable, Sendable, CaseIterable { case same, added, removed, retyped }

    package struct Side: Codable, Sendable, Hashable {
        package var dataset: String
        package var version: Int
        package var rows: Int

        package init(dataset: String, version: Int, rows: Int) {
            self.dataset = dataset
            self.version = version
            self.rows = rows
        }
    }

    package struct Column: Codable, Sendable, Hashable {
        package var name: String
        package var change: Change
        package var type: ColumnType?
        package var typeBefore: ColumnType?
        package var nullShare: Double?
        package var nullShareBefore: Double?
        package var mean: Double?
        package var meanBefore: Double?
        /// Population stability index; nil where the two cannot be compared.
        package var psi: Double?
        /// Kolmogorov-Smirnov statistic of numbers, dates and timestamps.
        package var ks: Double?
        /// Bins of the index: shares before and after, nulls last.
        package var bins: [Bin]?
        /// Values of texts and booleans that are new or gone: how many, and the most frequent.
        package var newValues: Values?
        package var goneValues: Values?
        package var verdict: Verdict

        package init(name: String, change: Change, verdict: Verdict) {
            self.name = name
            self.change = change
            self.verdict = verdict
        }
    }

    package struct Bin: Codable, Sendable, Hashable {
        package var label: String
        package var before: Double
        package var after: Double

        package init(label: String, before: Double, after: Double) {
            self.label = label
            self.before = before
            self.after = after
        }
    }

    package struct Values: Codable, Sendable, Hashable {
        package var count: Int
        package var most: [ColumnProfileReply.TopValue]

        package init(count: Int, most: [ColumnProfileReply.TopValue]) {
            self.count = count
            self.most = most
        }
    }

    package init(
        dataset: String, version: Int, rows: Int, with: Side, columns: [Column], verdict: Verdict
    ) {
        self.dataset = dataset
        self.version = version
        self.rows = rows
        self.with = with
        self.columns = columns
        self.verdict = verdict
    }
}
