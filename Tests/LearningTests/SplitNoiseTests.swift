import Foundation
import Testing

@testable import Learning

@Suite("Chance in the choice of splits")
struct SplitNoiseTests {
    /// A split of each slot, with gains that contain the score of the leaf; 0 for none.
    private func splits(_ gains: [Double], own: Double) -> [BinSplit] {
        gains.enumerated().map { slot, gain in gain == 0 ? BinSplit() : BinSplit(gain: gain + own, slot: slot) }
    }

    private func choice(_ noise: SplitNoise, _ gains: [Double], own: Double = 0, node: Int32 = 0) -> BinSplit {
        splits(gains, own: own).withUnsafeBufferPointer { noise.best(of: $0, own: own, node: node, least: 1e-9) }
    }

    @Test("Without chance the largest gain is taken, the first of equals, and nothing that gains nothing")
    func none() {
        let chosen = choice(.none, [1, 0, 7, 3, 7], own: 20)
        #expect(chosen.slot == 2 && abs(chosen.gain - 7) < 1e-12)
        #expect(!choice(.none, [0, 0]).isFound)
        #expect(!choice(.none, [0, 0], own: 20).isFound)
        #expect(!choice(.none, [-3, -1], own: 20).isFound)
    }

    @Test("Of two features the better one is taken as often as its gain is better in another sample of the rows")
    func shares() {
        // Of roots 6 and 5 with deviations of 2 each.
        let expected = 0.5 * erfc(-(1 / (2 * 2.0.squareRoot())) / 2.0.squareRoot())
        var first = 0
        for tree in 0..<20_000 {
            let noise = SplitNoise(strength: 1, dispersion: 4, seed: 7, tree: tree)
            let chosen = choice(noise, [36, 25], own: 10)
            #expect(abs(chosen.gain - (chosen.slot == 0 ? 36 : 25)) < 1e-12)
            if chosen.slot == 0 { first += 1 }
        }
        #expect(abs(Double(first) / 20_000 - expected) < 0.015)
    }

    @Test("What chance cannot explain is always taken; the same leaf of the same tree is split the same way")
    func certain() {
        for tree in 0..<200 {
            let noise = SplitNoise(strength: 2, dispersion: 1, seed: 1, tree: tree)
            #expect(choice(noise, [4, 2_000, 9, 1]).slot == 1)
            let again = SplitNoise(strength: 2, dispersion: 1, seed: 1, tree: tree)
            #expect(choice(noise, [4, 5, 6], node: 3).slot == choice(again, [4, 5, 6], node: 3).slot)
        }
        let slots = (0..<200).map { node in
            choice(SplitNoise(strength: 2, dispersion: 1, seed: 1, tree: 0), [4, 4], node: node).slot
        }
        #expect(slots.contains(0) && slots.contains(1))
    }

    @Test("Draws among sixteen times 32 features are half as large")
    func manyFeatures() {
        // The same share of the better one with half the distance of the roots.
        func share(_ features: Int, _ root: Double) -> Double {
            let gains = [36, root * root] + [Double](repeating: 0, count: features - 2)
            let first = (0..<5_000).count {
                choice(SplitNoise(strength: 2, dispersion: 1, seed: 3, tree: $0), gains).slot == 0
            }
            return Double(first) / 5_000
        }
        #expect(abs(share(32, 4) - share(512, 5)) < 0.03)
        #expect(abs(share(2, 4) - share(32, 4)) < 0.03)
        #expect(share(512, 4) > share(32, 4) + 0.05)
    }

    @Test("The search begins with chance in splits only where rounds see everything; old trials had none")
    func search() {
        for rows in [100, 10_000] {
            for configuration in Portfolio.configurations(rows: rows, isClassification: true)
            where configuration.learner == .gradientBoosting {
                let parameters = configuration.parameters
                let seesAll = ["row_share", "feature_share"].allSatisfy { parameters[$0]?.number == 1 }
                #expect(parameters["random_strength"]?.number == (seesAll ? 1 : 0))
            }
        }
        let old = LearnerFactory.make(TrialConfiguration(.gradientBoosting, ["leaves": .integer(7)]))
        #expect(old.parameters["random_strength"]?.number == 0)
    }

    @Test("Rows that are fitted already leave nothing to chance")
    func fitted() {
        for tree in 0..<50 {
            #expect(choice(SplitNoise(strength: 2, dispersion: 0, seed: 1, tree: tree), [1e-3, 2e-3]).slot == 1)
        }
    }

    @Test("Trees that differ by chance are right more often about other rows")
    func generalises() throws {
        var ratios: [Double] = []
        for seed in 1...4 as ClosedRange<UInt64> {
            let problem = Self.faint(seed: seed)
            let (known, held) = (problem.rows.filter { $0 % 2 == 0 }, problem.rows.filter { $0 % 2 == 1 })
            let losses = try [0, BoostingSettings().randomStrength].map { strength in
                let learner = BoostingLearner(LearnerSubject.boosting { $0.randomStrength = strength })
                let model = try learner.fit(
                    problem.matrix, target: problem.target, rows: known, weights: nil, context: FitContext(seed: seed))
                return problem.loss(model.predict(problem.matrix, rows: held), rows: held)
            }
            ratios.append(losses[1] / losses[0])
        }
        #expect(ratios.allSatisfy { $0 < 1 }, "\(ratios)")
        #expect(ratios.reduce(0, +) / 4 < 0.97, "\(ratios)")
    }

    /// Two classes that every one of twenty features says a little about.
    private static func faint(seed: UInt64) -> LearnerProblem {
        var random = RandomStream(seed: seed)
        let rows = 2_000
        let features = (0..<20).map { _ in (0..<rows).map { _ in Float(random.normal()) } }
        var problem = LearnerProblem(.twoClasses, rows: 1)
        problem.matrix = FeatureMatrix(
            rows: rows,
            features: features.enumerated().map { .init(name: "f\($0.offset)", values: .numeric($0.element)) })
        problem.target = .classes(
            (0..<rows).map { row in
                let score = features.reduce(0) { $0 + 0.3 * Double($1[row]) }
                return random.unit() < LinkFunctions.sigmoid(score) ? 1 : 0
            }, count: 2)
        return problem
    }
}
