import Testing

@testable import Learning

@Suite("Bytes of decision trees") struct DecisionTreeBytesTests {
    /// A split and two leaves that know one and two of three classes.
    private static var tree: DecisionTree {
        var tree = DecisionTree(outputs: 3)
        _ = tree.addLeaf([0, 0, 0], cover: 9)
        (tree.nodes[0].feature, tree.nodes[0].threshold) = (1, 0.5)
        tree.nodes[0].left = tree.addLeaf([0, 1, 0], cover: 4)
        tree.nodes[0].right = tree.addLeaf([0.25, 0, 0.75], cover: 5)
        return tree
    }

    private static func read(_ writer: ArtifactWriter) throws(LearningError) -> DecisionTree {
        var reader = ArtifactReader(writer.bytes)
        return try DecisionTree(reader: &reader)
    }

    @Test func leavesKeepWhatIsNotZero() throws {
        let tree = Self.tree
        #expect(tree.values == [1, 0.25, 0.75])
        #expect(tree.valueOutputs == [1, 0, 2])
        var writer = ArtifactWriter()
        tree.write(to: &writer)
        #expect(try Self.read(writer) == tree)
    }

    @Test func leavesOfEarlierReleasesHaveAllNumbers() throws {
        let tree = Self.tree
        var writer = ArtifactWriter()
        writer.write(UInt32(3))
        writer.write(tree.nodes.map(\.feature))
        writer.write(tree.nodes.map(\.threshold))
        writer.write([UInt8](repeating: 0, count: 3))
        writer.write([Int32](repeating: 0, count: 3))
        writer.write([Int32](repeating: 0, count: 3))
        writer.write(tree.nodes.map(\.left))
        writer.write(tree.nodes.map(\.right))
        writer.write(tree.nodes.map(\.cover))
        writer.write([UInt32]())
        writer.write([0.0, 0, 0, 0, 1, 0, 0.25, 0, 0.75])
        #expect(try Self.read(writer) == tree)
    }

    @Test(arguments: [
        ([3, 0, 2], "leaf 1 of a tree has no such outputs"), ([1, 2, 0], "leaf 2 of a tree has no such outputs"),
        ([1, 0, 0], "leaf 2 of a tree has no such outputs"), ([-1, 0, 2], "leaf 1 of a tree has no such outputs"),
        ([1, 0], "the parts of a tree differ in length"),
    ]) func outputsThatATreeDoesNotHaveAreRefused(_ outputs: [Int32], _ reason: String) {
        var tree = Self.tree
        tree.valueOutputs = outputs
        var writer = ArtifactWriter()
        tree.write(to: &writer)
        #expect(throws: LearningError.artifactDamaged(reason: reason, offset: 0)) { try Self.read(writer) }
    }

    @Test(arguments: [(-1, 1), (0, -1), (2, 2), (3, 1)]) func leavesOutsideTheirTreeAreRefused(
        _ first: Int32, _ count: Int32
    ) {
        var tree = Self.tree
        (tree.nodes[1].first, tree.nodes[1].count) = (first, count)
        var writer = ArtifactWriter()
        tree.write(to: &writer)
        #expect(
            throws: LearningError.artifactDamaged(reason: "leaf 1 of a tree points outside it", offset: 0)
        ) { try Self.read(writer) }
    }

    @Test("A forest of many classes keeps few numbers a leaf")
    func manyClassesTakeLittle() throws {
        let rows = 2_000
        let classes = 40
        let codes = (0..<rows).map { Int32($0 % classes) }
        let values = codes.map { Float($0) }
        let matrix = FeatureMatrix(rows: rows, features: [.init(name: "x", values: .numeric(values))])
        var settings = ForestSettings()
        settings.trees = 4
        let fitted = try RandomForestLearner(settings).fit(
            matrix, target: .classes(codes, count: classes), rows: Array(0..<Int32(rows)), weights: nil,
            context: FitContext(seed: 1))
        let model = try #require(fitted as? TreeModel)
        let leaves = model.trees.reduce(0) { $0 + $1.leaves }
        let kept = model.trees.reduce(0) { $0 + $1.values.count }
        #expect(leaves >= 4 * classes)
        #expect(kept <= 2 * leaves)
        let predicted = model.predict(matrix, rows: nil)
        #expect(codes.indices.allSatisfy { predicted[$0 * classes + Int(codes[$0])] > 0.9 })
    }
}
