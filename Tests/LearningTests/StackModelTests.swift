import Foundation
import Shared
import Testing

@testable import Learning

@Suite("A stack as a model") struct StackModelTests {
    private static let several: [any Learner] = [LinearLearner(), DecisionTreeLearner(), NeighboursLearner()]

    private func artifact(_ task: LearnerTask) throws -> ModelArtifact {
        var artifact = try ONNXSubject.artifact(Self.several, task: task, isStack: true)
        artifact.testVectors = TestVectors(rows: [], outputs: [])
        return artifact
    }

    private func stack(_ artifact: ModelArtifact) throws -> EnsembleModel {
        try #require(artifact.model as? EnsembleModel)
    }

    @Test(arguments: LearnerTask.allCases) func answersAreALinearFunctionOfThoseOfTheMembers(_ task: LearnerTask) throws
    {
        let artifact = try artifact(task)
        let model = try stack(artifact)
        let table = try PreparedTable(ONNXSubject.table(50, seed: 2), features: artifact.pipeline.features)
        let matrix = artifact.pipeline.transform(table)
        let parts = model.members.map { $0.model.predict(matrix, rows: nil) }
        let outputs = model.predict(matrix, rows: nil)
        guard case .stack(let intercepts) = model.combination else {
            Issue.record("not a stack")
            return
        }
        func bounded(_ share: Double) -> Double { min(1 - 1e-5, max(1e-5, share)) }
        for row in 0..<50 {
            func sum(_ output: Int, _ score: (Double) -> Double) -> Double {
                zip(model.members, parts).reduce(intercepts[min(output, intercepts.count - 1)]) {
                    $0 + $1.0.weight * score($1.1[row * model.outputs + output])
                }
            }
            let answer = Array(outputs[row * model.outputs..<(row + 1) * model.outputs])
            switch task {
            case .number: #expect(abs(answer[0] - sum(0) { $0 }) < 1e-6)
            case .twoClasses:
                let odds = sum(1) { log(bounded($0) / (1 - bounded($0))) }
                #expect(abs(answer[1] - 1 / (1 + exp(-odds))) < 1e-12)
                #expect(answer[0] == 1 - answer[1])
            case .threeClasses:
                let shares = (0..<3).map { class_ in exp(sum(class_) { log(max(1e-5, $0)) }) }
                for output in 0..<3 { #expect(abs(answer[output] - shares[output] / shares.reduce(0, +)) < 1e-12) }
            }
        }
        // A row alone, and rows on two threads, have the same bits.
        #expect(model.predict(matrix, rows: [7]) == Array(outputs[7 * model.outputs..<8 * model.outputs]))
        #expect(model.predict(matrix, rows: []).isEmpty)
    }

    @Test(arguments: LearnerTask.allCases) func roundTripGivesTheSameBytesAndPredictions(_ task: LearnerTask) throws {
        let artifact = try artifact(task)
        let bytes = try artifact.encode()
        let back = try ModelArtifact.decode(bytes)
        #expect(try back.encode() == bytes)
        #expect(try stack(back).combination == stack(artifact).combination)
        #expect(try stack(back).members.map(\.weight) == stack(artifact).members.map(\.weight))
        let table = ONNXSubject.table(50, seed: 2, strange: true)
        #expect(Predictor(back).outputs(table) == Predictor(artifact).outputs(table))
    }

    /// What stands before a stack's members: tag, number of intercepts, intercepts, number of members.
    @Test func damagedStacksAreRefused() throws {
        let model = try stack(artifact(.twoClasses))
        func reason(_ change: (inout [UInt8]) -> Void) -> String? {
            var writer = ArtifactWriter()
            FittedModels.write(model, to: &writer)
            var bytes = writer.bytes
            change(&bytes)
            var reader = ArtifactReader(bytes)
            do throws(LearningError) { _ = try FittedModels.read(&reader) } catch {
                if case .artifactDamaged(let reason, _) = error { return reason }
            }
            return nil
        }
        func bytes(_ value: Double) -> [UInt8] {
            var writer = ArtifactWriter()
            writer.write(value)
            return writer.bytes
        }
        #expect(reason { _ in } == nil)
        #expect(reason { $0.replaceSubrange(5..<13, with: bytes(.nan)) } == "the intercepts of a stack")
        #expect(reason { $0.replaceSubrange(5..<13, with: bytes(.infinity)) } == "the intercepts of a stack")
        #expect(reason { $0[13] = 0 } == "an ensemble of 0 members")
        #expect(reason { $0[13] = 65 } == "an ensemble of 65 members")
        for weight in [0, -1, 1e7, .nan, .infinity] {
            #expect(reason { $0.replaceSubrange(17..<25, with: bytes(weight)) } == "a member's weight or name")
        }
        #expect(reason { $0.replaceSubrange(17..<25, with: bytes(3)) } == nil)
        #expect(
            reason {
                $0[1] = 2
                $0.insert(contentsOf: bytes(0.5), at: 13)
            } == "a stack of 2 intercepts")
        #expect(reason { $0.removeLast() } != nil)
        for nested in [ArtifactTag.stack, .ensemble] {
            // The first member's tag comes after its name, which is "linear".
            #expect(reason { $0[35] = nested.rawValue } == "an ensemble inside an ensemble")
        }
    }

