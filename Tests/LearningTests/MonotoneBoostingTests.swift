import Foundation
import Shared
import Testing

@testable import Learning

@Suite("Boosting that follows features one way")
struct MonotoneBoostingTests {
    /// What is fitted, by the name that a failure shows.
    enum Loss: String, Sendable, CaseIterable {
        case squared, absolute, huber, quantile, poisson, twoClasses

        var objective: BoostingObjective {
            switch self {
            case .squared, .twoClasses: .squared
            case .absolute: .absolute
            case .huber: .huber(delta: 1)
            case .quantile: .quantile(0.8)
            case .poisson: .poisson
            }
        }
    }

    /// Rows of two features with a direction, `up` and `down`, a category and a number without; every column misses values.
    private struct Rows {
        var matrix: FeatureMatrix
        var scores: [Double]

        /// - Parameter shape: what `up` and `down` add to the target.
        init(_ rows: Int, seed: UInt64, isMonotone: Bool, shape: (Double, Double) -> Double) {
            var random = RandomStream(seed: seed)
            func numbers() -> [Float] {
                (0..<rows).map { _ in random.unit() < 0.08 ? .nan : Float(random.unit() * 6 - 3) }
            }
            let (up, down, other) = (numbers(), numbers(), numbers())
            let group = (0..<rows).map { _ in Int32(random.index(below: 9)) - 1 }
            scores = (0..<rows).map { row in
                let free = (other[row].isNaN ? 1 : Double(other[row]) * 0.3) + (group[row] % 3 == 0 ? 0.7 : 0)
                let values = (up[row].isNaN ? 0.5 : Double(up[row]), down[row].isNaN ? -0.5 : Double(down[row]))
                return shape(values.0, values.1) + free + 0.5 * random.normal()
            }
            matrix = FeatureMatrix(
                rows: rows,
                features: [
                    .init(name: "up", values: .numeric(up), monotone: isMonotone ? .increasing : nil),
                    .init(name: "down", values: .numeric(down), monotone: isMonotone ? .decreasing : nil),
                    .init(name: "other", values: .numeric(other)),
                    .init(name: "group", values: .categorical(group, cardinality: 8)),
                ])
        }

        func target(_ loss: Loss) -> Target {
            switch loss {
            case .twoClasses: .classes(scores.map { $0 > 0.5 ? 1 : 0 }, count: 2)
            case .poisson: .regression(scores.map { (3 * exp($0 / 2)).rounded() })
            default: .regression(scores)
            }
        }
    }

    /// Rows and falls with both features: what an unconstrained model learns and a constrained one must not.
    private static func wave(_ up: Double, _ down: Double) -> Double { abs(up) - abs(down - 1) }

    private static func ramp(_ up: Double, _ down: Double) -> Double { up - 0.8 * max(down, -1) }

    private func fit(
        _ rows: Rows, _ loss: Loss, threads: Int = 1, change: (inout BoostingSettings) -> Void = { _ in }
    ) throws -> any FittedModel {
        var settings = LearnerSubject.boosting {
            $0.iterations = 30
            $0.learningRate = 0.2
            $0.objective = loss.objective
        }
        change(&settings)
        return try BoostingLearner(settings).fit(
            rows.matrix, target: rows.target(loss), rows: Array(0..<Int32(rows.matrix.rows)), weights: nil,
            context: FitContext(seed: 2, threads: threads))
    }

    /// The largest step the wrong way along `up` and `down`, from some rows with all else as it is.
    private func largestFault(_ model: any FittedModel, _ rows: Rows) -> Double {
        let grid: [Float] =
            [-.infinity, -1e9] + stride(from: -3.2, through: 3.2, by: 0.1).map(Float.init) + [1e9, .infinity]
        var largest = -Double.infinity
        for (feature, sign) in [(0, 1.0), (1, -1.0)] {
            for row in stride(from: 0, to: rows.matrix.rows, by: 11) {
                let moved = FeatureMatrix(
                    rows: grid.count,
                    features: rows.matrix.features.enumerated().map { index, column in
                        var column = column
                        switch column.values {
                        case .numeric(let values):
                            column.values = .numeric(grid.map { index == feature ? $0 : values[row] })
                        case .categorical(let codes, let cardinality):
                            column.values = .categorical(grid.map { _ in codes[row] }, cardinality: cardinality)
                        }
                        return column
                    })
                let answers = model.predict(moved, rows: nil)
                let line = grid.indices.map { answers[$0 * model.outputs + model.outputs - 1] }
                for (before, after) in zip(line, line.dropFirst()) { largest = max(largest, sign * (before - after)) }
            }
        }
        return largest
    }

    @Test(
        "A constrained model is monotone on any data, an unconstrained one is not", arguments: Loss.allCases, [1, 2])
    func order(_ loss: Loss, seed: UInt64) throws {
        let bound = Rows(700, seed: seed, isMonotone: true, shape: Self.wave)
        let free = Rows(700, seed: seed, isMonotone: false, shape: Self.wave)
        let variants: [(inout BoostingSettings) -> Void] = [
            { _ in },
            {
                $0.rowShare = 0.7
                $0.featureShare = 0.6
                $0.l1 = 0.5
                $0.leaves = 63
                $0.minimumRows = 2
            },
        ]
        for change in variants {
            // Exactly but for the last bits of the link function: sums of the same trees in the same order are ordered as their terms.
            #expect(largestFault(try fit(bound, loss, change: change), bound) <= 1e-14)
            #expect(largestFault(try fit(free, loss, change: change), free) > 0.02)
        }
    }

