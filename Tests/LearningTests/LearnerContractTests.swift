import Synchronization
import Testing

@testable import Learning

@Suite("Every learner keeps the contract")
struct LearnerContractTests {
    @Test("The same seed gives the same bytes, with one thread and with two", arguments: LearnerSubject.all)
    func determinism(_ subject: LearnerSubject) throws {
        for task in LearnerTask.allCases {
            let problem = LearnerProblem(task, rows: 300)
            let models = try [1, 2, 1].map { threads in
                try subject.learner.fit(
                    problem.matrix, target: problem.target, rows: problem.rows, weights: nil,
                    context: FitContext(seed: 3, threads: threads))
            }
            let first = bytes(of: models[0])
            #expect(models.allSatisfy { bytes(of: $0) == first })
        }
    }

    @Test("A model read back writes the same bytes and predicts the same bits", arguments: LearnerSubject.all)
    func roundTrip(_ subject: LearnerSubject) throws {
        for task in LearnerTask.allCases {
            let problem = LearnerProblem(task, rows: 200)
            let model = try fit(subject, problem)
            let written = bytes(of: model)
            var reader = ArtifactReader(written)
            let again = try FittedModels.read(&reader)
            #expect(reader.remaining == 0)
            #expect(bytes(of: again) == written)
            #expect(again.outputs == problem.target.outputs)
            let (left, right) = (model.predict(problem.matrix, rows: nil), again.predict(problem.matrix, rows: nil))
            #expect(left.map(\.bitPattern) == right.map(\.bitPattern))
        }
    }

    @Test("A damaged artifact is refused or read, and never traps", arguments: LearnerSubject.all)
    func damage(_ subject: LearnerSubject) throws {
        let problem = LearnerProblem(.threeClasses, rows: 60)
        let written = bytes(of: try fit(subject, problem))
        var random = RandomStream(seed: 11)
        for attempt in 0..<150 {
            var damaged = written
            if attempt.isMultiple(of: 3) {
                damaged.removeLast(1 + random.index(below: damaged.count - 1))
                var reader = ArtifactReader(damaged)
                #expect(throws: LearningError.self) { try FittedModels.read(&reader) }
            } else {
                damaged[random.index(below: damaged.count)] ^= UInt8(1 << random.index(below: 8))
                var reader = ArtifactReader(damaged)
                guard let model = try? FittedModels.read(&reader) else { continue }
                _ = model.predict(problem.matrix, rows: [0, 7])
            }
        }
    }

    @Test(
        "Predictions are finite and probabilities add up to 1, one row at a time or all at once",
        arguments: LearnerSubject.all)
    func predictions(_ subject: LearnerSubject) throws {
        for task in LearnerTask.allCases {
            let problem = LearnerProblem(task, rows: 150)
            let model = try fit(subject, problem)
            let all = model.predict(problem.matrix, rows: nil)
            let outputs = problem.target.outputs
            #expect(all.count == 150 * outputs)
            #expect(areFinite(all))
            if outputs > 1 {
                for row in 0..<150 { #expect(abs(all[row * outputs..<(row + 1) * outputs].reduce(0, +) - 1) < 1e-9) }
            }
            #expect(model.predict(problem.matrix, rows: []).isEmpty)
            for row in [0, 17, 149] {
                #expect(
                    model.predict(problem.matrix, rows: [Int32(row)]) == Array(all[row * outputs..<(row + 1) * outputs])
                )
            }
        }
    }

    @Test(
        "Missing, unseen, infinite values, fewer features and other kinds are legal in prediction",
        arguments: LearnerSubject.all)
    func strangeRows(_ subject: LearnerSubject) throws {
        let problem = LearnerProblem(.twoClasses, rows: 200)
        let model = try fit(subject, problem)
        let strange = FeatureMatrix(
            rows: 4,
            features: [
                .init(name: "first", values: .numeric([.infinity, -.infinity, .nan, 3e38])),
                .init(name: "second", values: .numeric([.nan, .infinity, -.infinity, -3e38])),
                .init(name: "group", values: .categorical([-1, 8, 4_000_000, 2], cardinality: 5_000_000)),
                .init(name: "constant", values: .numeric([0, .nan, 4, .infinity])),
                .init(name: "empty", values: .numeric([1, 2, 3, 4])),
                .init(name: "no_codes", values: .categorical([0, 1, -1, 5], cardinality: 6)),
            ])
        #expect(areFinite(model.predict(strange, rows: nil)))
        #expect(model.predict(FeatureMatrix(rows: 2, features: []), rows: nil).count == 4)
        let swapped = FeatureMatrix(rows: 4, features: Array(strange.features.reversed()))
        #expect(areFinite(model.predict(swapped, rows: nil)))
    }

