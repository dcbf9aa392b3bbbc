import Shared
import Tabular

/// Finds, fits and checks the best model within the budget.
///
/// Synchronous: everything happens on the caller's thread and on `threads - 1` more while it waits.
package struct AutoMLSearch: Sendable {
    package let plan: TrainingPlan
    let table: PreparedTable
    /// Raw cells of the rows that the model's test vectors are of; the table that they are from is not kept.
    let testRows: [[String: JSONValue]]
    let clock: SearchClock
    /// Rows that trials are scored on, unless trials to be resumed were scored on another number.
    let searchRows: Int

    /// Cells that trials are scored on for each second of the budget.
    private static let cellsPerSecond = 200_000.0
    private static let leastRows = 2_000
    /// Rows for each of several classes, whatever the time.
    private static let leastRowsOfClass = 20

    /// Prepares the columns of the features.
    ///
    /// - Parameter start: when the budget began to run.
    /// - Throws: `.outOfMemory` when even a small sample does not fit.
    package init(
        plan: TrainingPlan, table: DataTable, start: ContinuousClock.Instant = .now
    ) throws(LearningError) {
        self.plan = plan
        testRows = TestVectors.sample(table, features: plan.features, rows: plan.rows)
        searchRows = try Self.chooseRows(plan)
        let prepared = try PreparedTable(table, features: plan.features)
        self.table = prepared
        clock = SearchClock(
            budget: plan.options.budgetSeconds, packing: Self.packingSeconds(prepared, features: plan.features),
            start: start)
    }

    /// What the profile takes, measured on a few features; test vectors and bytes take about as long again where there are thousands
    /// of features, and next to nothing where there are few.
    private static func packingSeconds(_ table: PreparedTable, features: [RawFeature]) -> Double {
        let step = 32
        let start = ContinuousClock.now
        for index in stride(from: 0, to: features.count, by: step) {
            _ = TrainingProfile.Feature(features[index].name, table.columns[index])
        }
        let measured = (ContinuousClock.now - start).seconds
        let sampled = Double((features.count + step - 1) / step)
        return 2 * measured / max(1, sampled) * Double(features.count)
    }

    /// As many rows as time and memory allow for: a function of the request only, so that it can be repeated.
    private static func chooseRows(_ plan: TrainingPlan) throws(LearningError) -> Int {
        let memory = TrainingMemory(plan)
        guard memory.rows >= min(plan.rows.count, TrainingMemory.leastRows) else {
            throw .outOfMemory(neededBytes: memory.leastBytes, allowedBytes: plan.options.memoryBytes)
        }
        // Texts are read once, and their terms once a fold; more than two classes take a tree each.
        let columns = Double(plan.matrixColumns) + plan.texts.bytesPerRow / 40
        let trees = plan.target.outputs > 2 ? plan.target.outputs : 1
        let ofTime = max(1, min(1e6, plan.options.budgetSeconds)) * cellsPerSecond / (columns * Double(trees))
        return min(plan.rows.count, memory.rows, max(leastRows, trees * leastRowsOfClass, Int(ofTime)))
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
        // A resumed search has less time left than it began with, but must go on with the rows that it began with.
        let rows = plan.sample(resume.last.map(\.rows) ?? searchRows)
        let folds = SearchFolds(plan, table: table, rows: rows)
        let proposer = TrialProposer(
            algorithms: plan.algorithms, metric: plan.metric, rows: rows.count,
            isClassification: plan.task != .regression, seed: plan.options.seed)
        var state = SearchState(
            plan: plan, searchRows: rows.count, records: resume.filter { $0.rows == rows.count })
        var skipped = 0
        while skipped < 30, state.mayGoOn, state.hasTime(clock) || state.records.isEmpty {
            if isCancelled() { throw LearningError.cancelled }
            let number = state.nextNumber
            guard let configuration = proposer.configuration(number, after: state.records) else { break }
            onProgress(state.progress(clock, step: "Trying \(configuration.learner.rawValue)"))
            state.nextNumber += 1
            let mustRun = state.records.isEmpty
            let othersWait = proposer.hasUntried(after: number, records: state.records)
            guard mustRun || state.isAffordable(configuration, clock, othersWait: othersWait) else {
                skipped += 1
                continue
            }
            let run = TrialRun(
                folds: folds, metric: plan.metric, seed: plan.options.seed &+ UInt64(number) &* 1_000,
                threads: plan.options.threads,
                deadline: state.deadline(for: configuration, clock),
                lastMoment: state.records.isEmpty
                    ? .now + .seconds(3600) : clock.instant(leaving: state.reserve * 0.7),
                isCancelled: isCancelled)
            guard let outcome = try run.run(configuration, number: number) else {
                skipped += 1
                continue
            }
            skipped = 0
            state.add(outcome)
            state.pipelineSeconds = folds.pipelineSeconds(rows: state.refitRows)
            try onTrial(outcome.record)
        }
        var finish = SearchFinish(search: self, folds: folds, state: state, isCancelled: isCancelled)
        return try finish.artifact { onProgress(state.progress(clock, step: $0)) }
    }
}
