import Shared
import Tabular

/// Finds, fits and checks the best model within the budget.
///
/// Synchronous: everything happens on the caller's thread and on `threads - 1` more while it waits.
package struct AutoMLSearch: Sendable {
    package let plan: TrainingPlan
    let table: PreparedTable
    let source: DataTable
    let clock: SearchClock
    let searchRows: [Int32]

    /// Prepares the columns of the features.
    ///
    /// - Parameter start: when the budget began to run.
    /// - Throws: `.outOfMemory` when even a small sample does not fit.
    package init(
        plan: TrainingPlan, table: DataTable, start: ContinuousClock.Instant = .now
    ) throws(LearningError) {
        self.plan = plan
        source = table
        clock = SearchClock(budget: plan.options.budgetSeconds, start: start)
        self.table = try PreparedTable(table, features: plan.features)
        searchRows = try Self.chooseRows(plan)
    }

    /// All rows, or as large a sample as time and memory allow for; a function of the request only, so that it can be repeated.
    private static func chooseRows(_ plan: TrainingPlan) throws(LearningError) -> [Int32] {
        let features = max(1, plan.features.count)
        // Per cell: the prepared value, the matrices of the folds and the bins of the fits that run at once.
        let bytesPerRow = features * (8 + 4 * 5 + 4 * max(1, plan.options.threads)) + 8 * 40
        let ofMemory = plan.options.memoryBytes / bytesPerRow
        guard ofMemory >= min(plan.rows.count, 1_000) else {
            throw .outOfMemory(
                neededBytes: min(plan.rows.count, 1_000) * bytesPerRow, allowedBytes: plan.options.memoryBytes)
        }
        let ofTime = Int(max(1, min(1e6, plan.options.budgetSeconds)) * 200_000) / features
        let count = min(plan.rows.count, ofMemory, max(2_000, ofTime))
        guard count < plan.rows.count else { return plan.rows }
        var random = RandomStream(seed: plan.options.seed, part: 0x5A3)
        return random.sample(count, below: plan.rows.count).map { plan.rows[Int($0)] }
    }

    /// Runs until the budget is spent.
    ///
    /// - Parameters:
    ///   - resume: finished trials of an earlier run of the same plan on the same table, to go on from.
    ///   - onTrial: called after each finished trial, so that it can be committed.
    ///   - onProgress: called at each step.
    ///   - isCancelled: asked at least every 100 ms from any thread.
    /// - Throws: a `LearningError`, `.cancelled` among them, or what `onTrial` throws.
    package func run(
        resume: [TrialRecord] = [], onTrial: (TrialRecord) throws -> Void = { _ in },
        onProgress: (SearchProgress) -> Void = { _ in }, isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> ModelArtifact {
        let folds = SearchFolds(plan, table: table, rows: searchRows)
        let proposer = TrialProposer(
            algorithms: plan.algorithms, metric: plan.metric, rows: searchRows.count,
            isClassification: plan.task != .regression, seed: plan.options.seed)
        var state = SearchState(
            plan: plan, searchRows: searchRows, records: resume.filter { $0.rows == searchRows.count })
        var skipped = 0
        while skipped < 10, state.mayGoOn, state.hasTime(clock) || state.records.isEmpty {
            if isCancelled() { throw LearningError.cancelled }
            let number = state.nextNumber
            guard let configuration = proposer.configuration(number, after: state.records) else { break }
            onProgress(state.progress(clock, step: "Trying \(configuration.learner.rawValue)"))
            state.nextNumber += 1
            let mustRun = state.records.isEmpty
            guard mustRun || state.isAffordable(configuration, clock) else {
                skipped += 1
                continue
            }
            let run = TrialRun(
                folds: folds, metric: plan.metric, seed: plan.options.seed &+ UInt64(number) &* 1_000,
                threads: plan.options.threads,
                // The baseline takes no time worth limiting, and without it there would be no model at all.
                deadline: mustRun ? .now + .seconds(3600) : clock.instant(leaving: state.reserve),
                isCancelled: isCancelled)
            guard let outcome = try run.run(configuration, number: number) else {
                skipped += 1
                continue
            }
            skipped = 0
            state.add(outcome)
            try onTrial(outcome.record)
        }
        let finish = SearchFinish(search: self, folds: folds, state: state, isCancelled: isCancelled)
        return try finish.artifact { onProgress(state.progress(clock, step: $0)) }
    }
}