    @Test("Infinite and huge values, one row, one class and no features can be fitted", arguments: LearnerSubject.all)
    func strangeFits(_ subject: LearnerSubject) throws {
        for task in LearnerTask.allCases {
            var problem = LearnerProblem(task, rows: 60)
            problem.matrix.features[0].values = .numeric(
                (0..<60).map { [Float.infinity, -.infinity, .nan, 3e38, -3e38, Float($0)][$0 % 6] })
            #expect(areFinite(try fit(subject, problem).predict(problem.matrix, rows: nil)))
            let one = try subject.learner.fit(
                problem.matrix, target: problem.target, rows: [7], weights: nil, context: FitContext(seed: 1))
            #expect(areFinite(one.predict(problem.matrix, rows: nil)))
            let bare = FeatureMatrix(rows: 60, features: [])
            let none = try subject.learner.fit(
                bare, target: problem.target, rows: problem.rows, weights: nil, context: FitContext(seed: 1))
            #expect(areFinite(none.predict(bare, rows: nil)))
        }
        let problem = LearnerProblem(.threeClasses, rows: 60)
        for target in [
            Target.classes(Array(repeating: 1, count: 60), count: 2),
            .classes(Array(repeating: 0, count: 60), count: 4),
            .classes(Array(repeating: 0, count: 60), count: 1), .regression(Array(repeating: 5, count: 60)),
            .classes((0..<60).map { Int32($0 % 5) - 1 }, count: 3),
        ] {
            let model = try subject.learner.fit(
                problem.matrix, target: target, rows: problem.rows, weights: nil, context: FitContext(seed: 1))
            let found = model.predict(problem.matrix, rows: nil)
            #expect(found.count == 60 * target.outputs)
            #expect(areFinite(found))
        }
    }

    @Test("Weights of 0 leave rows out of what is learnt", arguments: LearnerSubject.all)
    func zeroWeights(_ subject: LearnerSubject) throws {
        let problem = LearnerProblem(.twoClasses, rows: 200)
        let model = try subject.learner.fit(
            problem.matrix, target: problem.target, rows: problem.rows, weights: Array(repeating: 0, count: 200),
            context: FitContext(seed: 1))
        #expect(areFinite(model.predict(problem.matrix, rows: nil)))
    }

    @Test("A cancelled fit ends at once, with an error or with what it has", arguments: LearnerSubject.all)
    func cancellation(_ subject: LearnerSubject) throws {
        let problem = LearnerProblem(.twoClasses, rows: 400)
        let asked = Mutex(0)
        let context = FitContext(
            seed: 1,
            isCancelled: {
                asked.withLock {
                    $0 += 1
                    return $0 > 6
                }
            })
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let model = try subject.learner.fit(
                problem.matrix, target: problem.target, rows: problem.rows, weights: nil, context: context)
            #expect(areFinite(model.predict(problem.matrix, rows: nil)))
            #expect(subject.isAnytime || asked.withLock { $0 } <= 6)
        } catch {
            #expect(error == .cancelled)
        }
        #expect(clock.now - start < .seconds(5))
        #expect(throws: LearningError.cancelled) {
            _ = try subject.learner.fit(
                problem.matrix, target: problem.target, rows: problem.rows, weights: nil,
                context: FitContext(seed: 1, isCancelled: { true }))
        }
    }

    @Test("What is learnt from half of the rows beats the baseline on the other half", arguments: LearnerSubject.all)
    func quality(_ subject: LearnerSubject) throws {
        guard subject.learns else { return }
        for task in LearnerTask.allCases {
            let problem = LearnerProblem(task, rows: 600)
            let (known, held) = (problem.rows.filter { $0 % 2 == 0 }, problem.rows.filter { $0 % 2 == 1 })
            let losses = try [subject.learner, BaselineLearner()].map { learner in
                let model = try learner.fit(
                    problem.matrix, target: problem.target, rows: known, weights: nil, context: FitContext(seed: 1))
                return problem.loss(model.predict(problem.matrix, rows: held), rows: held)
            }
            #expect(losses[0] < 0.7 * losses[1])
        }
    }

    @Test("Contributions add up to the prediction", arguments: LearnerSubject.all)
    func contributions(_ subject: LearnerSubject) throws {
        for task in LearnerTask.allCases {
            let problem = LearnerProblem(task, rows: 150)
            guard let model = try fit(subject, problem) as? any ExplainableModel else { continue }
            for row in [Int32(0), 40, 149] {
                let lines = model.contributions(problem.matrix, row: row)
                #expect(lines.count == model.outputs)
                #expect(lines.allSatisfy { $0.count == problem.matrix.features.count + 1 })
                var sums = lines.map { $0.reduce(0, +) }
                if model.contributionSpace == .margin {
                    if sums.count == 2 { sums = sums.map { LinkFunctions.sigmoid($0) } }
                    if sums.count > 2 { LinkFunctions.softmax(&sums, offset: 0, classes: sums.count) }
                }
                for (sum, prediction) in zip(sums, model.predict(problem.matrix, rows: [row])) {
                    #expect(abs(sum - prediction) <= 1e-6 * max(1, abs(prediction)))
                }
            }
        }
    }

    private func fit(_ subject: LearnerSubject, _ problem: LearnerProblem) throws -> any FittedModel {
        try subject.learner.fit(
            problem.matrix, target: problem.target, rows: problem.rows, weights: nil, context: FitContext(seed: 1))
    }
}
