/// How far a search has come.
package struct SearchProgress: Sendable, Equatable {
    /// 0 ... 1 of the budget.
    package var fraction: Double
    /// What is being done, a few words.
    package var step: String
    package var trials: Int
    package var bestLearner: String?
    /// In the metric's own orientation.
    package var bestScore: Double?
    package var elapsedSeconds: Double
    package var remainingSeconds: Double
}
