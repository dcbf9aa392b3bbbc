import Testing

@testable import Learning

/// Members that add up to probabilities add up to log-odds in an ensemble.
@Suite struct EnsembleContributionTests {
    @Test func aForestAddsUpToItsLogOdds() throws {
        let problem = LearnerProblem(.twoClasses, rows: 300)
        var settings = ForestSettings()
        settings.trees = 30
        settings.minimumRows = 20
        let forest = try RandomForestLearner(settings).fit(
            problem.matrix, target: problem.target, rows: problem.rows, weights: nil, context: FitContext(seed: 1))
        let ensemble = EnsembleModel(
            members: [0.5, 0.5].map { .init(weight: $0, model: forest, learner: .randomForest) })
        let explainable = try #require(forest as? any ExplainableModel)
        var widest = 0.0
        for row in 0..<300 {
            let found = try #require(Contributions.of(ensemble, matrix: problem.matrix, row: row, output: 1))
            let line = explainable.contributions(problem.matrix, row: Int32(row))[1]
            let (bias, share) = (try #require(line.last), line.reduce(0, +))
            let expected = LinkFunctions.logit(share, least: 1e-3) - LinkFunctions.logit(bias, least: 1e-3)
            #expect(abs(found.reduce(0, +) - expected) < 1e-9)
            widest = max(widest, abs(expected))
        }
        #expect(widest > 2)
    }
}
