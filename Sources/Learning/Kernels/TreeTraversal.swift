/// Trees laid out for prediction: 16 bytes a node, siblings side by side, leaves that lead to themselves.
///
/// Eight rows walk through a tree together, so that the loads of one row's step hide behind those of the others; without it a
/// batch took several times as long in the prototype.
struct TreeTraversal: Sendable {
    private struct Node {
        var threshold: Float
        /// Feature, with the flags below.
        var feature: UInt32
        /// Left child, the right one follows; of a leaf itself.
        var left: UInt32
        /// First value of a leaf; first word of a categorical split.
        var payload: UInt32

        static let missingLeft: UInt32 = 1 << 31
        static let categorical: UInt32 = 1 << 30
        static let leaf: UInt32 = 1 << 29
        static let featureMask: UInt32 = (1 << 29) - 1
    }

    private struct Root {
        var node: Int
        /// Output that a one-output tree adds to.
        var output: Int
    }

    private var nodes: [Node] = []
    private var roots: [Root] = []
    /// Values of leaves, `valuesPerLeaf` each.
    private var values: [Double] = []
    /// Count of words, then the words.
    private var words: [UInt32] = []
    private var hasCategories = false
    private var isCategorical: [Bool] = []
    private let valuesPerLeaf: Int
    private let width: Int
    let outputs: Int

    /// - Parameters:
    ///   - outputs: numbers a row. Trees of as many outputs add to all of them, trees of one to `tree number % outputs`.
    init(_ trees: [DecisionTree], outputs: Int) {
        self.outputs = max(1, outputs)
        valuesPerLeaf = trees.first?.outputs ?? 1
        var highest = 0
        for tree in trees { for node in tree.nodes { highest = max(highest, Int(node.feature)) } }
        width = highest + 1
        isCategorical = Array(repeating: false, count: width)
        for (index, tree) in trees.enumerated() { add(tree, output: index % self.outputs) }
    }

    private mutating func add(_ tree: DecisionTree, output: Int) {
        let root = nodes.count
        nodes.append(Node(threshold: 0, feature: 0, left: 0, payload: 0))
        var level: [(source: Int32, place: Int)] = [(0, root)]
        while !level.isEmpty {
            var next: [(source: Int32, place: Int)] = []
            for (source, place) in level {
                let node = tree.nodes[Int(source)]
                if node.isLeaf {
                    let flags = Node.missingLeft | Node.leaf
                    nodes[place] = Node(
                        threshold: .infinity, feature: flags, left: UInt32(place), payload: UInt32(values.count))
                    let first = Int(source) * tree.outputs
                    values.append(contentsOf: tree.values[first..<first + tree.outputs])
                    continue
                }
                nodes[place] = split(node, of: tree, left: nodes.count)
                next.append((node.left, nodes.count))
                next.append((node.right, nodes.count + 1))
                nodes.append(Node(threshold: 0, feature: 0, left: 0, payload: 0))
                nodes.append(Node(threshold: 0, feature: 0, left: 0, payload: 0))
            }
            level = next
        }
        roots.append(Root(node: root, output: output))
    }

    private mutating func split(_ node: DecisionTree.Node, of tree: DecisionTree, left: Int) -> Node {
        var flags: UInt32 = node.missingLeft ? Node.missingLeft : 0
        var payload: UInt32 = 0
        if node.isCategorical {
            flags = Node.categorical
            payload = UInt32(words.count)
            words.append(UInt32(node.wordCount))
            words.append(contentsOf: tree.words[Int(node.firstWord)..<Int(node.firstWord + node.wordCount)])
            isCategorical[Int(node.feature)] = true
            hasCategories = true
        }
        return Node(
            threshold: node.threshold, feature: UInt32(node.feature) | flags, left: UInt32(left), payload: payload)
    }

    /// Adds the trees' values to `rows x outputs` scores that hold the start values.
    func add(_ matrix: FeatureMatrix, rows: [Int32]?, to scores: inout [Double]) {
        let count = rows?.count ?? matrix.rows
        guard count > 0, !roots.isEmpty, scores.count >= count * outputs else { return }
        let block = max(8, min(512, (24_576 / (width * 4)) & ~7))
        withUnsafeTemporaryAllocation(of: Float.self, capacity: block * width) { values in
            scores.withUnsafeMutableBufferPointer { scores in
                // Safety: neither is empty; the walk stays inside nodes that the initialiser made.
                guard let values = values.baseAddress, let scores = scores.baseAddress else { return }
                for begin in stride(from: 0, to: count, by: block) {
                    let size = min(block, count - begin)
                    gather(matrix, rows, begin..<begin + size, into: values)
                    if hasCategories {
                        walk(values, size, scores + begin * outputs, step: stepWithCategories)
                    } else {
                        walk(values, size, scores + begin * outputs, step: stepNumeric)
                    }
                }
            }
        }
    }

    /// Features of a block of rows, row by row, as numbers; missing is NaN. What a matrix lacks is missing.
    private func gather(
        _ matrix: FeatureMatrix, _ rows: [Int32]?, _ range: Range<Int>, into target: UnsafeMutablePointer<Float>
    ) {
        for feature in 0..<width {
            var place = target + feature
            let values = feature < matrix.features.count ? matrix.features[feature].values : .numeric([])
            switch values {
            case .numeric(let numbers) where !numbers.isEmpty && !isCategorical[feature]:
                for position in range {
                    place.pointee = numbers[rows.map { Int($0[position]) } ?? position]
                    place += width
                }
            case .categorical(let codes, _) where isCategorical[feature]:
                for position in range {
                    let code = codes[rows.map { Int($0[position]) } ?? position]
                    place.pointee = code < 0 ? .nan : Float(code)
                    place += width
                }
            default:
                for _ in range {
                    place.pointee = .nan
                    place += width
                }
            }
        }
    }

