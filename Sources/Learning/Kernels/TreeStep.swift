/// How a walk asks at a node; a leaf, which no value goes right at, leads to itself.
protocol TreeStep {
    /// 1 for a value that goes right at a node, else 0.
    ///
    /// Safety: the payload of a node with categories is the place of its set in `words`.
    static func isRight(_ node: TreeTraversal.Node, _ value: Float, _ words: UnsafePointer<UInt32>) -> UInt32
}

extension TreeStep {
    /// The node that a row comes to from another.
    ///
    /// Safety: `node` is inside `nodes`; `row` is the first of a row's values, each a node's `place` apart.
    @inline(__always)
    static func next(
        _ node: UInt32, _ row: UnsafePointer<Float>, _ nodes: UnsafePointer<TreeTraversal.Node>,
        _ words: UnsafePointer<UInt32>
    ) -> UInt32 {
        let found = nodes[Int(node)]
        return found.left &+ isRight(found, row[Int(found.place & TreeTraversal.Node.placeMask)], words)
    }
}

/// For trees without categories.
enum NumericStep: TreeStep {
    @inline(__always)
    static func isRight(_ node: TreeTraversal.Node, _ value: Float, _ words: UnsafePointer<UInt32>) -> UInt32 {
        let missing: UInt32 = value != value ? 1 : 0
        let above: UInt32 = value > node.threshold ? 1 : 0
        return above | (missing & ~(node.place >> 31))
    }
}

/// Asks whether a node is categorical: for rows at the same node, which all give the same answer.
enum BranchedStep: TreeStep {
    @inline(__always)
    static func isRight(_ node: TreeTraversal.Node, _ value: Float, _ words: UnsafePointer<UInt32>) -> UInt32 {
        guard node.place & TreeTraversal.Node.categorical != 0 else {
            return NumericStep.isRight(node, value, words)
        }
        return BlendedStep.isOutside(words + Int(node.payload), value)
    }
}

/// Makes both tests at every node: for a row that is at nodes of different trees, where a branch is as good as a guess.
enum BlendedStep: TreeStep {
    @inline(__always)
    static func isRight(_ node: TreeTraversal.Node, _ value: Float, _ words: UnsafePointer<UInt32>) -> UInt32 {
        // The payload of a leaf is none: such nodes ask for `TreeTraversal.noSet`.
        let set = node.payload & (0 &- ((node.place >> 30) & 1))
        return NumericStep.isRight(node, value, words) | isOutside(words + Int(set), value)
    }

    /// 1 for a category outside a set, as are missing ones and those above its last word; 0 for all in `TreeTraversal.noSet`.
    @inline(__always)
    static func isOutside(_ set: UnsafePointer<UInt32>, _ value: Float) -> UInt32 {
        let code = value.bitPattern
        return (set[1 + Int(min(code >> 5, set[0]))] >> (code & 31)) & 1
    }
}
