import Foundation
import Testing

@testable import Learning

@Suite struct ValidationTests {
    @Test func areaUnderCurveCountsTiesHalf() {
        func area(_ scores: [Double], _ isPositive: [Bool]) -> Double {
            RankedScores(scores) { isPositive[$0] }.areaUnderCurve
        }
        #expect(area([0.1, 0.4, 0.35, 0.8], [false, false, true, true]) == 0.75)
        #expect(area([1, 1, 1, 1], [true, false, true, false]) == 0.5)
        #expect(area([-0.0, 0, -2, 3], [true, false, false, true]) == 0.875)
        #expect(area([1, 2], [true, true]).isNaN)
        #expect(area([], []).isNaN)
    }

    @Test func rankedScoresAreThoseOfTheirRows() {
        var random = RandomStream(seed: 6)
        let scores = (0..<3_000).map { _ in random.normal() }
        let ranked = RankedScores(scores) { scores[$0] > 0.3 }
        let sorted = scores.sorted()
        #expect(ranked.count == scores.count)
        for (place, score) in sorted.enumerated() {
            #expect(abs(ranked.score(place) - score) <= score.ulp)
            #expect(ranked.isPositive(place) == (score > 0.3))
        }
        #expect(ranked.areaUnderCurve == 1)
    }

    @Test func metricsAgreeWithKnownValues() {
        let target = Target.classes([0, 1, 1, 0], count: 2)
        let predictions = [0.9, 0.1, 0.2, 0.8, 0.6, 0.4, 0.7, 0.3]
        #expect(Metric.accuracy.score(target, predictions: predictions) == 0.75)
        #expect(Metric.recall.score(target, predictions: predictions) == 0.5)
        #expect(Metric.precision.score(target, predictions: predictions) == 1)
        #expect(abs(Metric.logLoss.score(target, predictions: predictions) - 0.400_367) < 1e-5)
        #expect(abs(Metric.brier.score(target, predictions: predictions) - 0.125) < 1e-12)
        let numbers = Target.regression([1, 2, 4])
        #expect(abs(Metric.rmse.score(numbers, predictions: [1, 2, 1]) - 3.0.squareRoot()) < 1e-12)
        #expect(Metric.mae.score(numbers, predictions: [1, 2, 1]) == 1)
        #expect(abs(Metric.mape.score(numbers, predictions: [1, 2, 1]) - 0.25) < 1e-12)
    }

    @Test func foldsAreDisjointCompleteAndStratified() {
        let codes = (0..<103).map { Int32($0 % 10 == 0 ? 1 : 0) }
        let target = Target.classes(codes, count: 2)
        let plan = FoldPlan(
            rows: Array(0..<103), target: target, cut: .stratified, folds: 5, repetitions: 2, seed: 3)
        #expect(plan.folds.count == 10)
        for repetition in 0..<2 {
            let folds = plan.folds.filter { $0.repetition == repetition }
            #expect(folds.flatMap(\.test).sorted() == Array(0..<103))
            for fold in folds {
                #expect(Set(fold.train).isDisjoint(with: fold.test))
                #expect((2...3).contains(fold.test.count { codes[Int($0)] == 1 }))
            }
        }
    }

    @Test func groupsStayTogether() {
        let keys = (0..<60).map { Int32($0 % 13) }
        let plan = FoldPlan(
            rows: Array(0..<60), target: .regression([Double](repeating: 0, count: 60)), cut: .groups(keys), folds: 4,
            repetitions: 1, seed: 1)
        for fold in plan.folds {
            #expect(Set(fold.train.map { keys[Int($0)] }).isDisjoint(with: fold.test.map { keys[Int($0)] }))
        }
    }

