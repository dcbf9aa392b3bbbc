import Testing

@testable import Learning

@Suite("Fitting a stack") struct StackFitTests {
    private static func never() -> Bool { false }

    private func plan(_ target: Target, folds: Int = 5, repetitions: Int = 1, cut: FoldPlan.Cut = .stratified)
        -> FoldPlan
    {
        FoldPlan(
            rows: Array(0..<Int32(target.rows)), target: target, cut: cut, folds: folds, repetitions: repetitions,
            seed: 4)
    }

    /// Values of rows in the order in which folds score them.
    private func scored(_ values: [Double], _ plan: FoldPlan, width: Int = 1) -> [Double] {
        plan.folds.flatMap(\.test).flatMap { values[Int($0) * width..<(Int($0) + 1) * width] }
    }

    private func normals(_ count: Int, seed: UInt64) -> [Double] {
        var random = RandomStream(seed: seed)
        return (0..<count).map { _ in random.normal() }
    }

    @Test func weightsOfNumbersAreFound() throws {
        let columns = (0..<3).map { normals(2_000, seed: UInt64($0)) }
        let noise = normals(2_000, seed: 9)
        let values = (0..<2_000).map { row -> Double in
            let known = 0.7 * columns[0][row] + 1.6 * columns[1][row]
            return 300 + known - 0.5 * columns[2][row] + 0.1 * noise[row]
        }
        let target = Target.regression(values)
        let plan = plan(target, repetitions: 2)
        let stack = try #require(
            StackFit(folds: plan, target: target).fit(columns.map { scored($0, plan) }, mustStop: Self.never))
        #expect(abs(stack.weights[0] - 0.7) < 0.05)
        #expect(abs(stack.weights[1] - 1.6) < 0.05)
        // It would be negative.
        #expect(stack.weights[2] == 0)
        #expect(abs(stack.intercepts[0] - 300) < 0.5)
    }

    @Test func weightsOfLogOddsAreFound() throws {
        let odds = (0..<2).map { normals(6_000, seed: UInt64($0)) }
        var random = RandomStream(seed: 7)
        let codes = (0..<6_000).map { row -> Int32 in
            let sum = 0.5 + 0.6 * odds[0][row] + 1.5 * odds[1][row]
            return random.unit() < LinkFunctions.sigmoid(sum) ? 1 : 0
        }
        let target = Target.classes(codes, count: 2)
        let plan = plan(target)
        let predictions = odds.map { odds in
            scored(odds.flatMap { [1 - LinkFunctions.sigmoid($0), LinkFunctions.sigmoid($0)] }, plan, width: 2)
        }
        let stack = try #require(StackFit(folds: plan, target: target).fit(predictions, mustStop: Self.never))
        #expect(abs(stack.weights[0] - 0.6) < 0.1)
        #expect(abs(stack.weights[1] - 1.5) < 0.1)
        #expect(abs(stack.intercepts[0] - 0.5) < 0.1)
    }

    @Test func weightsOfManyClassesAreFound() throws {
        let (rows, classes) = (6_000, 3)
        let scores = (0..<2).map { normals(rows * classes, seed: UInt64($0)) }
        let shift = [0.4, -0.4, 0]
        var random = RandomStream(seed: 7)
        let codes: [Int32] = (0..<rows).map { row in
            var shares = (0..<classes).map {
                shift[$0] + 1.4 * scores[0][row * classes + $0] + 0.5 * scores[1][row * classes + $0]
            }
            LinkFunctions.softmax(&shares, offset: 0, classes: classes)
            let drawn = random.unit()
            return drawn < shares[0] ? 0 : drawn < shares[0] + shares[1] ? 1 : 2
        }
        let target = Target.classes(codes, count: classes)
        let plan = plan(target)
        let predictions = scores.map { scores in
            var shares = scores
            for row in 0..<rows { LinkFunctions.softmax(&shares, offset: row * classes, classes: classes) }
            return scored(shares, plan, width: classes)
        }
        let stack = try #require(StackFit(folds: plan, target: target).fit(predictions, mustStop: Self.never))
        #expect(abs(stack.weights[0] - 1.4) < 0.1)
        #expect(abs(stack.weights[1] - 0.5) < 0.1)
        #expect(abs(stack.intercepts[0] - stack.intercepts[1] - 0.8) < 0.12)
        #expect(abs(stack.intercepts[0] - stack.intercepts[2] - 0.4) < 0.12)
    }

    /// Each way to part rows: the same row comes again, groups stay together, time goes on.
    enum Cut: CaseIterable { case repeated, groups, time }

    @Test(arguments: Cut.allCases) func rowsHeldOutDoNotHelpToPredictThemselves(_ kind: Cut) throws {
        let columns = (0..<2).map { normals(60, seed: UInt64($0)) }
        let noise = normals(60, seed: 9)
        let values = (0..<60).map { columns[0][$0] + 0.5 * columns[1][$0] + noise[$0] }
        let target = Target.regression(values)
        let plan =
            switch kind {
            case .repeated: plan(target, repetitions: 3)
            case .groups: plan(target, repetitions: 2, cut: .groups((0..<60).map { Int32($0 % 11) }))
            case .time: plan(target, cut: .time((0..<60).map(Double.init)))
            }
        let predictions = columns.map { scored($0, plan) }
        func outOfFold(_ values: [Double]) throws -> [Double] {
            let fit = StackFit(folds: plan, target: .regression(values))
            return try #require(fit.run(predictions, mustStop: Self.never)).predictions
        }
        let before = try outOfFold(values)
        var start = 0
        for (place, fold) in plan.folds.enumerated() {
            let range = start..<start + fold.test.count
            start = range.upperBound
            // The rows of the fold, and what comes after them, could be anything.
            let unknown = Set(fold.test).union(kind == .time ? plan.folds[place...].flatMap(\.test) : [])
            var changed = values
            for row in unknown { changed[Int(row)] = 1_000 * noise[Int(row)] }
            let after = try outOfFold(changed)
            #expect(Array(after[range]) == Array(before[range]))
            if range.upperBound < after.count { #expect(after[range.upperBound...] != before[range.upperBound...]) }
        }
    }

    @Test func firstFoldInTimeIsPredictedByTheMean() throws {
        let columns = (0..<2).map { normals(60, seed: UInt64($0)) }
        let target = Target.regression((0..<60).map { 3 * columns[0][$0] + 5 })
        let plan = plan(target, cut: .time((0..<60).map(Double.init)))
        let result = try #require(
            StackFit(folds: plan, target: target).run(columns.map { scored($0, plan) }, mustStop: Self.never))
        for (place, row) in plan.folds[0].test.enumerated() {
            #expect(abs(result.predictions[place] - (columns[0][Int(row)] + columns[1][Int(row)]) / 2) < 1e-12)
        }
    }

    @Test func nothingIsFittedWithoutTimeOrErrors() {
        let values = normals(40, seed: 1)
        let target = Target.regression(values)
        let plan = plan(target)
        let fit = StackFit(folds: plan, target: target)
        let perfect = scored(values, plan)
        #expect(fit.run([perfect, perfect], mustStop: Self.never) == nil)
        #expect(fit.run([perfect, perfect.map { $0 + 1 }], mustStop: { true }) == nil)
        #expect(fit.run([perfect, perfect.map { _ in .infinity }], mustStop: Self.never) == nil)
    }

    @Test func boundsAreKeptByTheOptimiser() {
        // The unbounded minimum is at (-1, 2); on the bound the rest gives way: (0, 1.5).
        var search = QuasiNewton()
        search.nonNegative = [true, false]
        search.gradientTolerance = 1e-10
        search.valueTolerance = 1e-15
        let found = search.minimise(from: [3, 3]) { point, gradient in
            let (x, y) = (point[0] + 1, point[1] - 2)
            gradient = [2 * x + y, x + 2 * y]
            return x * x + x * y + y * y
        } mustStop: {
            false
        }
        #expect(found[0] == 0)
        #expect(abs(found[1] - 1.5) < 1e-6)
    }
}
