import Shared

/// What to train and what it may cost.
package struct TrainingOptions: Sendable, Equatable {
    package var target: String
    /// Columns to learn from; nil for all that are fit for it.
    package var features: [String]?
    package var exclude: [String] = []
    package var task: TaskKind?
    package var metric: String?
    /// Names of learners; nil for all.
    package var algorithms: [String]?
    package var group: String?
    package var time: String?
    /// Columns that predictions must follow one way, and which.
    package var monotone: [String: MonotoneDirection] = [:]
    package var seed: UInt64 = 0
    /// Wall-clock seconds for everything: search, refit, checks, importances.
    package var budgetSeconds: Double = 60
    package var memoryBytes: Int = 2 << 30
    package var threads: Int = 1
    /// Ends the search after so many trials even when time is left; nil for no such limit.
    package var maxTrials: Int?

    package init(target: String) { self.target = target }

    /// Takes over a request; absent settings keep their defaults.
    package init(_ request: TrainRequest, threads: Int = 1, memoryBytes: Int = 2 << 30) {
        target = request.target
        features = request.features
        exclude = request.exclude ?? []
        task = request.task
        metric = request.metric
        algorithms = request.algorithms
        group = request.group
        time = request.time
        monotone = request.monotone ?? [:]
        seed = request.seed ?? 0
        budgetSeconds = request.budgetSeconds ?? 60
        maxTrials = request.maxTrials
        self.threads = threads
        self.memoryBytes = memoryBytes
    }
}
