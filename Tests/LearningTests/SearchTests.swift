import Foundation
import Shared
import Tabular
import Testing

@testable import Learning

@Suite struct SearchTests {
    private func search(_ table: DataTable, target: String, threads: Int = 1, trials: Int = 6) throws -> AutoMLSearch {
        var options = TrainingOptions(target: target)
        options.exclude = table.column(named: "kind") == nil ? [] : [target == "kind" ? "price" : "kind"]
        options.maxTrials = trials
        options.budgetSeconds = 60
        options.threads = threads
        options.algorithms = ["linear"]
        return try AutoMLSearch(plan: TrainingPlan(table: table, options: options), table: table)
    }

    private func scores(_ artifact: ModelArtifact) -> [String] {
        artifact.leaderboard.items.map { "\($0.learner) \($0.score ?? .nan) \($0.scoreStd)" }
    }

    @Test func findsWhatDecidesTheTarget() throws {
        let artifact = try TableMaking.trained()
        #expect(try #require(artifact.summary.score) > 0.9)
        #expect(artifact.explanation.importances.first?.feature == "x")
        #expect(artifact.evaluation.metrics["accuracy"] ?? 0 > 0.8)
        #expect(artifact.leaderboard.items.last?.learner == "baseline")
    }

    @Test func regressionHasIntervalsAndAScoreInTheUnitOfTheTarget() throws {
        let artifact = try TableMaking.trained(target: "price")
        #expect(artifact.summary.metric == .rmse)
        let score = try #require(artifact.summary.score)
        #expect(score > 3)
        #expect(score < 15)
        #expect(artifact.interval != nil)
        #expect(artifact.threshold == nil)
    }

    @Test func sameSeedGivesTheSameLeaderboardForAnyNumberOfThreads() throws {
        let table = TableMaking.customers(200)
        let one = try search(table, target: "kind").run()
        let two = try search(table, target: "kind", threads: 2).run()
        #expect(scores(one) == scores(two))
    }

    @Test(arguments: ["kind", "price"])
    func sameSeedAndTrialsGiveTheSameArtifactWithOneThreadAndWithTwo(_ target: String) throws {
        let table = TableMaking.customers(60)
        let artifacts = try [1, 2].map { threads in
            var options = TrainingOptions(target: target)
            options.exclude = [target == "kind" ? "price" : "kind"]
            // The portfolio, in which every learner is, and a step from the best of it.
            options.maxTrials = Portfolio.configurations(rows: 60, isClassification: target == "kind").count + 1
            options.budgetSeconds = 3_600
            options.threads = threads
            options.seed = 7
            return try AutoMLSearch(plan: TrainingPlan(table: table, options: options), table: table).run()
        }
        let learners = Set(artifacts[0].leaderboard.items.map(\.learner))
        #expect(learners.isSuperset(of: LearnerName.choosable.map(\.rawValue)))
        let bytes = try artifacts.map { try withoutTimes($0).encode() }
        #expect(bytes[0] == bytes[1])
    }

    /// What of an artifact does not depend on the clock.
    private func withoutTimes(_ artifact: ModelArtifact) -> ModelArtifact {
        var artifact = artifact
        artifact.summary.trainingSeconds = 0
        for index in artifact.leaderboard.items.indices {
            artifact.leaderboard.items[index].fitSeconds = 0
            artifact.leaderboard.items[index].predictSecondsPer1000 = 0
        }
        return artifact
    }

    @Test func resumedSearchEndsLikeOneThatWasNotKilled() throws {
        let table = TableMaking.customers(200)
        var records: [TrialRecord] = []
        let whole = try search(table, target: "price").run(onTrial: { records.append($0) })
        let stored = try records.prefix(3).map {
            try JSONDecoder().decode(TrialRecord.self, from: JSONEncoder().encode($0))
        }
        let same = stored == Array(records.prefix(3))
        #expect(same)
        var added = 0
        let resumed = try search(table, target: "price").run(resume: stored, onTrial: { _ in added += 1 })
        #expect(added == 3)
        #expect(scores(resumed) == scores(whole))
        #expect(resumed.testVectors == whole.testVectors)
    }

