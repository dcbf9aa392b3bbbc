import Foundation
import Tabular
import Testing

@testable import Learning

@Suite("Members that are fitted several times")
struct RefitRepetitionTests {
    private func models(_ task: LearnerTask) throws -> (LearnerProblem, [BoostingModel]) {
        let problem = LearnerProblem(task, rows: 300)
        let learner = BoostingLearner(
            LearnerSubject.boosting {
                $0.iterations = 10
                $0.rowShare = 0.7
            })
        let binned = try BinnedMatrix(problem.matrix, context: FitContext(seed: 1))
        let models = try (1...3).map { seed in
            try learner.fit(
                binned, target: problem.target, rows: problem.rows, weights: nil, context: FitContext(seed: seed))
        }
        return (problem, models)
    }

    @Test("The mean of fits answers the mean of their scores", arguments: LearnerTask.allCases)
    func mean(_ task: LearnerTask) throws {
        let (problem, models) = try models(task)
        let outputs = models.map { $0.predict(problem.matrix, rows: nil) }
        let mean = BoostingModel(meanOf: models).predict(problem.matrix, rows: nil)
        let width = task == .number ? 1 : mean.count / problem.matrix.rows
        for start in stride(from: 0, to: mean.count, by: width) {
            var expected = (start..<start + width).map { place in
                let scores = outputs.map { task == .number ? $0[place] : log($0[place]) }
                return scores.reduce(0, +) / Double(outputs.count)
            }
            if task != .number { LinkFunctions.softmax(&expected, offset: 0, classes: width) }
            for place in 0..<width {
                #expect(abs(mean[start + place] - expected[place]) <= 1e-9 * max(1, abs(mean[start + place])))
            }
        }
    }

    @Test("Boosting that chance has a part in is fitted four times; what does not draw is fitted once")
    func search() throws {
        let table = TableMaking.customers(200)
        var options = TrainingOptions(target: "kind")
        options.exclude = ["price"]
        options.algorithms = ["gradient_boosting"]
        options.maxTrials = 2
        options.budgetSeconds = 600
        let artifact = try AutoMLSearch(plan: TrainingPlan(table: table, options: options), table: table).run()
        let model = try #require(artifact.model as? BoostingModel)
        let item = try #require(artifact.leaderboard.items.first { $0.learner == "gradient_boosting" })
        let trial = try #require(item.parameters["trial"]?.plainText)
        let used = try #require(item.parameters["rounds_used"].flatMap { Int($0.plainText) })
        #expect(trial == "1")
        #expect(model.rounds % Refit.repetitions == 0)
        let once = model.rounds / Refit.repetitions
        #expect(once >= used && Double(once) <= 1.5 * Double(used) + 1)
        // Fits by four seeds are four different models.
        let fits = (0..<Refit.repetitions).map { Array(model.trees[$0 * once..<($0 + 1) * once]) }
        for index in 1..<fits.count { #expect(fits[index] != fits[0]) }
        #expect(LearnerFactory.drawsByChance(TrialConfiguration(.gradientBoosting, ["row_share": .number(0.8)])))
        #expect(LearnerFactory.drawsByChance(TrialConfiguration(.gradientBoosting, ["random_strength": .number(1)])))
        #expect(!LearnerFactory.drawsByChance(TrialConfiguration(.gradientBoosting, ["row_share": .number(1)])))
        #expect(!LearnerFactory.drawsByChance(TrialConfiguration(.randomForest)))
    }
}
