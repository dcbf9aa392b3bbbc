import Tabular

/// Fits the chosen trials once more, on all rows.
struct Refit: Sendable {
    let plan: TrainingPlan
    let table: PreparedTable
    let clock: SearchClock
    let state: SearchState
    let folds: SearchFolds
    let isCancelled: @Sendable () -> Bool

    struct Result: Sendable {
        var model: any FittedModel
        var pipeline: FittedPipeline
        /// What was fitted of the choice.
        var choice: FinalChoice
        /// The rows that were fitted on.
        var table: PreparedTable
    }

    /// Rows from which on a fit by several threads is not mostly waiting.
    private static let rowsForThreads = 50_000
    private static let leastWeight = 0.5
    /// Share of the rounds of boosting without which a model is left out.
    private static let leastRounds = 0.6

    /// Seconds that stay free for the checks after the refit.
    var checks: Double { 0.1 + plan.options.budgetSeconds * 0.04 }

    /// Members are fitted in order of weight while the time lasts; the others are left out, and the rest is weighed and scored anew.
    ///
    /// - Throws: `.cancelled`, or what a fit throws.
    func run(_ choice: FinalChoice) throws(LearningError) -> Result {
        let rows = affordableRows(choice)
        let table = rows.count == self.table.rows ? self.table : self.table.selecting(rows)
        let target = plan.target.selecting(rows)
        let all = Array(0..<Int32(rows.count))
        let (pipeline, matrix) = plan.pipeline
            .fitTransform(table, target: target, rows: all, seed: plan.options.seed &+ 77)
        let lanes = Self.lanes(choice.members.map(\.record), threads: plan.options.threads)
        let threads = max(1, plan.options.threads / lanes)
        let results = Lanes.map(choice.members.count, lanes: lanes) { index in
            Swift.Result { () throws(LearningError) -> (any FittedModel)? in
                let record = choice.members[index].record
                let expected = seconds(record, rows: rows.count, threads: threads)
                guard index == 0 || expected < clock.remaining - checks else { return nil }
                return try fit(record, matrix: matrix, target: target, rows: all, threads: threads)
            }
        }
        var fitted: [Int: any FittedModel] = [:]
        for (member, result) in zip(choice.members, results) {
            if let model = try result.get() { fitted[member.record.number] = model }
        }
        let whole = choice.members.reduce(0) { $0 + $1.weight }
        let total = choice.members.reduce(0) { fitted[$1.record.number] == nil ? $0 : $0 + $1.weight }
        // Without most of its weight it is another ensemble than the one that was chosen.
        guard total >= Self.leastWeight * whole else { return try ofFirstFold() }
        fitted = try repeated(fitted, of: choice, matrix: matrix, target: target)
        let kept = choice.keeping(
            Set(fitted.keys), stacking: StackFit(folds: folds.plan, target: folds.target))
        guard let model = Self.model(of: kept, fitted) else { return try ofFirstFold() }
        return Result(model: model, pipeline: pipeline, choice: kept, table: table)
    }

    /// Nil when a member was not fitted.
    private static func model(of choice: FinalChoice, _ fitted: [Int: any FittedModel]) -> (any FittedModel)? {
        let members = choice.members.compactMap { member in
            fitted[member.record.number].map {
                EnsembleModel.Member(weight: member.weight, model: $0, learner: member.record.learner)
            }
        }
        guard members.count == choice.members.count, let first = members.first else { return nil }
        guard members.count > 1 else { return first.model }
        switch choice.combination {
        case .mean: return EnsembleModel(members: members)
        case .stack(let intercepts): return EnsembleModel(stacking: members, intercepts: intercepts)
        }
    }

    /// Rows that a fold trains on.
    private var trainRows: Int { folds.plan.folds.map(\.train.count).max() ?? 1 }

    /// Seconds that the refit of a trial takes by itself.
    private func seconds(_ record: TrialRecord, rows: Int, threads: Int) -> Double {
        seconds([record], rows: rows, threads: threads)
    }

    /// Seconds that refits of trials take on some of the rows, next to each other.
    func seconds(_ records: some Collection<TrialRecord>, rows: Int, threads: Int) -> Double {
        Self.seconds(records, threads: threads) * Double(rows) / Double(max(1, trainRows))
    }

    /// Seconds that refits of trials take, next to each other.
    static func seconds(_ records: some Collection<TrialRecord>, threads: Int) -> Double {
        let all = records.reduce(0) { $0 + $1.fitSeconds }
        let longest = records.map(\.fitSeconds).max() ?? 0
        guard threads > 1 else { return all }
        guard lanes(records, threads: threads) > 1 else { return all / threadGain(records) }
        return max(all / Double(threads), longest)
    }

