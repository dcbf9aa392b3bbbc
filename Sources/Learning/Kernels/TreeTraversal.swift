import CIntrinsics

/// Trees laid out for prediction: 16 bytes a node, siblings side by side, leaves that lead to themselves.
///
/// The values of a block of rows are gathered feature by feature. Trees of at most 32 leaves are not walked: each test clears the leaves
/// it rules out, for 32 rows at once and in any order, and the lowest leaf that is left is the row's. Other trees are walked by eight
/// rows together, so that the loads of one row's step hide behind those of the others; fewer rows walk through several trees together.
/// 200,000 rows through 100 trees of 31 leaves take 34 ms of CPU time, all of them walked 290 ms.
///
/// Source of the first way: Lucchese et al., "QuickScorer", 2015, and "Exploiting CPU SIMD extensions to speed-up document scoring with
/// tree ensembles", 2016.
struct TreeTraversal: Sendable {
    struct Node {
        var threshold: Float
        /// Place of the feature's first value in a block, with the flags below.
        var place: UInt32
        /// Left child, the right one follows; of a leaf itself.
        var left: UInt32
        /// Of a leaf its first value or share, of another node its set of categories.
        var payload: UInt32

        static let missingLeft: UInt32 = 1 << 31
        static let categorical: UInt32 = 1 << 30
        static let leaf: UInt32 = 1 << 29
        static let placeMask: UInt32 = (1 << 29) - 1
    }

    struct Root {
        var node: Int
        /// Output that a one-output tree adds to.
        var output: Int
        /// Tests of a tree that is not walked, those that keep missing values on the left first; nil for others.
        var tests: LeafTests?
    }

    struct LeafTests {
        var first: Int
        var missingLeft = 0
        var count = 0
        /// The leftmost leaf; the others follow from left to right.
        var firstLeaf: Int
    }

    /// What a leaf of several outputs adds to one of them. Its shares follow each other.
    struct Share {
        var value: Double
        var output: Int32
        var isLast: Bool
    }

    private(set) var nodes: [Node] = []
    private(set) var roots: [Root] = []
    /// Nodes of the roots, the last repeated up to a multiple of `gathered`.
    private(set) var rootNodes: [UInt32] = []
    /// Values of the leaves of trees of one output.
    private(set) var values: [Double] = []
    /// Those of trees of several, one or more a leaf, and where those of each leaf begin; empty for trees of one.
    private(set) var shares: [Share] = []
    private(set) var firstShares: [UInt32] = []
    /// Sets of categories that go left, as the bits of those that do not: the count of words, the words, and one for all that follow.
    private(set) var words: [UInt32] = noSet
    private(set) var tests: [csvand_leaf_test] = []
    private(set) var hasCategories = false
    /// Features that a tree asks for, ascending; their values stand in this order in a block.
    private var used: [Int] = []
    private var isCategorical: [Bool] = []
    /// Rows a block, and from one feature's first value to that of the next.
    private let blockRows: Int
    private let stride: Int
    let outputs: Int
    /// Whether the processor takes the wider form of the tests.
    var hasWideVectors = csvand_has_wide_vectors() != 0

    /// The set of a node that asks for a number.
    private static let noSet: [UInt32] = [0, 0]
    /// Rows that a test takes at once.
    static let lanes = 32
    /// Walks at once: of as many rows through a tree or, where there are fewer rows, of a row through as many trees.
    static let walkers = 8
    /// Trees that `csvand_walk16` walks at once.
    private static let gathered = 16

    /// - Parameters:
    ///   - outputs: numbers a row. Trees of as many outputs add to all of them, trees of one to `tree number % outputs`.
    init(_ trees: [DecisionTree], outputs: Int) {
        self.outputs = max(1, outputs)
        used = Set(trees.flatMap { $0.nodes.lazy.filter { !$0.isLeaf }.map { Int($0.feature) } }).sorted()
        isCategorical = Array(repeating: false, count: used.count)
        blockRows = max(Self.lanes, min(512, 24_576 / (4 * max(1, used.count)) / Self.lanes * Self.lanes))
        // A power of two would put all values of a row into a few sets of the cache.
        stride = blockRows + 16
        let positions = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
        for (index, tree) in trees.enumerated() { add(tree, output: index % self.outputs, positions: positions) }
        let walked = (roots.count + Self.gathered - 1) / Self.gathered * Self.gathered
        rootNodes = (0..<walked).map { UInt32(roots[min($0, roots.count - 1)].node) }
    }

