/// What a search knows so far.
struct SearchState: Sendable {
    let plan: TrainingPlan
    /// How many rows of the table the folds were cut from.
    let searchRows: Int
    private(set) var records: [TrialRecord]
    var nextNumber: Int
    /// Seconds that the pipeline is likely to take on the rows of the refit.
    var pipelineSeconds = 0.0
    /// The first fold's model of the best trial, when it was fitted in this run.
    private(set) var bestModel: (number: Int, model: any FittedModel)?

    /// Predictions that time is left for after the search.
    private static let mostPredictedRows = 40_000
    /// Trials that an ensemble is likely to be made of, and the share of the best one's lead over the baseline by which they may be behind.
    private static let likelyMembers = 4
    private static let likelyShortfall = 0.02
    /// Most of the time that is left for a further trial of a learner while others wait for their first.
    private static let shareBeforeOthers = 0.5
    /// Most of the budget that is kept for fitting members again by other seeds.
    private static let repetitionShare = 0.08

    init(plan: TrainingPlan, searchRows: Int, records: [TrialRecord]) {
        self.plan = plan
        self.searchRows = searchRows
        self.records = records.sorted { $0.number < $1.number }
        nextNumber = (records.map(\.number).max() ?? -1) + 1
    }

    var mayGoOn: Bool { plan.options.maxTrials.map { records.count < $0 } ?? true }

    var best: TrialRecord? { ranked.first }

    /// Best first; equals by number.
    var ranked: [TrialRecord] {
        records.sorted {
            (plan.metric.loss($0.score), $0.number) < (plan.metric.loss($1.score), $1.number)
        }
    }

    mutating func add(_ outcome: TrialRun.Outcome) {
        records.append(outcome.record)
        if best?.number == outcome.record.number { bestModel = (outcome.record.number, outcome.firstModel) }
    }

    /// The best trials, without those that are far behind: time that is kept for them would be lost to the search.
    private var likelyMembers: [TrialRecord] {
        let ranked = ranked
        guard let best = ranked.first,
            let baseline = ranked.first(where: { $0.learner == .baseline }) ?? ranked.last
        else { return [] }
        let (least, most) = (plan.metric.loss(best.score), plan.metric.loss(baseline.score))
        let enough = least + Self.likelyShortfall * (most - least)
        return ranked.prefix(Self.likelyMembers).filter { !(plan.metric.loss($0.score) > enough) }
    }

    /// Seconds to be left for the refit of an ensemble of the best trials and for the checks after it.
    var reserve: Double {
        let members = likelyMembers
        let growth = Double(refitRows) / Double(max(1, records.first?.rows ?? 1)) * 1.35
        let threads = max(1, min(2, plan.options.threads))
        let refit = Refit.seconds(members, threads: threads) * growth
        let repeated = members.filter { LearnerFactory.drawsByChance(TrialConfiguration($0)) }
        let trees = repeated.reduce(0) { $0 + ($1.rounds ?? 0) } * (plan.target.outputs > 2 ? plan.target.outputs : 1)
        let repetitions = Refit.seconds(repeated, threads: threads) * growth * Double(Refit.fits(trees: trees) - 1)
        return min(
            plan.options.budgetSeconds * 0.5,
            0.15 + plan.options.budgetSeconds * 0.05 + refit * 1.3 + pipelineSeconds + predictSeconds
                + min(repetitions, plan.options.budgetSeconds * Self.repetitionShare))
    }

    /// Seconds of the predictions that importances take: a few rounds over the rows; of a small table, no more than it has.
    var predictSeconds: Double {
        let predictedRows = Double(min(Self.mostPredictedRows, plan.rows.count * 2))
        return (best?.predictSecondsPer1000 ?? 0) * predictedRows / 1000
    }

    /// Rows that the refit may see at most.
    var refitRows: Int {
        TrainingMemory(plan).fitsAll(searchRows: searchRows) ? plan.rows.count : searchRows
    }

    func hasTime(_ clock: SearchClock) -> Bool { clock.remaining > reserve }

    /// Whether a trial is likely to end in time: as long as the learner's trials took, on all folds.
    ///
    /// - Parameter othersWait: whether learners are still to be tried for the first time; a further trial of another must leave them
    ///   some of the time, since models that err differently are worth more together than the next of a kind.
    func isAffordable(_ configuration: TrialConfiguration, _ clock: SearchClock, othersWait: Bool) -> Bool {
        let earlier = records.filter { $0.learner == configuration.learner }
        guard !earlier.isEmpty else { return true }
        // Seconds a unit of relative cost, of the dearest of the last trials: better a trial fewer than one cut off at the end.
        let seconds =
            earlier.suffix(6).map {
                ($0.fitSeconds + $0.predictSecondsPer1000)
                    / LearnerFactory.relativeCost(TrialConfiguration($0))
            }.max() ?? 0
        let expected = seconds * LearnerFactory.relativeCost(configuration) * Double(earlier[0].foldScores.count)
        let free = (clock.remaining - reserve) * (othersWait ? Self.shareBeforeOthers : 1)
        return expected / Double(max(1, plan.options.threads)) < free
    }

    /// When a trial must have ended. The baseline takes no time worth limiting, and without it there would be no model at all; the
    /// first trial of a learner leaves time to fit it on all rows, and to learners that are more often the best.
    func deadline(for configuration: TrialConfiguration, _ clock: SearchClock) -> ContinuousClock.Instant {
        if records.isEmpty { return .now + .seconds(3600) }
        if records.contains(where: { $0.learner == configuration.learner }) {
            return clock.instant(leaving: reserve)
        }
        let share = configuration.learner == .gradientBoosting || configuration.learner == .linear ? 0.55 : 0.3
        return .now + .seconds(max(0, clock.remaining - reserve) * share)
    }

    func progress(_ clock: SearchClock, step: String) -> SearchProgress {
        SearchProgress(
            fraction: min(1, clock.elapsed / clock.budget), step: step, trials: records.count,
            bestLearner: best?.learner.rawValue, bestScore: best?.score, elapsedSeconds: clock.elapsed,
            remainingSeconds: max(0, clock.budget - clock.elapsed))
    }
}
