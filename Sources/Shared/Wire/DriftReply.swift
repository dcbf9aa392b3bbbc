/// How far the rows that a model predicted lately are from those it was trained on.
package struct DriftReply: Codable, Sendable {
    package var model: String
    package var version: Int
    /// Rows counted; older ones count less.
    package var rows: Int
    /// With fewer rows nothing is said.
    package var minimumRows: Int
    /// The strongest of all verdicts; nil with too few rows.
    package var verdict: ComparisonReply.Verdict?
    /// Of the answers; nil with too few rows and for models that did not keep what they answered in training.
    package var prediction: Shift?
    /// In the model's order; empty with too few rows.
    package var features: [Shift] = []

    package struct Shift: Codable, Sendable, Hashable {
        package var feature: String
        /// Population stability index.
        package var psi: Double
        package var verdict: ComparisonReply.Verdict
        /// Shares of the training rows and of the recent ones.
        package var bins: [ComparisonReply.Bin]

        package init(feature: String, psi: Double, verdict: ComparisonReply.Verdict, bins: [ComparisonReply.Bin]) {
            self.feature = feature
            self.psi = psi
            self.verdict = verdict
            self.bins = bins
        }
    }

    package init(model: String, version: Int, rows: Int, minimumRows: Int) {
        self.model = model
        self.version = version
        self.rows = rows
        self.minimumRows = minimumRows
    }
}
