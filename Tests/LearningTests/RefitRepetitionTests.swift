import Foundation
import Shared
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
        #expect(model.rounds % Refit.mostFits == 0)
        let once = model.rounds / Refit.mostFits
        #expect(once >= used && Double(once) <= 1.5 * Double(used) + 1)
        // Fits by four seeds are four different models.
        let fits = (0..<Refit.mostFits).map { Array(model.trees[$0 * once..<($0 + 1) * once]) }
        for index in 1..<fits.count { #expect(fits[index] != fits[0]) }
        #expect(LearnerFactory.drawsByChance(TrialConfiguration(.gradientBoosting, ["row_share": .number(0.8)])))
        #expect(LearnerFactory.drawsByChance(TrialConfiguration(.gradientBoosting, ["random_strength": .number(1)])))
        #expect(!LearnerFactory.drawsByChance(TrialConfiguration(.gradientBoosting, ["row_share": .number(1)])))
        #expect(!LearnerFactory.drawsByChance(TrialConfiguration(.randomForest)))
    }

    @Test("There are as many fits as have a thousand trees, four at most, and time is kept only for those")
    func limit() throws {
        #expect([1, 250, 251, 333, 500, 501, 1_000, 9_000].map(Refit.fits(trees:)) == [4, 4, 3, 3, 2, 1, 1, 1])
        let table = TableMaking.customers(200)
        var options = TrainingOptions(target: "kind")
        options.exclude = ["price"]
        options.budgetSeconds = 60
        let plan = try TrainingPlan(table: table, options: options)
        func reserve(rounds: Int, _ parameters: [String: JSONValue]) -> Double {
            let record = TrialRecord(
                number: 0, learner: .gradientBoosting, parameters: parameters, foldScores: [0.9, 0.9], fitSeconds: 0.5,
                predictSecondsPer1000: 0, rows: 200, rounds: rounds, outOfFold: [])
            return SearchState(plan: plan, searchRows: 200, records: [record]).reserve
        }
        let draws: [String: JSONValue] = ["row_share": .number(0.8)]
        #expect(reserve(rounds: 100, draws) > reserve(rounds: 400, draws))
        #expect(reserve(rounds: 400, draws) > reserve(rounds: 800, draws))
        #expect(reserve(rounds: 800, draws) == reserve(rounds: 100, [:]))
        // No more than 8 % of the budget.
        #expect(reserve(rounds: 100, draws) - reserve(rounds: 100, [:]) <= 0.08 * 60 + 1e-9)
    }
}