    @Test("Where the truth is monotone the constraint costs next to nothing", arguments: Loss.allCases)
    func quality(_ loss: Loss) throws {
        let known = [true, false].map { Rows(1_500, seed: 5, isMonotone: $0, shape: Self.ramp) }
        let held = Rows(1_500, seed: 6, isMonotone: true, shape: Self.ramp)
        let losses = try known.map { rows in
            let answers = try fit(rows, loss).predict(held.matrix, rows: nil)
            switch held.target(loss) {
            case .classes(let codes, let count):
                return ClassMetrics.logLoss(codes, classes: count, probabilities: answers)
            case .regression(let values):
                return zip(values, answers).reduce(0) { $0 + self.loss(loss, $1.0, $1.1) } / Double(values.count)
            }
        }
        // Steps of a logarithmic link are much longer upwards, so that bounds half way are tight for large counts.
        #expect(losses[0] < losses[1] * (loss == .poisson ? 1.25 : 1.03), "\(loss) \(losses)")
    }

    /// The loss of one answer in the form of its objective: for counts the deviance.
    private func loss(_ kind: Loss, _ value: Double, _ answer: Double) -> Double {
        let residual = value - answer
        return switch kind {
        case .absolute: abs(residual)
        case .quantile: max(0.8 * residual, -0.2 * residual)
        case .poisson: 2 * ((value > 0 ? value * log(value / answer) : 0) - residual)
        default: residual * residual
        }
    }

    @Test("Against the truth a constrained model is as good as constant in the feature")
    func against() throws {
        let rows = Rows(1_000, seed: 3, isMonotone: true) { up, _ in -2 * up }
        let model = try fit(rows, .squared)
        #expect(largestFault(model, rows) <= 1e-14)
        let held = Rows(1_000, seed: 4, isMonotone: true) { up, _ in -2 * up }
        let answers = model.predict(held.matrix, rows: nil)
        let share = Metric.r2.score(.regression(held.scores), predictions: answers)
        #expect(share < 0.1, "\(share)")
    }

    @Test(
        "Missing rows have no place in the order", arguments: [MonotoneDirection.increasing, .decreasing], [-3.0, 3.0])
    func missing(_ direction: MonotoneDirection, level: Double) throws {
        let values = (0..<600).map { $0 % 3 == 0 ? Float.nan : Float($0 % 100) }
        let sign = direction == .increasing ? 1.0 : -1.0
        let target = Target.regression(values.map { $0.isNaN ? level : sign * Double($0) / 100 })
        let matrix = FeatureMatrix(
            rows: 600, features: [.init(name: "x", values: .numeric(values), monotone: direction)])
        let model = try BoostingLearner(LearnerSubject.boosting { $0.iterations = 60 }).fit(
            matrix, target: target, rows: Array(0..<600), weights: nil, context: FitContext(seed: 1))
        let asked = FeatureMatrix(rows: 4, features: [.init(name: "x", values: .numeric([.nan, 0, 50, 99]))])
        let answers = model.predict(asked, rows: nil)
        for (answer, expected) in zip(answers, [level, 0, sign * 0.5, sign * 0.99]) {
            #expect(abs(answer - expected) < 0.1, "\(answers)")
        }
    }

    @Test(
        "Threads do not change a constrained model that is large enough to use them",
        arguments: [Loss.twoClasses, .absolute])
    func threads(_ loss: Loss) throws {
        let rows = Rows(70_000, seed: 4, isMonotone: true, shape: Self.wave)
        let models = try [1, 2].map { threads in
            bytes(of: try fit(rows, loss, threads: threads) { $0.iterations = 3 })
        }
        #expect(models[0] == models[1])
    }

    @Test("A direction on what nothing follows, on a category or nowhere changes nothing")
    func withoutDirections() throws {
        let free = Rows(500, seed: 8, isMonotone: false, shape: Self.wave)
        var marked = free
        marked.matrix.features[3].monotone = .increasing
        #expect(bytes(of: try fit(free, .squared)) == bytes(of: try fit(marked, .squared)))
        var constant = free
        constant.matrix.features.append(
            .init(name: "same", values: .numeric(Array(repeating: 1, count: 500)), monotone: .decreasing))
        let binned = try BinnedMatrix(constant.matrix, context: FitContext(seed: 1))
        #expect(!binned.isMonotone)
    }

    @Test("Bounds end half way between the sides of an ordered split, and are those of the node otherwise")
    func bounds() {
        let whole = LeafBounds()
        #expect(!whole.areSet)
        let (left, right) = whole.split(left: 1, right: 3, direction: .increasing)
        #expect(left == LeafBounds(low: -.infinity, high: 2) && right == LeafBounds(low: 2, high: .infinity))
        let (above, below) = right.split(left: 5, right: 3, direction: .decreasing)
        #expect(above == LeafBounds(low: 4, high: .infinity) && below == LeafBounds(low: 2, high: 4))
        #expect(below.split(left: 9, right: 0, direction: nil) == (below, below))
        #expect([1, 3, 5].map(below.clamped) == [2, 3, 4])
    }
}
