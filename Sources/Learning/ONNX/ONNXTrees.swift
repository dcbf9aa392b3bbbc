/// Trees as one `TreeEnsemble` node, which walks numbers and sets of codes in doubles.
///
/// A leaf of that operator has one number. Trees of more outputs therefore answer with the number of their leaf, and a table has its values.
/// Source: onnx/docs/Operators-ml.md, ai.onnx.ml TreeEnsemble 5.
struct ONNXTrees {
    private enum Mode: UInt8 {
        case atMost = 0
        case member = 6
    }

    /// A column of the node's input: a feature, as number or as code.
    private struct Column: Hashable {
        var feature: Int
        var isCategorical: Bool
    }

    private let columns: [ONNXColumn]
    private var used: [Column] = []
    private var place: [Column: Int] = [:]
    private var features: [Int64] = []
    private var modes: [UInt8] = []
    private var splits: [Double] = []
    private var missingGoesOn: [Int64] = []
    private var onTrue = Branches()
    private var onFalse = Branches()
    /// Sets of `member` nodes, each closed by NaN.
    private var members: [Double] = []
    private var roots: [Int64] = []
    private var leafTargets: [Int64] = []
    private var leafValues: [Double] = []

    /// Where nodes lead to: a leaf or another node, by number.
    private struct Branches {
        var places: [Int64] = []
        var areLeaves: [Int64] = []
    }

    init(_ columns: [ONNXColumn]) { self.columns = columns }

    var isEmpty: Bool { roots.isEmpty }

    /// Adds a tree with at least one split.
    ///
    /// - Parameter value: what a leaf adds to the target, by its node.
    mutating func add(_ tree: DecisionTree, target: Int, value: (Int) -> Double) {
        // Children follow their parents, so one pass finds what the root leads to.
        var isReached = Array(repeating: false, count: tree.nodes.count)
        var number = Array(repeating: Int64(0), count: tree.nodes.count)
        isReached[0] = true
        var nodes = Int64(modes.count)
        for (index, node) in tree.nodes.enumerated() where isReached[index] {
            if node.isLeaf {
                number[index] = Int64(leafValues.count)
                leafTargets.append(Int64(target))
                leafValues.append(value(index))
            } else {
                number[index] = nodes
                nodes += 1
                isReached[Int(node.left)] = true
                isReached[Int(node.right)] = true
            }
        }
        roots.append(number[0])
        for (index, node) in tree.nodes.enumerated() where isReached[index] && !node.isLeaf {
            let leftIsTrue = append(node, of: tree)
            for (child, isTrue) in [(Int(node.left), leftIsTrue), (Int(node.right), !leftIsTrue)] {
                let isLeaf: Int64 = tree.nodes[child].isLeaf ? 1 : 0
                if isTrue {
                    onTrue.places.append(number[child])
                    onTrue.areLeaves.append(isLeaf)
                } else {
                    onFalse.places.append(number[child])
                    onFalse.areLeaves.append(isLeaf)
                }
            }
        }
    }

    /// - Returns: whether the left child is that of a true test.
    private mutating func append(_ node: DecisionTree.Node, of tree: DecisionTree) -> Bool {
        let column = Column(feature: Int(node.feature), isCategorical: node.isCategorical)
        let position = place[column] ?? used.count
        if position == used.count {
            used.append(column)
            place[column] = position
        }
        features.append(Int64(position))
        guard node.isCategorical else {
            modes.append(Mode.atMost.rawValue)
            splits.append(Double(node.threshold))
            missingGoesOn.append(node.missingLeft ? 1 : 0)
            return true
        }
        modes.append(Mode.member.rawValue)
        splits.append(0)
        missingGoesOn.append(0)
        let cardinality = cardinality(of: column)
        let left = (0..<cardinality).filter { tree.contains(Int32($0), node) }
        // The shorter set is named; missing, which is 0, goes right.
        let namesLeft = !left.isEmpty && 2 * left.count <= cardinality
        let named = namesLeft ? left : [-1] + (0..<cardinality).filter { !tree.contains(Int32($0), node) }
        members.append(contentsOf: named.map { Double($0 + 1) })
        members.append(.nan)
        return namesLeft
    }

    private func cardinality(of column: Column) -> Int {
        guard column.feature < columns.count, case .categorical(_, let count) = columns[column.feature] else {
            return 0
        }
        return count
    }

    /// Adds the node: `rows x targets`, the sum of what the trees' leaves add.
    func addNode(to graph: inout ONNXGraph, targets: Int) -> ONNXGraph.Value {
        let values = used.map { column in
            let found = column.feature < columns.count ? columns[column.feature] : nil
            switch (found, column.isCategorical) {
            case (.numeric(let value), false): return value
            case (.categorical(let codes, _), true): return graph.cast(codes, .double)
            default: return graph.everyRow([column.isCategorical ? 0 : .nan])
            }
        }
        var attributes: [(String, ONNXAttribute)] = [
            ("aggregate_function", .integer(1)), ("post_transform", .integer(0)), ("n_targets", .integer(targets)),
            ("tree_roots", .integers(roots)), ("nodes_featureids", .integers(features)),
            ("nodes_modes", .tensor(ONNXTensor(elements: .bytes(modes), shape: [modes.count]))),
            ("nodes_splits", .tensor(ONNXTensor(elements: .doubles(splits), shape: [splits.count]))),
            ("nodes_missing_value_tracks_true", .integers(missingGoesOn)),
            ("nodes_truenodeids", .integers(onTrue.places)), ("nodes_trueleafs", .integers(onTrue.areLeaves)),
            ("nodes_falsenodeids", .integers(onFalse.places)), ("nodes_falseleafs", .integers(onFalse.areLeaves)),
            ("leaf_targetids", .integers(leafTargets)),
            ("leaf_weights", .tensor(ONNXTensor(elements: .doubles(leafValues), shape: [leafValues.count]))),
        ]
        if !members.isEmpty {
            let sets = ONNXTensor(elements: .doubles(members), shape: [members.count])
            attributes.append(("membership_values", .tensor(sets)))
        }
        return graph.add("TreeEnsemble", [graph.columns(values)], attributes, domain: "ai.onnx.ml")
    }
}
