extension DecisionTree {
    /// Marks a number of outputs that only those follow for which a leaf does not answer 0; trees of earlier releases have all.
    private static let sparseMark: UInt32 = 1 << 31

    func write(to writer: inout ArtifactWriter) {
        writer.write(UInt32(outputs) | (outputs > 1 ? Self.sparseMark : 0))
        writer.write(nodes.map(\.feature))
        writer.write(nodes.map(\.threshold))
        writer.write(nodes.map { UInt8($0.missingLeft ? 1 : 0) })
        writer.write(nodes.map(\.first))
        writer.write(nodes.map(\.count))
        writer.write(nodes.map(\.left))
        writer.write(nodes.map(\.right))
        writer.write(nodes.map(\.cover))
        writer.write(words)
        if outputs > 1 { writer.write(valueOutputs) }
        writer.write(values)
    }

    /// - Throws: `.artifactDamaged` unless children follow their parents and every index is inside its array.
    init(reader: inout ArtifactReader) throws(LearningError) {
        let offset = reader.offset
        let marked = try reader.read(UInt32.self)
        let isSparse = marked & Self.sparseMark != 0
        outputs = Int(marked & ~Self.sparseMark)
        let features: [Int32] = try reader.readIntegers()
        let thresholds = try reader.readFloats()
        let missing: [UInt8] = try reader.readIntegers()
        let firsts: [Int32] = try reader.readIntegers()
        let counts: [Int32] = try reader.readIntegers()
        let lefts: [Int32] = try reader.readIntegers()
        let rights: [Int32] = try reader.readIntegers()
        let covers = try reader.readFloats()
        words = try reader.readIntegers()
        valueOutputs = isSparse ? try reader.readIntegers() : []
        values = try reader.readDoubles()
        let count = features.count
        let lengths = [thresholds.count, missing.count, firsts.count, counts.count, lefts.count, rights.count]
        let hasValues =
            isSparse
            ? outputs > 1 && values.count == valueOutputs.count
            : outputs > 0 && values.count.isMultiple(of: outputs) && values.count / outputs == count
        guard count > 0, lengths.allSatisfy({ $0 == count }), covers.count == count, hasValues
        else { throw .artifactDamaged(reason: "the parts of a tree differ in length", offset: offset) }
        nodes = (0..<count).map { index in
            Node(
                feature: features[index], threshold: thresholds[index], missingLeft: missing[index] != 0,
                first: firsts[index], count: counts[index], left: lefts[index], right: rights[index],
                cover: covers[index])
        }
        if isSparse { try checkLeaves(offset) } else if outputs > 1 { dropZeros() }
        var isChild = Array(repeating: false, count: count)
        for (index, node) in nodes.enumerated() where !node.isLeaf {
            guard node.left > index, node.left < count, node.right > index, node.right < count, node.first >= 0,
                node.count >= 0, node.range.upperBound <= words.count
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

    private func checkLeaves(_ offset: Int) throws(LearningError) {
        for (index, node) in nodes.enumerated() where node.isLeaf {
            guard node.first >= 0, node.count >= 0, node.range.upperBound <= values.count else {
                throw .artifactDamaged(reason: "leaf \(index) of a tree points outside it", offset: offset)
            }
            var last: Int32 = -1
            for output in valueOutputs[node.range] {
                guard output > last, Int(output) < outputs else {
                    throw .artifactDamaged(reason: "leaf \(index) of a tree has no such outputs", offset: offset)
                }
                last = output
            }
        }
    }

    /// Keeps what is not 0 of a tree as earlier releases wrote it, `nodes x outputs`.
    private mutating func dropZeros() {
        let all = values
        values = []
        for (index, node) in nodes.enumerated() where node.isLeaf {
            setLeaf(Int32(index), Array(all[index * outputs..<(index + 1) * outputs]))
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
