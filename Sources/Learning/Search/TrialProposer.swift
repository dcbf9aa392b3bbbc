/// Which configuration is tried next: first a portfolio that did well on many tables, then small steps around the best.
///
/// A pure function of the seed, the number of the trial and the finished trials, so that a resumed search takes the same path.
struct TrialProposer: Sendable {
    let algorithms: [LearnerName]
    let portfolio: [TrialConfiguration]
    let metric: Metric
    let seed: UInt64

    private static let mostNeighbourRows = 5_000

    init(algorithms: [LearnerName], metric: Metric, rows: Int, isClassification: Bool, seed: UInt64) {
        self.algorithms = algorithms
        self.metric = metric
        self.seed = seed
        portfolio = Portfolio.configurations(rows: rows, isClassification: isClassification)
            .filter { algorithms.contains($0.learner) }
            // Comparing every row with every other is for small data, unless it was asked for.
            .filter { $0.learner != .nearestNeighbours || rows <= Self.mostNeighbourRows || algorithms.count <= 3 }
    }

    /// - Returns: nil when there is nothing to vary.
    func configuration(_ number: Int, after records: [TrialRecord]) -> TrialConfiguration? {
        if number < portfolio.count { return portfolio[number] }
        var random = RandomStream(seed: seed, part: number)
        let tried = Set(records.filter { $0.number < number }.map(\.learner))
        let all = algorithms.filter { !SearchSpace.ranges(of: $0).isEmpty }
        // A learner whose portfolio did not end in time will not end in time now.
        let tunable = all.contains(where: tried.contains) ? all.filter(tried.contains) : all
        guard let learner = choose(tunable, records: records, random: &random) else { return nil }
        let mine = records.filter { $0.learner == learner && $0.number < number }
        guard let best = mine.min(by: { metric.loss($0.score) < metric.loss($1.score) }) else {
            return SearchSpace.random(learner, &random)
        }
        // Whole numbers make neighbours coincide; what was tried is not tried again if a few draws find something else.
        var proposal = draw(learner, best: best, tries: mine.count, &random)
        for _ in 0..<8 where mine.contains(where: { TrialConfiguration($0).isSame(as: proposal) }) {
            proposal = draw(learner, best: best, tries: mine.count, &random)
        }
        return proposal
    }

    /// Whether the portfolio has learners after a trial that none of the trials was of.
    func hasUntried(after number: Int, records: [TrialRecord]) -> Bool {
        let tried = Set(records.map(\.learner))
        return portfolio.dropFirst(number + 1).contains { !tried.contains($0.learner) }
    }

    private func draw(
        _ learner: LearnerName, best: TrialRecord, tries: Int, _ random: inout RandomStream
    ) -> TrialConfiguration {
        // Now and then anywhere, or a local optimum would hold the search for ever.
        if random.unit() < 0.15 { return SearchSpace.random(learner, &random) }
        return SearchSpace.step(from: TrialConfiguration(best), tries: tries, &random)
    }

    /// The learner with the best score most often, the others the less the further behind they are.
    private func choose(
        _ tunable: [LearnerName], records: [TrialRecord], random: inout RandomStream
    ) -> LearnerName? {
        let ranked = tunable.map { name in
            (name, records.filter { $0.learner == name }.map { metric.loss($0.score) }.min() ?? .infinity)
        }.sorted { ($0.1, $0.0.complexity) < ($1.1, $1.0.complexity) }
        guard !ranked.isEmpty else { return nil }
        let draw = random.unit()
        var share = 0.6
        var bound = 0.0
        for (name, _) in ranked {
            bound += share
            if draw < bound { return name }
            share *= 0.5
        }
        return ranked[0].0
    }
}
