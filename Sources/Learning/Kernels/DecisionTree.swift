/// A fitted tree: nodes in an array, children after their parent.
package struct DecisionTree: Sendable, Equatable {
    /// A split or a leaf.
    struct Node: Sendable, Equatable {
        /// Feature of the matrix, -1 for a leaf.
        var feature: Int32 = -1
        /// Values up to it go left, in a numeric split.
        var threshold: Float = 0
        /// Where missing values go, in a numeric split; in a categorical one they go right.
        var missingLeft = false
        /// Of a categorical split the set of codes that go left, in `words`; of a leaf of several outputs its numbers, in `values`.
        var first: Int32 = 0
        var count: Int32 = 0
        var left: Int32 = -1
        var right: Int32 = -1
        /// Sum of the weights of the fitted rows that came here.
        var cover: Float = 0

        var isLeaf: Bool { feature < 0 }
        /// Places of those words or numbers.
        var range: Range<Int> { Int(first)..<Int(first) + Int(count) }
        var isCategorical: Bool { count > 0 && !isLeaf }
    }

    var nodes: [Node] = []
    /// Sets of codes, 32 a word.
    var words: [UInt32] = []
    /// Of a tree of one output a number a node, of which those of leaves count. A tree of several keeps the numbers of its leaves that are
    /// not 0: with many classes a leaf knows few of them.
    var values: [Double] = []
    /// The output that each number of `values` is of, ascending in a leaf; empty for a tree of one output.
    var valueOutputs: [Int32] = []
    let outputs: Int

    init(outputs: Int) { self.outputs = outputs }

    /// Appends a leaf and returns its number.
    mutating func addLeaf(_ leafValues: [Double], cover: Float) -> Int32 {
        let index = Int32(nodes.count)
        nodes.append(Node(cover: cover))
        if outputs == 1 { values.append(leafValues[0]) } else { setLeaf(index, leafValues) }
        return index
    }

    /// Sets what a leaf answers.
    mutating func setLeaf(_ index: Int32, _ leafValues: [Double]) {
        guard outputs > 1 else {
            values[Int(index)] = leafValues[0]
            return
        }
        let first = values.count
        for (output, value) in leafValues.enumerated() where value != 0 {
            values.append(value)
            valueOutputs.append(Int32(output))
        }
        let count = values.count - first
        (nodes[Int(index)].first, nodes[Int(index)].count) = (count > 0 ? Int32(first) : 0, Int32(count))
    }

    /// The outputs for which a leaf answers something else than 0, ascending, and what.
    @inline(__always)
    func forEachValue(of leaf: Int, _ body: (_ output: Int, _ value: Double) -> Void) {
        guard outputs > 1 else { return body(0, values[leaf]) }
        for place in nodes[leaf].range { body(Int(valueOutputs[place]), values[place]) }
    }

    /// What a leaf answers, a number an output.
    func answer(of leaf: Int) -> [Double] {
        var answer = Array(repeating: 0.0, count: outputs)
        forEachValue(of: leaf) { answer[$0] = $1 }
        return answer
    }

    var leaves: Int { nodes.count { $0.isLeaf } }

    /// Most splits from the root to a leaf that learners make and readers take: walks recurse, and take space by its square.
    static let mostDepth = 256

    /// The limit for a setting of which 0 stands for none.
    static func depthLimit(_ setting: Int) -> Int { setting > 0 ? min(setting, mostDepth) : mostDepth }

    /// Splits from the root to the farthest leaf.
    var depth: Int {
        var depths = Array(repeating: 0, count: nodes.count)
        for (index, node) in nodes.enumerated() where !node.isLeaf {
            depths[Int(node.left)] = depths[index] + 1
            depths[Int(node.right)] = depths[index] + 1
        }
        return depths.max() ?? 0
    }

    /// Whether a row goes left at a split.
    func goesLeft(_ node: Node, _ matrix: FeatureMatrix, row: Int) -> Bool {
        guard Int(node.feature) < matrix.features.count else { return !node.isCategorical && node.missingLeft }
        switch matrix.features[Int(node.feature)].values {
        case .numeric(let values):
            if node.isCategorical { return false }
            return values[row].isNaN ? node.missingLeft : values[row] <= node.threshold
        case .categorical(let codes, _):
            if !node.isCategorical { return node.missingLeft }
            return contains(codes[row], node)
        }
    }

    func contains(_ code: Int32, _ node: Node) -> Bool {
        guard code >= 0, code >> 5 < node.count else { return false }
        return (words[Int(node.first + code >> 5)] >> UInt32(code & 31)) & 1 != 0
    }

    /// Turns a leaf into a split by the bins of a matrix and returns its new children.
    mutating func split(
        _ index: Int32, _ split: BinSplit, matrix: BinnedMatrix, leftCover: Float, rightCover: Float
    ) -> (left: Int32, right: Int32) {
        let feature = matrix.slots[split.slot]
        let left = addLeaf(Array(repeating: 0, count: outputs), cover: leftCover)
        let right = addLeaf(Array(repeating: 0, count: outputs), cover: rightCover)
        var node = nodes[Int(index)]
        node.feature = Int32(feature)
        node.left = left
        node.right = right
        switch matrix.features[feature].kind {
        case .numeric(let bounds):
            let bound = split.bin - 1
            node.threshold = bounds.indices.contains(bound) ? bounds[bound] : .infinity
            node.missingLeft = split.missingLeft
            (node.first, node.count) = (0, 0)
        case .categorical(_, let codeOfBin):
            let codes = codeOfBin.indices.filter { split.left.contains(UInt8($0 + 1)) }.map { codeOfBin[$0] }
            node.first = Int32(words.count)
            node.count = (codes.max() ?? 0) / 32 + 1
            words.append(contentsOf: Array(repeating: 0, count: Int(node.count)))
            for code in codes { words[Int(node.first + code >> 5)] |= 1 << UInt32(code & 31) }
        }
        nodes[Int(index)] = node
        return (left, right)
    }
}
