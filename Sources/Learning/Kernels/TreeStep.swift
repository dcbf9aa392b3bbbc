/// One step of a walk from a node to a child; a leaf leads to itself.
///
/// Safety of all: `node` is inside `nodes`; `row` is the first of a row's values, each a node's `place` apart; a node's `payload` is the
/// place of a set in `words`.
protocol TreeStep {
    static func next(
        _ node: UInt32, _ row: UnsafePointer<Float>, _ nodes: UnsafePointer<TreeTraversal.Node>,
        _ words: UnsafePointer<UInt32>
    ) -> UInt32
}

/// For trees without categories.
enum NumericStep: TreeStep {
    @inline(__always)
    static func next(
        _ node: UInt32, _ row: UnsafePointer<Float>, _ nodes: UnsafePointer<TreeTraversal.Node>,
        _ words: UnsafePointer<UInt32>
    ) -> UInt32 {
        let found = nodes[Int(node)]
        return found.left &+ isRight(found, row[Int(found.place & TreeTraversal.Node.placeMask)])
    }

    /// 1 for a value that goes right at a numeric node; 0 at any other.
    @inline(__always)
    static func isRight(_ node: TreeTraversal.Node, _ value: Float) -> UInt32 {
        let missing: UInt32 = value != value ? 1 : 0
        let above: UInt32 = value > node.threshold ? 1 : 0
        return above | (missing & ~(node.place >> 31))
    }
}

/// Asks whether a node is categorical: for rows at the same node, which all give the same answer.
enum BranchedStep: TreeStep {
    @inline(__always)
    static func next(
        _ node: UInt32, _ row: UnsafePointer<Float>, _ nodes: UnsafePointer<TreeTraversal.Node>,
        _ words: UnsafePointer<UInt32>
    ) -> UInt32 {
        let found = nodes[Int(node)]
        let value = row[Int(found.place & TreeTraversal.Node.placeMask)]
        guard found.place & TreeTraversal.Node.categorical != 0 else {
            return found.left &+ NumericStep.isRight(found, value)
        }
        return found.left &+ BlendedStep.isOutside(words + Int(found.payload), value)
    }
}

/// Makes both tests at every node: for a row that is at nodes of different trees, where a branch is as good as a guess.
enum BlendedStep: TreeStep {
    @inline(__always)
    static func next(
        _ node: UInt32, _ row: UnsafePointer<Float>, _ nodes: UnsafePointer<TreeTraversal.Node>,
        _ words: UnsafePointer<UInt32>
    ) -> UInt32 {
        let found = nodes[Int(node)]
        let value = row[Int(found.place & TreeTraversal.Node.placeMask)]
        // The payload of a leaf is none: such nodes ask for `TreeTraversal.noSet`.
        let set = found.payload & (0 &- ((found.place >> 30) & 1))
        return found.left &+ (NumericStep.isRight(found, value) | isOutside(words + Int(set), value))
    }

    /// 1 for a category outside a set, as are missing ones and those above its last word; 0 for all in `TreeTraversal.noSet`.
    @inline(__always)
    static func isOutside(_ set: UnsafePointer<UInt32>, _ value: Float) -> UInt32 {
        let code = value.bitPattern
        return (set[1 + Int(min(code >> 5, set[0]))] >> (code & 31)) & 1
    }
}
