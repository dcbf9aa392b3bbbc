import Shared
import Testing

@testable import Learning

@Suite struct ArtifactTests {
    @Test(arguments: ["kind", "price"]) func roundTripGivesTheSameBytesAndPredictions(_ target: String) throws {
        let artifact = try TableMaking.trained(target: target)
        let bytes = try artifact.encode()
        let back = try ModelArtifact.decode(bytes)
        try back.verify()
        #expect(try back.encode() == bytes)
        #expect(back.summary == artifact.summary)
        #expect(back.pipeline == artifact.pipeline)
        #expect(back.testVectors.rows.count == 32)
        let table = TableMaking.customers(50, seed: 3)
        #expect(Predictor(back).outputs(table) == Predictor(artifact).outputs(table))
    }

    @Test func changedOutputIsFound() throws {
        var artifact = try TableMaking.trained()
        artifact.testVectors.outputs[4] += 0.001
        #expect(throws: LearningError.self) { try artifact.verify() }
        #expect(
            throws: LearningError.testVectorMismatch(
                row: 2, expected: artifact.testVectors.outputs[4], found: artifact.testVectors.outputs[4] - 0.001)
        ) {
            var exact = artifact
            exact.testVectors.outputs[4] = artifact.testVectors.outputs[4]
            try exact.verify()
        }
    }

    @Test func damagedBytesAreRefusedAndNeverTrap() throws {
        let bytes = try TableMaking.trained().encode()
        var random = RandomStream(seed: 6)
        var refused = 0
        for _ in 0..<5_000 {
            var damaged = bytes
            if random.unit() < 0.3 {
                damaged.removeLast(1 + random.index(below: bytes.count - 1))
            } else {
                for _ in 0...random.index(below: 3) {
                    damaged[random.index(below: bytes.count)] ^= UInt8(1 << random.index(below: 8))
                }
            }
            if damaged == bytes { refused += 1 }
            do throws(LearningError) { _ = try ModelArtifact.decode(damaged) } catch { refused += 1 }
        }
        #expect(refused == 5_000)
    }

    @Test func damagedSectionsWithRightChecksumsNeverTrap() throws {
        let artifact = try TableMaking.trained()
        var pipeline = ArtifactWriter()
        artifact.pipeline.write(to: &pipeline)
        var model = ArtifactWriter()
        FittedModels.write(artifact.model, to: &model)
        var random = RandomStream(seed: 7)
        for _ in 0..<2_000 {
            for original in [pipeline.bytes, model.bytes] {
                var damaged = original
                damaged[random.index(below: damaged.count)] ^= UInt8(1 << random.index(below: 8))
                if random.unit() < 0.3 { damaged.removeLast(random.index(below: damaged.count)) }
                var reader = ArtifactReader(damaged)
                _ = try? FittedPipeline(reader: &reader)
                reader = ArtifactReader(damaged)
                _ = try? FittedModels.read(&reader)
            }
        }
    }

    /// They would predict fewer numbers than they say.
    @Test func regressionsOfTwoOutputsAreRefused() throws {
        let problem = LearnerProblem(.number, rows: 40)
        func fit(_ learner: some Learner) throws -> any FittedModel {
            try learner.fit(
                problem.matrix, target: problem.target, rows: problem.rows, weights: nil, context: FitContext(seed: 1))
        }
        let linear = try #require(try fit(LinearLearner()) as? LinearModel)
        let kept = try #require(try fit(NeighboursLearner()) as? NeighboursModel)
        let damaged: [any FittedModel] = [
            LinearModel(
                encoding: linear.encoding, outputs: 2, isRegression: true, coefficients: linear.coefficients),
            NeighboursModel(
                encoding: kept.encoding, isRegression: true, prior: [0, 0], neighbours: 1, byDistance: false,
                dense: kept.dense, oneHot: kept.oneHot, values: kept.values, weights: kept.weights),
        ]
        for model in damaged {
            var writer = ArtifactWriter()
            FittedModels.write(model, to: &writer)
            var reader = ArtifactReader(writer.bytes)
            #expect(throws: LearningError.self) { try FittedModels.read(&reader) }
        }
    }

    @Test func treesWithNodesThatNoSplitLeadsToAreRefused() throws {
        var tree = DecisionTree(outputs: 1)
        for value in [0.0, 1, 2, 3, 4] { _ = tree.addLeaf([value], cover: 1) }
        (tree.nodes[0].feature, tree.nodes[0].left, tree.nodes[0].right) = (0, 1, 2)
        var writer = ArtifactWriter()
        tree.write(to: &writer)
        var reader = ArtifactReader(writer.bytes)
        #expect(throws: LearningError.artifactDamaged(reason: "no split leads to node 3 of a tree", offset: 0)) {
            try DecisionTree(reader: &reader)
        }
    }

    @Test func treesDeeperThanLearnersMakeAreRefused() throws {
        var tree = DecisionTree(outputs: 1)
        _ = tree.addLeaf([0], cover: 1)
        for level in 0..<257 {
            let parent = max(0, 2 * level)
            (tree.nodes[parent].feature, tree.nodes[parent].left) = (0, tree.addLeaf([1], cover: 1))
            tree.nodes[parent].right = tree.addLeaf([2], cover: 1)
        }
        var writer = ArtifactWriter()
        tree.write(to: &writer)
        var reader = ArtifactReader(writer.bytes)
        #expect(throws: LearningError.artifactDamaged(reason: "a tree of depth 257, more than 256", offset: 0)) {
            try DecisionTree(reader: &reader)
        }
    }

    @Test func modelsOfOtherColumnsThanThePipelineMakesAreRefused() throws {
        var artifact = try TableMaking.trained()
        // A row's explanation would take a line of four billion numbers.
        artifact.model = TreeModel(
            [Self.leaf], outputs: 2, features: Int(UInt32.max), isForest: false)
        #expect(
            throws: LearningError.artifactDamaged(
                reason: "the model takes another number of columns than the pipeline makes", offset: 0)
        ) { try ModelArtifact.decode(artifact.encode()) }
        let members = [3, 4].map { TreeModel([Self.leaf], outputs: 2, features: $0, isForest: false) }
        artifact.model = EnsembleModel(members: members.map { .init(weight: 1, model: $0, learner: .decisionTree) })
        #expect(throws: LearningError.artifactDamaged(reason: "members of different inputs or outputs", offset: 152)) {
            try ModelArtifact.decode(artifact.encode())
        }
    }

    private static var leaf: DecisionTree {
        var tree = DecisionTree(outputs: 2)
        _ = tree.addLeaf([0.5, 0.5], cover: 1)
        return tree
    }

    @Test func otherFilesAndNewerFormatsAreNamed() throws {
        #expect(throws: LearningError.artifactDamaged(reason: "it does not begin as a csvand model does", offset: 0)) {
            try ModelArtifact.decode(Array("not a model at all".utf8))
        }
        var bytes = try TableMaking.trained().encode()
        bytes[8] = 9
        #expect(throws: LearningError.artifactVersion(found: 9, supported: 3)) { try ModelArtifact.decode(bytes) }
    }

    @Test func checksumIsTheUsualOne() {
        #expect(Checksum.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    }
}
