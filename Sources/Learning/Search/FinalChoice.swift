/// The trials that make up the final model.
struct FinalChoice: Sendable {
    struct Member: Sendable {
        var record: TrialRecord
        var weight: Double
    }

    /// Heaviest first.
    var members: [Member]
    /// Out-of-fold predictions of the mixture, one fold after the other.
    var predictions: [Double]

    /// Trials that an ensemble is chosen from.
    private static let mostCandidates = 12
    /// Members below this share cost more time than they are worth.
    private static let leastWeight = 0.03

    /// Chooses a single trial, or an ensemble where it is better beyond the noise of the folds.
    ///
    /// - Parameter ranked: best first, at least one.
    init(ranked: [TrialRecord], selection: EnsembleSelection, mustStop: () -> Bool) {
        let metric = selection.metric
        let single = Self.simplest(ranked, metric: metric)
        members = [Member(record: single, weight: 1)]
        predictions = single.outOfFold.map(Double.init)
        let candidates = Self.candidates(ranked)
        // Where nothing beats the baseline beyond the noise, a mixture would only fit that noise.
        guard candidates.count > 1, !single.outOfFold.isEmpty, single.learner != .baseline else { return }
        let outputs = candidates.map { $0.outOfFold.map(Double.init) }
        var choices = selection.choose(outputs, mustStop: mustStop).filter { $0.weight >= Self.leastWeight }
        let total = choices.reduce(0) { $0 + $1.weight }
        choices = choices.map { EnsembleSelection.Choice(candidate: $0.candidate, weight: $0.weight / total) }
        let mixture = EnsembleSelection.mean(outputs, choices)
        guard choices.count > 1,
            Self.isBetter(selection.foldScores(mixture), than: single.foldScores, metric: metric, noise: 0.25)
        else { return }
        members = choices.map { Member(record: candidates[$0.candidate], weight: $0.weight) }
            .sorted { ($1.weight, $0.record.number) < ($0.weight, $1.record.number) }
        predictions = mixture
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