    private mutating func add(_ tree: DecisionTree, output: Int, positions: [Int: Int]) {
        let root = nodes.count
        let order = LeafOrder(tree)
        let isWide = tree.outputs > 1
        let firstLeaf = isWide ? firstShares.count : values.count
        for leaf in order.leaves {
            if isWide { addShares(of: leaf, in: tree) } else { values.append(tree.values[leaf]) }
        }
        nodes.append(Node(threshold: 0, place: 0, left: 0, payload: 0))
        var level: [(source: Int32, place: Int)] = [(0, root)]
        while !level.isEmpty {
            var next: [(source: Int32, place: Int)] = []
            for (source, place) in level {
                let node = tree.nodes[Int(source)]
                if node.isLeaf {
                    let leaf = firstLeaf + order.first[Int(source)]
                    nodes[place] = Node(
                        threshold: .infinity, place: Node.missingLeft | Node.leaf, left: UInt32(place),
                        payload: isWide ? firstShares[leaf] : UInt32(leaf))
                    continue
                }
                let position = positions[Int(node.feature)] ?? 0
                nodes[place] = split(node, of: tree, left: nodes.count, position: position)
                next.append((node.left, nodes.count))
                next.append((node.right, nodes.count + 1))
                nodes.append(Node(threshold: 0, place: 0, left: 0, payload: 0))
                nodes.append(Node(threshold: 0, place: 0, left: 0, payload: 0))
            }
            level = next
        }
        let leafTests = addTests(of: tree, order, positions: positions, firstLeaf: firstLeaf)
        roots.append(Root(node: root, output: output, tests: leafTests))
    }

    private mutating func addShares(of leaf: Int, in tree: DecisionTree) {
        firstShares.append(UInt32(shares.count))
        tree.forEachValue(of: leaf) { output, value in
            shares.append(Share(value: value, output: Int32(output), isLast: false))
        }
        // A leaf that answers 0 for all has to say so as well.
        if tree.nodes[leaf].count == 0 { shares.append(Share(value: 0, output: 0, isLast: false)) }
        shares[shares.count - 1].isLast = true
    }

    /// Nil for a tree with more leaves than a state has bits, or with a categorical split.
    private mutating func addTests(
        of tree: DecisionTree, _ order: LeafOrder, positions: [Int: Int], firstLeaf: Int
    ) -> LeafTests? {
        guard order.count[0] <= 32, tree.nodes.allSatisfy({ !$0.isCategorical }) else { return nil }
        let first = tests.count
        var missingLeft = 0
        for keepsMissing in [true, false] {
            for node in tree.nodes where !node.isLeaf && node.missingLeft == keepsMissing {
                let left = Int(node.left)
                let leaves = (UInt64(1) << UInt64(order.count[left])) - 1
                tests.append(
                    csvand_leaf_test(
                        threshold: node.threshold, offset: UInt32((positions[Int(node.feature)] ?? 0) * stride),
                        left_leaves: UInt32(truncatingIfNeeded: leaves << UInt64(order.first[left]))))
            }
            if keepsMissing { missingLeft = tests.count - first }
        }
        return LeafTests(first: first, missingLeft: missingLeft, count: tests.count - first, firstLeaf: firstLeaf)
    }

