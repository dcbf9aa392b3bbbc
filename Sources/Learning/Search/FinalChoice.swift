/// The trials that make up the final model.
struct FinalChoice: Sendable {
    struct Member: Sendable {
        var record: TrialRecord
        var weight: Double
    }

    /// Heaviest first.
    private(set) var members: [Member]
    private(set) var combination = EnsembleModel.Combination.mean
    /// Out-of-fold predictions, one fold after the other; those of a stack by weights fitted on other rows.
    private(set) var predictions: [Double]
    /// The ensemble that a stack took the place of: scored, but not fitted.
    private(set) var replaced: [FinalChoice] = []

    /// Trials that an ensemble is chosen from.
    private static let mostCandidates = 12
    /// Trials that a stack is fitted on at most.
    private static let mostStacked = 6
    /// Members below this share cost more time than they are worth.
    private static let leastWeight = 0.03

    /// Chooses a single trial, an ensemble where it is better beyond the noise of the folds, or a stack where that is better than both.
    ///
    /// - Parameter ranked: best first, at least one.
    init(ranked: [TrialRecord], selection: EnsembleSelection, stacking: StackFit, mustStop: () -> Bool) {
        let metric = selection.metric
        let single = Self.simplest(ranked, metric: metric)
        self.init(single)
        let candidates = Self.candidates(ranked)
        // Where nothing beats the baseline beyond the noise, a mixture would only fit that noise.
        guard candidates.count > 1, !single.outOfFold.isEmpty, single.learner != .baseline else { return }
        let outputs = candidates.map { $0.outOfFold.map(Double.init) }
        let choices = selection.choose(outputs, mustStop: mustStop).filter { $0.weight >= Self.leastWeight }
        let members = choices.map { Member(record: candidates[$0.candidate], weight: $0.weight) }
        let ensemble = FinalChoice(meanOf: members)
        let scores = selection.foldScores(ensemble.predictions)
        if members.count > 1, Self.isBetter(scores, than: single.foldScores, metric: metric, noise: 0.25) {
            self = ensemble
        }
        let stacked = Self.stacked(ensemble.members, candidates: candidates)
        guard let stack = FinalChoice(stackOf: stacked, stacking: stacking, mustStop: mustStop) else { return }
        let stackScores = selection.foldScores(stack.predictions)
        // It has more to be fitted than a mean has, so it must be better by a whole standard error.
        guard Self.isBetter(stackScores, than: scores, metric: metric, noise: 1),
            Self.isBetter(stackScores, than: single.foldScores, metric: metric, noise: 1)
        else { return }
        let earlier = self
        self = stack
        if earlier.members.count > 1 { replaced = [earlier] }
    }

    /// A single trial.
    init(_ record: TrialRecord) {
        members = [Member(record: record, weight: 1)]
        predictions = record.outOfFold.map(Double.init)
    }

    /// The mean of trials, whose weights are made to sum to 1.
    ///
    /// - Parameter members: at least one.
    init(meanOf members: [Member]) {
        let total = members.reduce(0) { $0 + $1.weight }
        let shares = members.map { Member(record: $0.record, weight: $0.weight / total) }
        predictions = EnsembleSelection.mean(
            shares.map { $0.record.outOfFold.map(Double.init) },
            shares.enumerated().map { EnsembleSelection.Choice(candidate: $0, weight: $1.weight) })
        self.members = Self.heaviestFirst(shares)
    }

    /// The stack of those of the trials that it gives weight to; nil when fewer than two get any, or it had to stop.
    private init?(stackOf records: [TrialRecord], stacking: StackFit, mustStop: () -> Bool) {
        func outputs(_ records: [TrialRecord]) -> [[Double]] { records.map { $0.outOfFold.map(Double.init) } }
        guard records.count > 1, let first = stacking.fit(outputs(records), mustStop: mustStop) else { return nil }
        let least = Self.leastWeight * first.weights.reduce(0, +)
        let kept = zip(records, first.weights).filter { $0.1 > 0 && $0.1 >= least }.map(\.0)
        guard kept.count > 1, let found = stacking.run(outputs(kept), mustStop: mustStop),
            found.stack.weights.allSatisfy({ $0 > 0 })
        else { return nil }
        combination = .stack(intercepts: found.stack.intercepts)
        predictions = found.predictions
        members = Self.heaviestFirst(zip(kept, found.stack.weights).map { Member(record: $0, weight: $1) })
    }