    // Safety: node is inside nodes; row holds width values and the feature is below width.
    @inline(__always)
    private func stepNumeric(
        _ node: UInt32, _ row: UnsafePointer<Float>, _ nodes: UnsafePointer<Node>, _ words: UnsafePointer<UInt32>
    ) -> UInt32 {
        let found = nodes[Int(node)]
        let value = row[Int(found.feature & Node.featureMask)]
        let missing: UInt32 = value != value ? 1 : 0
        let above: UInt32 = value > found.threshold ? 1 : 0
        return found.left &+ (above | (missing & ~(found.feature >> 31)))
    }

    @inline(__always)
    private func stepWithCategories(
        _ node: UInt32, _ row: UnsafePointer<Float>, _ nodes: UnsafePointer<Node>, _ words: UnsafePointer<UInt32>
    ) -> UInt32 {
        let found = nodes[Int(node)]
        guard found.feature & Node.categorical != 0 else { return stepNumeric(node, row, nodes, words) }
        let value = row[Int(found.feature & Node.featureMask)]
        guard value >= 0 else { return found.left &+ 1 }
        let code = UInt32(value)
        let set = words + Int(found.payload)
        guard code >> 5 < set[0] else { return found.left &+ 1 }
        return found.left &+ (1 &- ((set[1 + Int(code >> 5)] >> (code & 31)) & 1))
    }

    @inline(__always)
    private func walk(
        _ block: UnsafePointer<Float>, _ count: Int, _ scores: UnsafeMutablePointer<Double>,
        step: (UInt32, UnsafePointer<Float>, UnsafePointer<Node>, UnsafePointer<UInt32>) -> UInt32
    ) {
        nodes.withUnsafeBufferPointer { nodes in
            words.withUnsafeBufferPointer { words in
                // Safety: nodes are not empty here; without words no step reads any.
                guard let nodes = nodes.baseAddress else { return }
                let words = words.baseAddress ?? UnsafePointer(bitPattern: 4).unsafelyUnwrapped
                for root in roots {
                    var row = 0
                    while row + 8 <= count {
                        walkEight(block + row * width, root, nodes, words, scores + row * outputs, step: step)
                        row += 8
                    }
                    while row < count {
                        var place = UInt32(root.node)
                        while nodes[Int(place)].feature & Node.leaf == 0 {
                            place = step(place, block + row * width, nodes, words)
                        }
                        addLeaf(nodes[Int(place)], root, scores + row * outputs)
                        row += 1
                    }
                }
            }
        }
    }

    /// Steps eight rows until none of them moves; a leaf leads to itself.
    @inline(__always)
    private func walkEight(
        _ row: UnsafePointer<Float>, _ root: Root, _ nodes: UnsafePointer<Node>, _ words: UnsafePointer<UInt32>,
        _ scores: UnsafeMutablePointer<Double>,
        step: (UInt32, UnsafePointer<Float>, UnsafePointer<Node>, UnsafePointer<UInt32>) -> UInt32
    ) {
        let start = UInt32(root.node)
        var (p0, p1, p2, p3, p4, p5, p6, p7) = (start, start, start, start, start, start, start, start)
        let (r1, r2, r3) = (row + width, row + 2 * width, row + 3 * width)
        let (r4, r5, r6, r7) = (row + 4 * width, row + 5 * width, row + 6 * width, row + 7 * width)
        while true {
            let n0 = step(p0, row, nodes, words)
            let n1 = step(p1, r1, nodes, words)
            let n2 = step(p2, r2, nodes, words)
            let n3 = step(p3, r3, nodes, words)
            let n4 = step(p4, r4, nodes, words)
            let n5 = step(p5, r5, nodes, words)
            let n6 = step(p6, r6, nodes, words)
            let n7 = step(p7, r7, nodes, words)
            let moved = (n0 ^ p0) | (n1 ^ p1) | (n2 ^ p2) | (n3 ^ p3)
            let alsoMoved = (n4 ^ p4) | (n5 ^ p5) | (n6 ^ p6) | (n7 ^ p7)
            (p0, p1, p2, p3, p4, p5, p6, p7) = (n0, n1, n2, n3, n4, n5, n6, n7)
            if moved | alsoMoved == 0 { break }
        }
        addLeaf(nodes[Int(p0)], root, scores)
        addLeaf(nodes[Int(p1)], root, scores + outputs)
        addLeaf(nodes[Int(p2)], root, scores + 2 * outputs)
        addLeaf(nodes[Int(p3)], root, scores + 3 * outputs)
        addLeaf(nodes[Int(p4)], root, scores + 4 * outputs)
        addLeaf(nodes[Int(p5)], root, scores + 5 * outputs)
        addLeaf(nodes[Int(p6)], root, scores + 6 * outputs)
        addLeaf(nodes[Int(p7)], root, scores + 7 * outputs)
    }

    @inline(__always)
    private func addLeaf(_ leaf: Node, _ root: Root, _ scores: UnsafeMutablePointer<Double>) {
        if valuesPerLeaf == 1 {
            scores[root.output] += values[Int(leaf.payload)]
        } else {
            for output in 0..<valuesPerLeaf { scores[output] += values[Int(leaf.payload) + output] }
        }
    }
}