    /// Fits at once: members side by side use the threads best, unless all would wait for one of them.
    static func lanes(_ records: some Collection<TrialRecord>, threads: Int) -> Int {
        let all = records.reduce(0) { $0 + $1.fitSeconds }
        let longest = records.map(\.fitSeconds).max() ?? 0
        return longest > all / threadGain(records) ? 1 : max(1, min(threads, records.count))
    }

    /// What several threads at least gain in the longest of some fits, over trials whose folds had a thread each, or nearly so.
    private static func threadGain(_ records: some Collection<TrialRecord>) -> Double {
        let longest = records.max { $0.fitSeconds < $1.fitSeconds }
        return longest.map { $0.rows >= rowsForThreads && $0.learner.usesThreads } ?? false ? 1.5 : 1.1
    }

    /// Whether a learner that was stopped had come so far that its model is nearly what it would have been.
    private static func hasMost(_ model: any FittedModel, of configuration: TrialConfiguration) -> Bool {
        guard let rounds = LearnerFactory.rounds(of: model), let asked = configuration.parameters["iterations"]?.number
        else { return false }
        return Double(rounds) >= leastRounds * asked
    }

    /// As many rows as are likely to be fitted in the time that is left; those of the search when all would take more memory than there is.
    private func affordableRows(_ choice: FinalChoice) -> [Int32] {
        let searched = folds.table.rows
        guard TrainingMemory(plan).fitsAll(searchRows: searched) else { return plan.sample(searched) }
        let count = Self.affordableRows(of: plan.rows.count, searched: searched) { count in
            let records = choice.members.map(\.record)
            let threads = plan.options.threads / Self.lanes(records, threads: plan.options.threads)
            let expected = seconds(records[0], rows: count, threads: threads) + folds.pipelineSeconds(rows: count)
            return expected < (clock.remaining - checks) * 0.8
        }
        return plan.sample(count)
    }

    /// All rows, half of them and so on, but no fewer than the search had: steps, so that the same request has the same rows again.
    static func affordableRows(of all: Int, searched: Int, isAffordable: (Int) -> Bool) -> Int {
        var count = all
        while count > searched, !isAffordable(count) { count /= 2 }
        return max(count, searched)
    }

    /// - Returns: nil when it did not end in time and has less than most of its rounds.
    func fit(
        _ record: TrialRecord, repetition: Int = 0, matrix: FeatureMatrix, target: Target, rows: [Int32], threads: Int
    ) throws(LearningError) -> (any FittedModel)? {
        let configuration = LearnerFactory.refitting(record, rows: rows.count, trainRows: trainRows)
        let context = FitContext(
            seed: plan.options.seed &+ UInt64(record.number) &* 1_000 &+ UInt64(repetition), threads: threads,
            deadline: clock.instant(leaving: checks), isCancelled: isCancelled)
        do {
            let model = try LearnerFactory.make(configuration).fit(
                matrix, target: target, rows: rows, weights: nil, context: context)
            let isWhole = ContinuousClock.now < clock.instant(leaving: checks) || record.learner == .baseline
            return isWhole || Self.hasMost(model, of: configuration) ? model : nil
        } catch {
            if case .cancelled = error, !isCancelled() { return nil }
            throw error
        }
    }

    /// When no refit ended in time: the model of the best trial's first fold, which is at hand.
    private func ofFirstFold() throws(LearningError) -> Result {
        _ = folds.matrix(0)
        guard let kept = state.bestModel, let pipeline = folds.pipelines.current[0],
            let record = state.records.first(where: { $0.number == kept.number })
        else { return try baseline() }
        return Result(
            model: kept.model, pipeline: pipeline, choice: FinalChoice(record), table: folds.table)
    }

    private func baseline() throws(LearningError) -> Result {
        let matrix = folds.matrix(0)
        guard let pipeline = folds.pipelines.current[0],
            let record = state.records.first(where: { $0.learner == .baseline }) ?? state.records.first
        else { throw .noFeatures }
        let model = try BaselineLearner().fit(
            matrix, target: folds.target, rows: Array(0..<Int32(folds.table.rows)), weights: nil,
            context: FitContext(seed: plan.options.seed, isCancelled: isCancelled))
        return Result(
            model: model, pipeline: pipeline, choice: FinalChoice(record), table: folds.table)
    }
}