    @Test func cancelledSearchThrows() throws {
        let table = TableMaking.customers(100)
        #expect(throws: LearningError.cancelled) {
            try search(table, target: "kind").run(isCancelled: { true })
        }
    }

    @Test func budgetIsKept() throws {
        let table = TableMaking.customers(2_000)
        var options = TrainingOptions(target: "kind")
        options.budgetSeconds = 1.5
        let start = ContinuousClock.now
        let artifact = try AutoMLSearch(plan: TrainingPlan(table: table, options: options), table: table).run()
        #expect((ContinuousClock.now - start).seconds < 1.9)
        #expect(artifact.summary.trials >= 1)
    }

    @Test func noiseIsLeftToTheBaseline() throws {
        var random = RandomStream(seed: 12)
        let table = DataTable(columns: [
            TableMaking.decimals("a", (0..<120).map { _ in random.normal() }),
            TableMaking.decimals("t", (0..<120).map { _ in random.normal() }),
        ])
        let artifact = try search(table, target: "t").run()
        #expect(artifact.summary.learner == "baseline")
    }

    @Test func missingColumnsAndManyClassesAreLearntFrom() throws {
        let rows = 120
        let table = DataTable(columns: [
            TableMaking.decimals("empty", [Double?](repeating: nil, count: rows)),
            TableMaking.decimals("a", (0..<rows).map { $0 % 11 == 0 ? .infinity : Double($0 % 40) }),
            TableMaking.texts("t", (0..<rows).map { "class \($0 % 40)" }),
        ])
        var options = TrainingOptions(target: "t")
        options.features = ["empty", "a"]
        options.maxTrials = 2
        options.algorithms = ["linear"]
        let plan = try TrainingPlan(table: table, options: options)
        let artifact = try AutoMLSearch(plan: plan, table: table).run()
        #expect(artifact.summary.classes.count == 40)
        try artifact.verify()
    }

    @Test func reportNamesModelAndScores() throws {
        let artifact = try TableMaking.trained()
        let report = ModelReport(artifact).markdown(name: "churn_1", version: 2)
        #expect(report.hasPrefix("# Model churn\\_1, version 2\n"))
        #expect(report.contains("## Leaderboard"))
        #expect(report.contains("| roc_auc |"))
        let json = try JSONDecoder().decode(JSONValue.self, from: Data(artifact.json()))
        guard case .object(let fields) = json else { return }
        #expect(fields["format"] == .string("csvand-model"))
        guard case .object(let model)? = fields["model"], case .array(let members)? = model["members"],
            case .object(let member)? = members.first, case .object(let fitted)? = member["model"],
            case .array(let terms)? = fitted["terms"]
        else {
            Issue.record("nothing of what was fitted")
            return
        }
        #expect(member["learner"] == .string("linear"))
        let columns = terms.compactMap { if case .object(let term) = $0 { term["column"] } else { nil } }
        #expect(columns.contains(.string("x")) && columns.contains(.string("colour")))
    }

    @Test(arguments: [
        (Calibration.none, ["kind": JSONValue.string("none")]),
        (
            .platt(slope: 1.5, intercept: -0.25),
            ["kind": .string("platt"), "slope": .number(1.5), "intercept": .number(-0.25)]
        ),
        (
            .isotonic(from: [0.1, 0.9], to: [0.25, 0.75]),
            [
                "kind": .string("isotonic"), "from": .array([.number(0.1), .number(0.9)]),
                "to": .array([.number(0.25), .number(0.75)]),
            ]
        ), (.temperature(1.25), ["kind": .string("temperature"), "temperature": .number(1.25)]),
    ])
    func exportHoldsTheNumbersOfACalibration(_ calibration: Calibration, _ expected: [String: JSONValue]) throws {
        var artifact = try TableMaking.trained()
        artifact.calibration = calibration
        let json = try JSONDecoder().decode(JSONValue.self, from: Data(artifact.json()))
        guard case .object(let fields) = json else {
            Issue.record("not an object")
            return
        }
        #expect(fields["calibration"] == .object(expected))
    }

    @Test func timeIsKeptForTheRefitOfTrialsThatAreNearTheBest() throws {
        let table = TableMaking.customers(60)
        var options = TrainingOptions(target: "price")
        options.exclude = ["kind"]
        options.budgetSeconds = 1_000
        let plan = try TrainingPlan(table: table, options: options)
        func reserve(_ score: Double) -> Double {
            let records = [(100.0, 0.0), (10, 0), (score, 50)].enumerated().map { number, trial in
                TrialRecord(
                    number: number, learner: number == 0 ? .baseline : .linear, parameters: [:], foldScores: [trial.0],
                    fitSeconds: trial.1,
                    predictSecondsPer1000: 0, rows: 60, rounds: nil, outOfFold: [])
            }
            return SearchState(plan: plan, searchRows: 60, records: records).reserve
        }
        #expect(reserve(15) < 60)
        #expect(reserve(11) > 100)
    }

    @Test("A further trial of a slow learner leaves time to those that were not tried")
    func learnersWaitForTheirFirstTrial() throws {
        let table = TableMaking.customers(60)
        var options = TrainingOptions(target: "price")
        options.exclude = ["kind"]
        options.budgetSeconds = 1_000
        options.threads = 1
        let plan = try TrainingPlan(table: table, options: options)
        let proposer = TrialProposer(
            algorithms: [.baseline, .linear, .gradientBoosting, .extraTrees], metric: plan.metric, rows: 60,
            isClassification: false, seed: 1)
        let boosting = proposer.portfolio.indices.filter { proposer.portfolio[$0].learner == .gradientBoosting }
        let records = (0...boosting[0]).map { number in
            TrialRecord(
                number: number, learner: proposer.portfolio[number].learner,
                parameters: proposer.portfolio[number].parameters.mapValues(\.json), foldScores: [1],
                fitSeconds: number == boosting[0] ? 100 : 0, predictSecondsPer1000: 0, rows: 60, rounds: nil,
                outOfFold: [])
        }
        let state = SearchState(plan: plan, searchRows: 60, records: records)
        let next = proposer.portfolio[boosting[1]]
        let cost =
            LearnerFactory.relativeCost(next) / LearnerFactory.relativeCost(proposer.portfolio[boosting[0]]) * 100
        // Time for one such trial and a half, or for three.
        func isAffordable(_ trials: Double, othersWait: Bool) -> Bool {
            let clock = SearchClock(budget: (state.reserve + trials * cost) / 0.99)
            return state.isAffordable(next, clock, othersWait: othersWait)
        }
        #expect(isAffordable(1.5, othersWait: false))
        #expect(!isAffordable(1.5, othersWait: true))
        #expect(isAffordable(3, othersWait: true))
        #expect(proposer.hasUntried(after: boosting[1], records: records))
        let extraTrees = try #require(proposer.portfolio.firstIndex { $0.learner == .extraTrees })
        #expect(!proposer.hasUntried(after: extraTrees, records: records))
    }

    @Test func tablesTooLargeForTheTimeAreRefittedOnAPart() {
        func rows(_ affordable: Int) -> Int {
            Refit.affordableRows(of: 1_000, searched: 200) { $0 <= affordable }
        }
        #expect(rows(1_000) == 1_000)
        #expect(rows(999) == 500)
        #expect(rows(300) == 250)
        #expect(rows(240) == 200)
        #expect(Refit.affordableRows(of: 1_000, searched: 1_000) { _ in false } == 1_000)
    }

    @Test(
        "Large tables are searched on fewer rows the more trees a round has",
        arguments: [(classes: 2, rows: 12_000), (classes: 10, rows: 4_000), (classes: 150, rows: 3_000)])
    func searchedRows(classes: Int, rows: Int) throws {
        var random = RandomStream(seed: 2)
        let features = (0..<5).map { index in
            TableMaking.decimals("x\(index)", (0..<12_000).map { _ in random.normal() })
        }
        let kinds = TableMaking.texts("kind", (0..<12_000).map { "k\($0 % classes)" })
        let table = DataTable(columns: features + [kinds])
        var options = TrainingOptions(target: "kind")
        options.budgetSeconds = 1
        let search = try AutoMLSearch(plan: TrainingPlan(table: table, options: options), table: table)
        #expect(search.searchRows == rows)
    }

    @Test func refitsAreExpectedToTakeAsLongAsTheLongestOne() {
        func records(_ seconds: Double..., learner: LearnerName = .linear, rows: Int = 100) -> [TrialRecord] {
            seconds.enumerated().map { number, seconds in
                TrialRecord(
                    number: number, learner: learner, parameters: [:], foldScores: [1], fitSeconds: seconds,
                    predictSecondsPer1000: 0, rows: rows, rounds: nil, outOfFold: [])
            }
        }
        #expect(Refit.seconds(records(3, 1), threads: 1) == 4)
        #expect(Refit.seconds(records(2, 2), threads: 2) == 2)
        #expect(Refit.seconds(records(3, 1), threads: 2) == 3)
        // All would wait for one of them, which gets both threads and gains little by that.
        #expect(abs(Refit.seconds(records(5.2, 0.1), threads: 2) - 5.3 / 1.1) < 1e-12)
        // Large fits gain more, by learners that use threads.
        #expect(
            abs(Refit.seconds(records(3, 0.1, learner: .gradientBoosting, rows: 100_000), threads: 2) - 3.1 / 1.5)
                < 1e-12)
        #expect(abs(Refit.seconds(records(3, 0.1, rows: 100_000), threads: 2) - 3.1 / 1.1) < 1e-12)
        #expect(Refit.seconds([], threads: 2) == 0)
    }
}
