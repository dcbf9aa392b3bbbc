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
        /// Words of the set of codes that go left, in `words`; 0 words for a numeric split.
        var firstWord: Int32 = 0
        var wordCount: Int32 = 0
        var left: Int32 = -1
        var right: Int32 = -1
        /// Sum of the weights of the fitted rows that came here.
        var cover: Float = 0

        var isLeaf: Bool { feature < 0 }
        var isCategorical: Bool { wordCount > 0 }
    }

    var nodes: [Node] = []
    /// Sets of codes, 32 a word.
    var words: [UInt32] = []
    /// `nodes x outputs`; only leaves count.
    var values: [Double] = []
    var outputs: Int

    init(outputs: Int) { self.outputs = outputs }

    /// Appends a leaf and returns its number.
    mutating func addLeaf(_ leafValues: [Double], cover: Float) -> Int32 {
        nodes.append(Node(cover: cover))
        values.append(contentsOf: leafValues)
        return Int32(nodes.count - 1)
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
        guard code >= 0, code >> 5 < node.wordCount else { return false }
        return (words[Int(node.firstWord + code >> 5)] >> UInt32(code & 31)) & 1 != 0
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
        case .categorical(_, let codeOfBin):
            let codes = codeOfBin.indices.filter { split.left.contains(UInt8($0 + 1)) }.map { codeOfBin[$0] }
            node.firstWord = Int32(words.count)
            node.wordCount = (codes.max() ?? 0) / 32 + 1
            words.append(contentsOf: Array(repeating: 0, count: Int(node.wordCount)))
            for code in codes { words[Int(node.firstWord + code >> 5)] |= 1 << UInt32(code & 31) }
        }
        nodes[Int(index)] = node
        return (left, right)
    }
}

extension DecisionTree {
    func write(to writer: inout ArtifactWriter) {
        writer.write(UInt32(outputs))
        writer.write(nodes.map(\.feature))
        writer.write(nodes.map(\.threshold))
        writer.write(nodes.map { UInt8($0.missingLeft ? 1 : 0) })
        writer.write(nodes.map(\.firstWord))
        writer.write(nodes.map(\.wordCount))
        writer.write(nodes.map(\.left))
        writer.write(nodes.map(\.right))
        writer.write(nodes.map(\.cover))
        writer.write(words)
        writer.write(values)
    }

    /// - Throws: `.artifactDamaged` unless children follow their parents and every index is inside its array.
    init(reader: inout ArtifactReader) throws(LearningError) {
        let offset = reader.offset
        outputs = Int(try reader.read(UInt32.self))
        let features: [Int32] = try reader.readIntegers()
        let thresholds = try reader.readFloats()
        let missing: [UInt8] = try reader.readIntegers()
        let firstWords: [Int32] = try reader.readIntegers()
        let wordCounts: [Int32] = try reader.readIntegers()
        let lefts: [Int32] = try reader.readIntegers()
        let rights: [Int32] = try reader.readIntegers()
        let covers = try reader.readFloats()
        words = try reader.readIntegers()
        values = try reader.readDoubles()
        let count = features.count
        let lengths = [thresholds.count, missing.count, firstWords.count, wordCounts.count, lefts.count, rights.count]
        guard count > 0, lengths.allSatisfy({ $0 == count }), covers.count == count,
            outputs > 0, values.count.isMultiple(of: outputs), values.count / outputs == count
        else { throw .artifactDamaged(reason: "the parts of a tree differ in length", offset: offset) }
        nodes = (0..<count).map { index in
            Node(
                feature: features[index], threshold: thresholds[index], missingLeft: missing[index] != 0,
                firstWord: firstWords[index], wordCount: wordCounts[index], left: lefts[index], right: rights[index],
                cover: covers[index])
        }
        var isChild = Array(repeating: false, count: count)
        for (index, node) in nodes.enumerated() where !node.isLeaf {
            let end = Int(node.firstWord) + Int(node.wordCount)
            guard node.left > index, node.left < count, node.right > index, node.right < count, node.firstWord >= 0,
                node.wordCount >= 0, end <= words.count
            else { throw .artifactDamaged(reason: "node \(index) of a tree points outside it", offset: offset) }
            // A node under two parents would make a tree of exponential size when it is laid out.
            guard node.left != node.right, !isChild[Int(node.left)], !isChild[Int(node.right)], !node.threshold.isNaN
            else { throw .artifactDamaged(reason: "node \(index) of a tree is no split", offset: offset) }
            isChild[Int(node.left)] = true
            isChild[Int(node.right)] = true
        }
        // Leaves are laid out by the splits above them; one that hangs nowhere has no place.
        if let lost = isChild.dropFirst().firstIndex(of: false) {
            throw .artifactDamaged(reason: "no split leads to node \(lost) of a tree", offset: offset)
        }
        guard depth <= Self.mostDepth else {
            throw .artifactDamaged(reason: "a tree of depth \(depth), more than \(Self.mostDepth)", offset: offset)
        }
    }
}

extension DecisionTree {
    /// Reads a count and as many trees.
    ///
    /// - Throws: `.artifactDamaged` for a tree of other outputs, or one that splits on a feature past the last.
    static func readAll(
        _ reader: inout ArtifactReader, features: Int, outputs: Int
    ) throws(LearningError) -> [DecisionTree] {
        let count = try reader.readCount(elementBytes: 48)
        var trees: [DecisionTree] = []
        for _ in 0..<count {
            let offset = reader.offset
            let tree = try DecisionTree(reader: &reader)
            guard tree.outputs == outputs, tree.nodes.allSatisfy({ Int($0.feature) < features }) else {
                throw .artifactDamaged(reason: "a tree does not fit its model", offset: offset)
            }
            trees.append(tree)
        }
        return trees
    }
}
