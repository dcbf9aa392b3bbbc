/// Exact Shapley values of one row in one tree, path-dependent: a feature that is left out follows both branches by their cover.
///
/// Source: Lundberg, Erion and Lee, "Consistent individualized feature attribution for tree ensembles", 2018, algorithm 2.
/// Complexity: O(leaves x depth squared).
struct TreeContributions {
    private struct Step {
        var feature: Int32
        /// Share of paths that pass when the feature is left out, and when it is known.
        var zero: Double
        var one: Double
        /// Weight of subsets by size.
        var weight: Double
    }

    private let tree: DecisionTree
    private let matrix: FeatureMatrix
    private let row: Int
    private let outputs: Int
    private let width: Int

    /// Adds the values to `outputs x width` numbers, the last of each line being the bias.
    ///
    /// - Parameters:
    ///   - output: line that a tree of one output adds to; trees of several add to as many lines.
    ///   - scale: factor on every value.
    static func add(
        _ tree: DecisionTree, _ matrix: FeatureMatrix, row: Int, output: Int, scale: Double, width: Int,
        to lines: inout [[Double]]
    ) {
        let walk = TreeContributions(tree: tree, matrix: matrix, row: row, outputs: tree.outputs, width: width)
        var sums = Array(repeating: 0.0, count: tree.outputs * width)
        walk.addExpectation(0, share: 1, &sums)
        walk.visit(0, [], zero: 1, one: 1, feature: -1, &sums)
        for index in 0..<tree.outputs {
            for place in 0..<width { lines[output + index][place] += scale * sums[index * width + place] }
        }
    }

    private func share(_ child: Int32, of node: Int32) -> Double {
        let whole =
            Double(tree.nodes[Int(tree.nodes[Int(node)].left)].cover)
            + Double(tree.nodes[Int(tree.nodes[Int(node)].right)].cover)
        return whole > 0 ? Double(tree.nodes[Int(child)].cover) / whole : 0.5
    }

    private func addExpectation(_ index: Int32, share whole: Double, _ sums: inout [Double]) {
        let node = tree.nodes[Int(index)]
        guard node.isLeaf else {
            addExpectation(node.left, share: whole * share(node.left, of: index), &sums)
            addExpectation(node.right, share: whole * share(node.right, of: index), &sums)
            return
        }
        for output in 0..<outputs {
            sums[output * width + width - 1] += whole * tree.values[Int(index) * outputs + output]
        }
    }

    private func visit(
        _ index: Int32, _ path: [Step], zero: Double, one: Double, feature: Int32, _ sums: inout [Double]
    ) {
        let path = extended(path, zero: zero, one: one, feature: feature)
        let node = tree.nodes[Int(index)]
        if node.isLeaf {
            for place in path.indices.dropFirst() {
                let weight = unwoundSum(path, place) * (path[place].one - path[place].zero)
                for output in 0..<outputs {
                    sums[output * width + Int(path[place].feature)] +=
                        weight * tree.values[Int(index) * outputs + output]
                }
            }
            return
        }
        let goesLeft = tree.goesLeft(node, matrix, row: row)
        let (hot, cold) = goesLeft ? (node.left, node.right) : (node.right, node.left)
        var known = (zero: 1.0, one: 1.0)
        var shorter = path
        if let place = path.indices.dropFirst().first(where: { path[$0].feature == node.feature }) {
            known = (path[place].zero, path[place].one)
            shorter = unwound(path, place)
        }
        visit(
            hot, shorter, zero: known.zero * share(hot, of: index), one: known.one, feature: node.feature, &sums)
        visit(cold, shorter, zero: known.zero * share(cold, of: index), one: 0, feature: node.feature, &sums)
    }

    private func extended(_ path: [Step], zero: Double, one: Double, feature: Int32) -> [Step] {
        var result = path
        result.append(Step(feature: feature, zero: zero, one: one, weight: path.isEmpty ? 1 : 0))
        let last = result.count - 1
        for place in stride(from: last - 1, through: 0, by: -1) {
            let weight = result[place].weight
            result[place + 1].weight += one * weight * Double(place + 1) / Double(last + 1)
            result[place].weight = zero * weight * Double(last - place) / Double(last + 1)
        }
        return result
    }

    private func unwound(_ path: [Step], _ removed: Int) -> [Step] {
        var result = path
        let last = path.count - 1
        let step = path[removed]
        var next = path[last].weight
        for place in stride(from: last - 1, through: 0, by: -1) {
            if step.one != 0 {
                let weight = result[place].weight
                result[place].weight = next * Double(last + 1) / (Double(place + 1) * step.one)
                next = weight - result[place].weight * step.zero * Double(last - place) / Double(last + 1)
            } else if step.zero != 0 {
                result[place].weight = result[place].weight * Double(last + 1) / (step.zero * Double(last - place))
            }
        }
        for place in removed..<last {
            result[place].feature = path[place + 1].feature
            result[place].zero = path[place + 1].zero
            result[place].one = path[place + 1].one
        }
        result.removeLast()
        return result
    }

    private func unwoundSum(_ path: [Step], _ removed: Int) -> Double {
        unwound(path, removed).reduce(0) { $0 + $1.weight }
    }
}