    @Test func timeFoldsNeverTrainOnTheFuture() {
        let order = (0..<50).map { Double((50 - $0) / 2) }
        let plan = FoldPlan(
            rows: Array(0..<50), target: .regression(order), cut: .time(order), folds: 4, repetitions: 1, seed: 1)
        #expect(plan.folds.count == 4)
        for fold in plan.folds {
            let last = fold.train.map { order[Int($0)] }.max() ?? 0
            #expect(fold.test.allSatisfy { order[Int($0)] > last })
        }
    }

    @Test func calibrationLowersTheLossOfOverconfidentProbabilities() {
        var random = RandomStream(seed: 5)
        var codes: [Int32] = []
        var probabilities: [Double] = []
        for _ in 0..<2_000 {
            let odds = 2 * random.normal()
            codes.append(random.unit() < LinkFunctions.sigmoid(odds) ? 1 : 0)
            let told = LinkFunctions.sigmoid(3 * odds)
            probabilities += [1 - told, told]
        }
        let calibration = Calibration.fit(codes, classes: 2, probabilities: probabilities)
        guard case .platt(let slope, _) = calibration else {
            Issue.record("not Platt but \(calibration)")
            return
        }
        #expect(abs(slope - 1.0 / 3) < 0.05)
        let before = ClassMetrics.logLoss(codes, classes: 2, probabilities: probabilities)
        let after = ClassMetrics.logLoss(
            codes, classes: 2, probabilities: calibration.apply(probabilities, classes: 2))
        #expect(after < before * 0.9)
    }

    @Test(
        "The temperature that made probabilities too sure is found, from a part of many rows",
        arguments: [0.4, 1.8, 3])
    func temperature(told: Double) throws {
        var random = RandomStream(seed: 7)
        let classes = 40
        let rows = 30_000
        var codes: [Int32] = []
        var probabilities: [Double] = []
        for _ in 0..<rows {
            let scores = (0..<classes).map { _ in random.normal() }
            let shares = Self.softmax(scores)
            var (left, code) = (random.unit(), 0)
            while code < classes - 1, left >= shares[code] {
                left -= shares[code]
                code += 1
            }
            codes.append(Int32(code))
            probabilities += Self.softmax(scores.map { $0 * told })
        }
        let calibration = Calibration.fit(codes, classes: classes, probabilities: probabilities, threads: 2)
        guard case .temperature(let found) = calibration else {
            Issue.record("not a temperature but \(calibration)")
            return
        }
        #expect(abs(found / told - 1) < 0.05)
        #expect(calibration == Calibration.fit(codes, classes: classes, probabilities: probabilities))
    }

    private static func softmax(_ scores: [Double]) -> [Double] {
        let powers = scores.map { exp($0) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    @Test func intervalsHoldNineOfTenValues() {
        var random = RandomStream(seed: 8)
        func draw() -> (value: Double, prediction: Double) {
            let prediction = 10 * random.unit()
            return (prediction + prediction * random.normal(), prediction)
        }
        let known = (0..<2_000).map { _ in draw() }
        let interval = PredictionInterval(values: known.map(\.value), predictions: known.map(\.prediction))
        let held = (0..<2_000).count { _ in
            let (value, prediction) = draw()
            let bounds = interval.bounds(prediction)
            return bounds[0] <= value && value <= bounds[1]
        }
        #expect((1_740...1_860).contains(held))
        // Errors grow with the prediction, and so do the intervals.
        let (small, large) = (interval.bounds(1), interval.bounds(9))
        #expect(large[1] - large[0] > 2 * (small[1] - small[0]))
    }

    @Test func ensembleTakesWhatHelps() {
        let target = Target.regression([1, 2, 3, 4])
        let selection = EnsembleSelection(metric: .rmse, folds: [target])
        let choices = selection.choose([[1.5, 2.5, 3.5, 4.5], [0.5, 1.5, 2.5, 3.5], [9, 9, 9, 9]]) { false }
        #expect(choices.map(\.candidate) == [0, 1])
        #expect(choices.map(\.weight) == [0.5, 0.5])
    }
}