    @Test func damagedBytesNeverTrap() throws {
        var random = RandomStream(seed: 4)
        for task in LearnerTask.allCases {
            var writer = ArtifactWriter()
            let few: [any Learner] = [LinearLearner(), DecisionTreeLearner(maximumDepth: 3)]
            FittedModels.write(try stack(ONNXSubject.artifact(few, task: task, isStack: true)), to: &writer)
            for _ in 0..<500 {
                var damaged = writer.bytes
                let place = random.unit() < 0.5 ? random.index(below: 60) : random.index(below: damaged.count)
                damaged[place] ^= UInt8(1 << random.index(below: 8))
                if random.unit() < 0.3 { damaged.removeLast(random.index(below: damaged.count)) }
                var reader = ArtifactReader(damaged)
                _ = try? FittedModels.read(&reader)
            }
        }
    }

    @Test func contributionsAddUpToLogOdds() throws {
        let problem = LearnerProblem(.twoClasses, rows: 300)
        let learners: [any Learner] = [
            LinearLearner(), BoostingLearner(LearnerSubject.boosting { ($0.iterations, $0.learningRate) = (10, 0.05) }),
        ]
        let members = try learners.map {
            EnsembleModel.Member(
                weight: 0.8,
                model: try $0.fit(
                    problem.matrix, target: problem.target, rows: problem.rows, weights: nil,
                    context: FitContext(seed: 1)), learner: .linear)
        }
        let model = EnsembleModel(stacking: members, intercepts: [0.3])
        let outputs = model.predict(problem.matrix, rows: nil)
        var distances: [Double] = []
        for row in 0..<300 where (0.01...0.99).contains(outputs[row * 2 + 1]) {
            let line = try #require(Contributions.of(model, matrix: problem.matrix, row: row, output: 1))
            let share = outputs[row * 2 + 1]
            distances.append(log(share / (1 - share)) - line.reduce(0, +))
        }
        // What is left is the same for every row: the members' biases and the intercept.
        let least = try #require(distances.min())
        let most = try #require(distances.max())
        #expect(distances.count > 50)
        #expect(most - least < 1e-4)
    }

    @Test func documentsNameWeightsAndIntercepts() throws {
        var artifact = try artifact(.threeClasses)
        artifact.summary.learner = LearnerName.stack.rawValue
        artifact.summary.members = [
            .init(learner: "linear", weight: 0.75, parameters: [:]),
            .init(learner: "decision_tree", weight: 0.5, parameters: [:]),
        ]
        let report = ModelReport(artifact).markdown(name: "m", version: 1)
        #expect(report.contains("with stack:"))
        #expect(report.contains("| Members | linear 0.75, decision_tree 0.5 |"))
        let json = try JSONDecoder().decode(JSONValue.self, from: Data(artifact.json()))
        guard case .object(let document) = json, case .object(let model)? = document["model"],
            case .array(let members)? = model["members"], case .array(let intercepts)? = model["intercepts"]
        else {
            Issue.record("no stack")
            return
        }
        #expect(members.count == 3)
        #expect(intercepts.count == 3 && intercepts.first == .number(0.25))
    }
}
