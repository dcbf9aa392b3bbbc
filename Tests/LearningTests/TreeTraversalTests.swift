import Testing

@testable import Learning

@Suite("Tree traversal")
struct TreeTraversalTests {
    /// Trees of many shapes on numbers with NaN and infinities; `leaves` decides whether they are tested or walked. With categories,
    /// which are walked, two of the five features are.
    private static func trees(
        _ count: Int, leaves: Int, outputs: Int, seed: UInt64, categories: Bool = false
    ) -> [DecisionTree] {
        var random = RandomStream(seed: seed)
        return (0..<count).map { _ in
            var tree = DecisionTree(outputs: outputs)
            func values() -> [Double] { (0..<outputs).map { _ in random.normal() } }
            _ = tree.addLeaf(values(), cover: 1)
            while tree.leaves < leaves {
                let open = tree.nodes.indices.filter { tree.nodes[$0].isLeaf }
                let index = open[random.index(below: open.count)]
                tree.nodes[index].feature = Int32(random.index(below: 5))
                tree.nodes[index].threshold = random.index(below: 9) == 0 ? .infinity : Float(random.normal())
                tree.nodes[index].missingLeft = random.index(below: 2) == 0
                tree.nodes[index].count = 0
                if categories, tree.nodes[index].feature >= 3 {
                    tree.nodes[index].first = Int32(tree.words.count)
                    tree.nodes[index].count = Int32(1 + random.index(below: 3))
                    for _ in 0..<tree.nodes[index].count {
                        tree.words.append(UInt32(truncatingIfNeeded: random.next()))
                    }
                }
                tree.nodes[index].left = tree.addLeaf(values(), cover: 1)
                tree.nodes[index].right = tree.addLeaf(values(), cover: 1)
            }
            return tree
        }
    }

    /// Categories are missing or up to 199, beyond the sets of most nodes.
    private static func matrix(rows: Int, categories: Bool = false) -> FeatureMatrix {
        var random = RandomStream(seed: 77)
        let features = (0..<5).map { feature in
            if categories, feature >= 3 {
                let codes = (0..<rows).map { _ in Int32(random.index(below: 201)) - 1 }
                return FeatureMatrix.Feature(name: "f\(feature)", values: .categorical(codes, cardinality: 200))
            }
            let values = (0..<rows).map { _ -> Float in
                switch random.index(below: 12) {
                case 0: .nan
                case 1: .infinity
                case 2: -.infinity
                default: Float(random.normal())
                }
            }
            return FeatureMatrix.Feature(name: "f\(feature)", values: .numeric(values))
        }
        return FeatureMatrix(rows: rows, features: features)
    }

    /// The sum that the definition gives: one row after the other, from the root to a leaf.
    private func expected(_ trees: [DecisionTree], _ matrix: FeatureMatrix, row: Int, outputs: Int) -> [Double] {
        var sums = Array(repeating: 0.0, count: outputs)
        for (number, tree) in trees.enumerated() {
            var index = 0
            while !tree.nodes[index].isLeaf {
                let node = tree.nodes[index]
                index = Int(tree.goesLeft(node, matrix, row: row) ? node.left : node.right)
            }
            if tree.outputs == 1 {
                sums[number % outputs] += tree.values[index]
            } else {
                for output in 0..<outputs { sums[output] += tree.answer(of: index)[output] }
            }
        }
        return sums
    }

    @Test(
        "Every row reaches its leaf, in trees that are tested and in trees that are walked, in batches of any size",
        arguments: [(1, 1, 1), (2, 1, 1), (17, 1, 3), (32, 1, 1), (32, 3, 3), (33, 1, 1), (60, 2, 2)], [false, true])
    func reachesItsLeaf(shape: (leaves: Int, treeOutputs: Int, outputs: Int), categories: Bool) {
        let (leaves, treeOutputs, outputs) = shape
        let trees = Self.trees(
            19, leaves: leaves, outputs: treeOutputs, seed: UInt64(leaves), categories: categories)
        let matrix = Self.matrix(rows: 1_100, categories: categories)
        let traversal = TreeTraversal(trees, outputs: outputs)
        var whole = Array(repeating: 0.0, count: matrix.rows * outputs)
        traversal.add(matrix, rows: nil, to: &whole)
        for row in 0..<matrix.rows {
            let sums = expected(trees, matrix, row: row, outputs: outputs)
            #expect(Array(whole[row * outputs..<(row + 1) * outputs]) == sums)
        }
        for size in [1, 7, 8, 33, 513] {
            let rows = (0..<Int32(size)).map { ($0 * 31) % Int32(matrix.rows) }
            var part = Array(repeating: 0.0, count: size * outputs)
            traversal.add(matrix, rows: rows, to: &part)
            #expect(part == rows.flatMap { whole[Int($0) * outputs..<(Int($0) + 1) * outputs] })
        }
    }

    @Test("Processors with and without wide vectors give the same bits", arguments: [false, true])
    func narrowVectorsAgree(categories: Bool) {
        let trees = Self.trees(37, leaves: 31, outputs: 1, seed: 4, categories: categories)
        let matrix = Self.matrix(rows: 200, categories: categories)
        var traversal = TreeTraversal(trees, outputs: 1)
        func answers() -> [[Double]] {
            [nil, [0], [199], [7, 3, 7]].map { (rows: [Int32]?) in
                var found = [Double](repeating: 0, count: rows?.count ?? 200)
                traversal.add(matrix, rows: rows, to: &found)
                return found
            }
        }
        let found = answers()
        traversal.hasWideVectors = false
        #expect(answers() == found)
    }

    @Test("Any number of threads predicts the same bits")
    func threadsAgree() {
        let trees = Self.trees(3, leaves: 31, outputs: 1, seed: 5)
        let matrix = Self.matrix(rows: 20_000)
        let model = BoostingModel(
            trees, base: [0.5], link: .logistic, outputs: 2, features: 5, center: 0, scale: 1)
        #expect(model.predict(matrix, threads: 2) == model.predict(matrix, rows: nil))
    }

    @Test("A stored tree with a node under two parents is refused, as its layout would grow without bound")
    func refusesSharedChildren() throws {
        var tree = DecisionTree(outputs: 1)
        for _ in 0..<60 { _ = tree.addLeaf([0], cover: 1) }
        for index in 0..<58 {
            tree.nodes[index].feature = 0
            tree.nodes[index].left = Int32(index + 1)
            tree.nodes[index].right = Int32(index + 2)
        }
        var writer = ArtifactWriter()
        tree.write(to: &writer)
        var reader = ArtifactReader(writer.bytes)
        #expect(throws: LearningError.self) { try DecisionTree(reader: &reader) }
    }
}
