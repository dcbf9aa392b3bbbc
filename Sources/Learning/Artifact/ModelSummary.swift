import Shared

/// What a stored model says of itself.
package struct ModelSummary: Codable, Sendable, Equatable {
    package var target: String
    package var task: TaskKind
    package var metric: Metric
    /// Mean over the folds on which the metric is defined, in its own orientation; nil when there is none.
    package var score: Double?
    package var scoreDeviation: Double
    /// The learner, `ensemble` or `stack` for several.
    package var learner: String
    /// Members of an ensemble with their shares, or of a stack with their weights; one entry otherwise.
    package var members: [Member]
    /// Class labels in the order of their codes; empty for regression.
    package var classes: [String]
    package var leftOut: [TrainingPlan.LeftOutColumn]
    /// Columns that predictions follow one way; nil for none, as in models of earlier releases.
    package var monotone: [String: MonotoneDirection]?
    /// Rows that were trained on, and rows left out because their target is null.
    package var rows: Int
    package var droppedRows: Int
    package var trials: Int
    package var folds: Int
    package var seed: UInt64
    package var trainingSeconds: Double
    /// Set by whoever knows it; 0 for unknown.
    package var datasetVersion: Int

    package struct Member: Codable, Sendable, Equatable {
        package var learner: String
        package var weight: Double
        package var parameters: [String: JSONValue]
    }
}