    private mutating func split(
        _ node: DecisionTree.Node, of tree: DecisionTree, left: Int, position: Int
    ) -> Node {
        let place = UInt32(position * stride)
        guard node.isCategorical else {
            return Node(
                threshold: node.threshold, place: place | (node.missingLeft ? Node.missingLeft : 0), left: UInt32(left),
                payload: 0)
        }
        let set = UInt32(words.count)
        words.append(UInt32(node.count))
        words.append(contentsOf: tree.words[node.range].map { ~$0 })
        words.append(.max)
        isCategorical[position] = true
        hasCategories = true
        // No number is above the threshold and none that is missing goes right: the set alone says.
        return Node(
            threshold: .infinity, place: place | Node.missingLeft | Node.categorical, left: UInt32(left), payload: set)
    }

    /// Adds the trees' values to `rows x outputs` scores that hold the start values.
    func add(_ matrix: FeatureMatrix, rows: [Int32]?, to scores: inout [Double]) {
        let count = rows?.count ?? matrix.rows
        guard count > 0, !roots.isEmpty, scores.count >= count * outputs else { return }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, used.count) * stride) { values in
            scores.withUnsafeMutableBufferPointer { scores in
                // Safety: neither is empty; `gather` writes what `addBlock` reads.
                guard let values = values.baseAddress, let scores = scores.baseAddress else { return }
                for begin in Swift.stride(from: 0, to: count, by: blockRows) {
                    let size = min(blockRows, count - begin)
                    gather(matrix, rows, begin..<begin + size, into: values)
                    addBlock(values, rows: size, to: scores + begin * outputs)
                }
            }
        }
    }

    /// Values of a block of rows, feature by feature: numbers, and codes of categories as bit patterns. Missing is NaN, and so is what a
    /// matrix lacks and the rest of the last lanes.
    private func gather(
        _ matrix: FeatureMatrix, _ rows: [Int32]?, _ range: Range<Int>, into block: UnsafeMutablePointer<Float>
    ) {
        let padded = range.count < Self.walkers ? range.count : (range.count + Self.lanes - 1) & ~(Self.lanes - 1)
        for (position, feature) in used.enumerated() {
            // Safety: a feature has stride places, and no block has more rows than blockRows, a multiple of the lanes.
            let target = block + position * stride
            (target + range.count).update(repeating: .nan, count: padded - range.count)
            let values = feature < matrix.features.count ? matrix.features[feature].values : .numeric([])
            switch values {
            case .numeric(let numbers) where numbers.count == matrix.rows && !isCategorical[position]:
                if let rows {
                    for place in 0..<range.count { target[place] = numbers[Int(rows[range.lowerBound + place])] }
                } else {
                    numbers.withUnsafeBufferPointer { numbers in
                        guard let numbers = numbers.baseAddress else { return }
                        target.update(from: numbers + range.lowerBound, count: range.count)
                    }
                }
            case .categorical(let codes, _) where isCategorical[position]:
                for place in 0..<range.count {
                    let row = range.lowerBound + place
                    let code = codes[rows.map { Int($0[row]) } ?? row]
                    target[place] = Float(bitPattern: code < 0 ? .max : UInt32(code))
                }
            default: target.update(repeating: Float(bitPattern: .max), count: range.count)
            }
        }
    }
}

/// The leaves of a tree counted from left to right.
private struct LeafOrder {
    /// Leaves under each node, and the number of the leftmost of them.
    var count: [Int]
    var first: [Int]
    /// Nodes of the leaves in this order.
    var leaves: [Int]

    init(_ tree: DecisionTree) {
        count = Array(repeating: 1, count: tree.nodes.count)
        first = Array(repeating: 0, count: tree.nodes.count)
        for index in tree.nodes.indices.reversed() where !tree.nodes[index].isLeaf {
            count[index] = count[Int(tree.nodes[index].left)] + count[Int(tree.nodes[index].right)]
        }
        for (index, node) in tree.nodes.enumerated() where !node.isLeaf {
            first[Int(node.left)] = first[index]
            first[Int(node.right)] = first[index] + count[Int(node.left)]
        }
        leaves = Array(repeating: 0, count: count[0])
        for (index, node) in tree.nodes.enumerated() where node.isLeaf { leaves[first[index]] = index }
    }

}
