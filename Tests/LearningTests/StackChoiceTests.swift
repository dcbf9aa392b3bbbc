import Testing

@testable import Learning

@Suite("Choosing a stack") struct StackChoiceTests {
    private static func never() -> Bool { false }

    /// A table's truth and trials that were scored on it, without the fits.
    private struct Trials {
        let target: Target
        let plan: FoldPlan
        let selection: EnsembleSelection
        var stacking: StackFit { StackFit(folds: plan, target: target) }
        private(set) var records: [TrialRecord] = []

        init(_ target: Target, metric: Metric, repetitions: Int = 1) {
            self.target = target
            plan = FoldPlan(
                rows: Array(0..<Int32(target.rows)), target: target, cut: .stratified, folds: 5,
                repetitions: repetitions, seed: 4)
            selection = EnsembleSelection(metric: metric, folds: plan.folds.map { target.selecting($0.test) })
        }

        /// - Parameter predictions: of all rows, row-major.
        mutating func add(_ learner: LearnerName, _ predictions: [Double]) {
            let width = target.outputs
            let kept = plan.folds.flatMap(\.test).flatMap { row in
                predictions[Int(row) * width..<(Int(row) + 1) * width].map(Float.init)
            }
            records.append(
                TrialRecord(
                    number: records.count, learner: learner, parameters: [:],
                    foldScores: selection.foldScores(kept.map(Double.init)), fitSeconds: 1, predictSecondsPer1000: 1,
                    rows: target.rows, rounds: nil, outOfFold: kept))
        }

        var ranked: [TrialRecord] {
            records.sorted { selection.metric.loss($0.score) < selection.metric.loss($1.score) }
        }

        func choose() -> FinalChoice {
            FinalChoice(ranked: ranked, selection: selection, stacking: stacking, mustStop: StackChoiceTests.never)
        }
    }

    private func normals(_ count: Int, seed: UInt64) -> [Double] {
        var random = RandomStream(seed: seed)
        return (0..<count).map { _ in random.normal() }
    }

    /// Two trials that each know one part of a sum, which their mean makes half as large.
    private func parts() -> Trials {
        let (first, second, noise) = (normals(400, seed: 1), normals(400, seed: 2), normals(400, seed: 3))
        var trials = Trials(.regression((0..<400).map { first[$0] + second[$0] + 0.5 * noise[$0] }), metric: .rmse)
        trials.add(.linear, first)
        trials.add(.gradientBoosting, second)
        trials.add(.nearestNeighbours, second.map { 0.4 * $0 })
        return trials
    }

    @Test func stackIsChosenWhereTheMeanFallsShort() throws {
        let trials = parts()
        let choice = trials.choose()
        #expect(choice.learner == .stack)
        #expect(Set(choice.members.map(\.record.learner)).isSuperset(of: [.linear, .gradientBoosting]))
        let ensemble = try #require(choice.replaced.first)
        #expect(ensemble.learner == .ensemble)
        let (scores, others) = (choice.foldScores(trials.selection), ensemble.foldScores(trials.selection))
        // The noise of the target is left.
        #expect(abs(scores.mean - 0.5) < 0.05)
        #expect(others.mean > 0.7)
    }

    @Test func stackIsChosenWhereProbabilitiesAreOnDifferentScales() {
        let (first, second) = (normals(1_000, seed: 1), normals(1_000, seed: 2))
        var random = RandomStream(seed: 3)
        let codes = (0..<1_000).map { row -> Int32 in
            random.unit() < LinkFunctions.sigmoid(first[row] + 1.5 * second[row]) ? 1 : 0
        }
        for metric in [Metric.logLoss, .rocAUC] {
            var trials = Trials(.classes(codes, count: 2), metric: metric, repetitions: 2)
            trials.add(.linear, first.flatMap { Self.pair(5 * $0) })
            trials.add(.randomForest, second.flatMap { Self.pair(0.2 * $0) })
            let choice = trials.choose()
            #expect(choice.learner == .stack, "\(metric)")
        }
    }

    private static func pair(_ odds: Double) -> [Double] {
        [1 - LinkFunctions.sigmoid(odds), LinkFunctions.sigmoid(odds)]
    }

    @Test func stackIsNotChosenForNoise() {
        var chosen = 0
        for seed in UInt64(0)..<20 {
            let (known, noise) = (normals(200, seed: seed), normals(200, seed: 100 + seed))
            var trials = Trials(.regression(zip(known, noise).map { $0 + $1 }), metric: .rmse, repetitions: 2)
            // Each errs in its own way by as much as the others: nothing is better than their mean.
            for (place, learner) in [LearnerName.linear, .gradientBoosting, .randomForest, .extraTrees].enumerated() {
                let own = normals(200, seed: 1_000 * UInt64(place + 1) + seed)
                trials.add(learner, zip(known, own).map { $0 + 0.5 * $1 })
            }
            if trials.choose().learner == .stack { chosen += 1 }
        }
        #expect(chosen <= 1)
    }

    @Test func stackWithoutAMemberIsFittedAndScoredAnew() throws {
        let trials = parts()
        let choice = trials.choose()
        let best = choice.members[0].record
        let all = choice.keeping(Set(choice.members.map(\.record.number)), stacking: trials.stacking)
        #expect(all.predictions == choice.predictions)
        let alone = choice.keeping([best.number], stacking: trials.stacking)
        #expect(alone.learner == best.learner)
        #expect(alone.foldScores(trials.selection) == best.foldScores)

        var three = trials
        three.add(.extraTrees, normals(400, seed: 1).map { 0.5 * $0 + 0.2 })
        let wide = three.choose()
        try #require(wide.members.count > 2)
        let left = wide.members.dropLast()
        let kept = wide.keeping(Set(left.map(\.record.number)), stacking: three.stacking)
        #expect(kept.members.count <= left.count)
        #expect(kept.predictions != wide.predictions)
        if kept.learner == .stack {
            let result = three.stacking.run(
                kept.members.map { $0.record.outOfFold.map(Double.init) }, mustStop: Self.never)
            let again = try #require(result)
            #expect(zip(again.predictions, kept.predictions).allSatisfy { abs($0 - $1) < 1e-4 })
        }
    }

    @Test func ensembleWithoutAMemberIsScoredAnew() {
        let (first, second, third) = (normals(300, seed: 1), normals(300, seed: 2), normals(300, seed: 3))
        let noise = normals(300, seed: 4)
        var trials = Trials(.regression(noise), metric: .rmse)
        for (learner, own) in [(LearnerName.linear, first), (.randomForest, second), (.extraTrees, third)] {
            trials.add(learner, zip(noise, own).map { $0 + 0.5 * $1 })
        }
        let choice = FinalChoice(meanOf: trials.records.map { FinalChoice.Member(record: $0, weight: 2) })
        #expect(choice.learner == .ensemble)
        let kept = choice.keeping(Set(choice.members.prefix(2).map(\.record.number)), stacking: trials.stacking)
        #expect(abs(kept.members.reduce(0) { $0 + $1.weight } - 1) < 1e-12)
        #expect(kept.foldScores(trials.selection).mean > choice.foldScores(trials.selection).mean)
    }
}
