import Testing

@testable import Learning

@Suite("Gradient boosting")
struct LearnerBoostingTests {
    @Test("Early stopping keeps the best rounds and loses nothing against all of them")
    func earlyStopping() throws {
        let problem = LearnerProblem(.twoClasses, rows: 400)
        let (known, held) = (problem.rows.filter { $0 % 2 == 0 }, problem.rows.filter { $0 % 2 == 1 })
        let learner = BoostingLearner(
            LearnerSubject.boosting {
                $0.iterations = 120
                $0.learningRate = 0.5
                $0.patience = 10
                $0.l2 = 0
            })
        let binned = try BinnedMatrix(problem.matrix, context: FitContext(seed: 1))
        let stopped = try learner.fit(
            binned, target: problem.target, rows: known, weights: nil, context: FitContext(seed: 1, validation: held))
        let whole = try learner.fit(
            binned, target: problem.target, rows: known, weights: nil, context: FitContext(seed: 1))
        #expect(stopped.rounds > 0 && stopped.rounds < 110)
        #expect(
            problem.loss(stopped.predict(problem.matrix, rows: held), rows: held)
                <= problem.loss(whole.predict(problem.matrix, rows: held), rows: held) + 1e-9)
    }

    @Test(
        "Categories that say nothing are left alone, however many; those that say something are split",
        arguments: [0.0, 2.0])
    func manyCategories(effect: Double) throws {
        var random = RandomStream(seed: 3)
        let rows = 4_000
        let codes = (0..<rows).map { _ in Int32(random.index(below: 150)) }
        let numbers = (0..<rows).map { _ in Float(random.normal()) }
        let target = Target.classes(
            (0..<rows).map { row in
                let score = Double(numbers[row]) + effect * (codes[row] % 3 == 0 ? 1 : -0.5)
                return random.unit() < LinkFunctions.sigmoid(score) ? 1 : 0
            }, count: 2)
        let matrix = FeatureMatrix(
            rows: rows,
            features: [
                .init(name: "number", values: .numeric(numbers)),
                .init(name: "code", values: .categorical(codes, cardinality: 150)),
            ])
        let all = Array(0..<Int32(rows))
        let (known, held) = (all.filter { $0 % 2 == 0 }, all.filter { $0 % 2 == 1 })
        let learner = BoostingLearner(LearnerSubject.boosting { $0.minimumRows = 20 })
        func loss(_ matrix: FeatureMatrix) throws -> Double {
            let model = try learner.fit(matrix, target: target, rows: known, weights: nil, context: FitContext(seed: 1))
            let shares = model.predict(matrix, rows: held)
            var problem = LearnerProblem(.twoClasses, rows: 1)
            problem.target = target
            return problem.loss(shares, rows: held)
        }
        let with = try loss(matrix)
        var without = matrix
        without.features.removeLast()
        let ratio = with / (try loss(without))
        #expect(effect == 0 ? ratio < 1.05 : ratio < 0.9)
    }

    @Test("A fit that meets its deadline returns the rounds it has")
    func deadline() throws {
        let problem = LearnerProblem(.number, rows: 2_000)
        let learner = BoostingLearner(LearnerSubject.boosting { $0.iterations = 100_000 })
        let binned = try BinnedMatrix(problem.matrix, context: FitContext(seed: 1))
        let clock = ContinuousClock()
        let start = clock.now
        let model = try learner.fit(
            binned, target: problem.target, rows: problem.rows, weights: nil,
            context: FitContext(seed: 1, deadline: start + .milliseconds(150)))
        #expect(clock.now - start < .seconds(2))
        #expect(model.rounds > 0)
    }

    @Test("Threads do not change a model that is large enough to use them")
    func threads() throws {
        let problem = LearnerProblem(.threeClasses, rows: 70_000)
        let learner = BoostingLearner(
            LearnerSubject.boosting {
                $0.iterations = 2
                $0.rowShare = 0.9
                $0.featureShare = 0.6
            })
        // Two threads grow two of three trees side by side and the third together, three grow one each.
        let models = try [1, 2, 3].map { threads in
            bytes(
                of: try learner.fit(
                    problem.matrix, target: problem.target, rows: problem.rows, weights: nil,
                    context: FitContext(seed: 1, threads: threads, validation: [1, 2, 3])))
        }
        #expect(models[0] == models[1])
        #expect(models[0] == models[2])
    }

    @Test("Quantiles, medians and counts are met")
    func objectives() throws {
        var random = RandomStream(seed: 9)
        let rows = 1_500
        let feature = (0..<rows).map { _ in Float(random.unit()) }
        let values = feature.map { Double($0) * 10 + random.unit() * 4 }
        let matrix = FeatureMatrix(rows: rows, features: [.init(name: "x", values: .numeric(feature))])
        for share in [0.1, 0.5, 0.9] {
            let learner = BoostingLearner(LearnerSubject.boosting { $0.objective = .quantile(share) })
            let model = try learner.fit(
                matrix, target: .regression(values), rows: Array(0..<Int32(rows)), weights: nil,
                context: FitContext(seed: 1))
            let found = model.predict(matrix, rows: nil)
            let below = Double(values.indices.count { values[$0] <= found[$0] }) / Double(rows)
            #expect(abs(below - share) < 0.05)
        }
        let counts = feature.map { ($0 > 0.5 ? 6 : 1) + Double(random.index(below: 3)) }
        let model = try BoostingLearner(LearnerSubject.boosting { $0.objective = .poisson }).fit(
            matrix, target: .regression(counts), rows: Array(0..<Int32(rows)), weights: nil,
            context: FitContext(seed: 1))
        let found = model.predict(matrix, rows: nil)
        let ratio = found.reduce(0, +) / counts.reduce(0, +)
        #expect(found.allSatisfy { $0 > 0 })
        #expect(abs(ratio - 1) < 0.05)
    }

    @Test("A category with many codes is split natively")
    func categories() throws {
        var random = RandomStream(seed: 3)
        let codes = (0..<3_000).map { _ in Int32(random.index(below: 400)) }
        let target = Target.classes(codes.map { ($0 &* 7919) % 13 < 5 ? 1 : 0 }, count: 2)
        let matrix = FeatureMatrix(
            rows: 3_000, features: [.init(name: "code", values: .categorical(codes, cardinality: 400))])
        let learner = BoostingLearner(
            LearnerSubject.boosting {
                $0.iterations = 40
                $0.categorySmoothing = 1
            })
        let model = try learner.fit(
            matrix, target: target, rows: Array(0..<3_000), weights: nil, context: FitContext(seed: 1))
        let found = model.predict(matrix, rows: nil)
        guard case .classes(let labels, _) = target else { return }
        let right = labels.indices.count { (found[2 * $0 + 1] > 0.5 ? 1 : 0) == labels[$0] }
        #expect(right > 2_300)
    }

    @Test("Bins of a feature: missing is 0, infinities are the ends, values up to a bound stay below it")
    func bins() throws {
        let values: [Float] = [1, 2, 3, .nan, .infinity, -.infinity, 2.4, 2.6]
        let bins = FeatureBins.numeric(values, rows: Array(0..<8), bins: 255)
        let column = AlignedBuffer<UInt8>(count: 8, zero: 0)
        #expect(bins.assign(.numeric(values), rows: 8, into: column.start))
        #expect((0..<8).map { column.start[$0] } == [1, 2, 5, 0, 5, 1, 3, 4])
        let many = (0..<5_000).map { Float($0) }
        let few = FeatureBins.numeric(many, rows: Array(0..<5_000), bins: 10)
        #expect(few.count == 11)
    }
}