    private static func heaviestFirst(_ members: [Member]) -> [Member] {
        members.sorted { ($1.weight, $0.record.number) < ($0.weight, $1.record.number) }
    }

    /// What its score stands under.
    var learner: LearnerName {
        guard members.count > 1 else { return members[0].record.learner }
        return combination == .mean ? .ensemble : .stack
    }

    /// The metric of each fold on which it is defined.
    func foldScores(_ selection: EnsembleSelection) -> [Double] {
        predictions.isEmpty ? members[0].record.foldScores : selection.foldScores(predictions)
    }

    /// What becomes of it without the members that could not be fitted: weighed anew, predictions and all.
    ///
    /// - Parameter numbers: of the trials that are left, at least one of the members.
    func keeping(_ numbers: Set<Int>, stacking: StackFit) -> FinalChoice {
        let kept = members.filter { numbers.contains($0.record.number) }
        guard kept.count < members.count, let heaviest = kept.first else { return self }
        var choice = FinalChoice(heaviest.record)
        if kept.count > 1 {
            switch combination {
            case .mean: choice = FinalChoice(meanOf: kept)
            case .stack:
                let stack = FinalChoice(stackOf: kept.map(\.record), stacking: stacking) { false }
                if let stack { choice = stack }
            }
        }
        choice.replaced = replaced
        return choice
    }

    /// The trials of an ensemble, and the best of each learner.
    private static func stacked(_ members: [Member], candidates: [TrialRecord]) -> [TrialRecord] {
        var chosen = members.map(\.record)
        var seen: Set<LearnerName> = []
        for record in candidates where seen.insert(record.learner).inserted {
            if !chosen.contains(where: { $0.number == record.number }) { chosen.append(record) }
        }
        return Array(chosen.prefix(mostStacked))
    }

    /// The best, or a simpler one that the best does not beat beyond the noise.
    private static func simplest(_ ranked: [TrialRecord], metric: Metric) -> TrialRecord {
        let best = ranked[0]
        let rivals = ranked.filter { record in
            record.learner.complexity < best.learner.complexity
                && !isBetter(
                    best.foldScores, than: record.foldScores, metric: metric,
                    noise: record.learner == .baseline ? 1 : 0.25)
        }
        return rivals.min {
            ($0.learner.complexity, metric.loss($0.score)) < ($1.learner.complexity, metric.loss($1.score))
        } ?? best
    }

    /// The best trials, and the best of each learner that is not among them.
    private static func candidates(_ ranked: [TrialRecord]) -> [TrialRecord] {
        let usable = ranked.filter { !$0.outOfFold.isEmpty && $0.learner != .baseline }
        var chosen = Array(usable.prefix(mostCandidates))
        for record in usable.dropFirst(mostCandidates) where !chosen.contains(where: { $0.learner == record.learner }) {
            chosen.append(record)
        }
        return chosen
    }

    /// Whether scores beat others fold by fold by more than `noise` standard errors of the difference.
    static func isBetter(_ scores: [Double], than others: [Double], metric: Metric, noise: Double) -> Bool {
        guard scores.count == others.count, !scores.isEmpty else { return scores.count > others.count }
        let gains = zip(scores, others).map { metric.loss($1) - metric.loss($0) }
        let n = Double(gains.count)
        let mean = gains.reduce(0, +) / n
        guard gains.count > 1 else { return mean > 0 }
        let squares = gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return mean > noise * (squares / (n - 1) / n).squareRoot() && mean > 0
    }
}
