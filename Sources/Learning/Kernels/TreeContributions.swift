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
    private let width: Int
    /// `outputs x width` sums.
    private var sums: [Double]
    /// Paths of the nodes from the root to the one being visited, one after the other, so that no node allocates.
    private var steps: [Step]

    private init(_ tree: DecisionTree, _ matrix: FeatureMatrix, row: Int, width: Int) {
        self.tree = tree
        self.matrix = matrix
        self.row = row
        self.width = width
        sums = Array(repeating: 0, count: tree.outputs * width)
        let levels = tree.depth + 2
        steps = Array(repeating: Step(feature: -1, zero: 1, one: 1, weight: 1), count: levels * (levels + 3) / 2)
    }

    /// Adds the values to lines of `width` numbers, the last of each line being the bias.
    ///
    /// - Parameters:
    ///   - output: line that a tree of one output adds to; trees of several add to as many lines.
    ///   - scale: factor on every value.
    static func add(
        _ tree: DecisionTree, _ matrix: FeatureMatrix, row: Int, output: Int, scale: Double, width: Int,
        to lines: inout [[Double]]
    ) {
        var walk = TreeContributions(tree, matrix, row: row, width: width)
        walk.addExpectation(0, share: 1)
        walk.visit(0, parent: 0..<0, zero: 1, one: 1, feature: -1)
        for index in 0..<tree.outputs {
            for place in 0..<width { lines[output + index][place] += scale * walk.sums[index * width + place] }
        }
    }

    private func share(_ child: Int32, of node: DecisionTree.Node) -> Double {
        let whole = Double(tree.nodes[Int(node.left)].cover) + Double(tree.nodes[Int(node.right)].cover)
        return whole > 0 ? Double(tree.nodes[Int(child)].cover) / whole : 0.5
    }

    private mutating func addExpectation(_ index: Int32, share whole: Double) {
        let node = tree.nodes[Int(index)]
        guard node.isLeaf else {
            addExpectation(node.left, share: whole * share(node.left, of: node))
            addExpectation(node.right, share: whole * share(node.right, of: node))
            return
        }
        tree.forEachValue(of: Int(index)) { output, value in sums[output * width + width - 1] += whole * value }
    }

    /// - Parameter parent: place of the path that leads here, in `steps`.
    private mutating func visit(_ index: Int32, parent: Range<Int>, zero: Double, one: Double, feature: Int32) {
        let node = tree.nodes[Int(index)]
        for place in 0..<parent.count { steps[parent.upperBound + place] = steps[parent.lowerBound + place] }
        var path = parent.upperBound..<parent.upperBound + parent.count + 1
        extend(path, zero: zero, one: one, feature: feature)
        if node.isLeaf {
            addLeaf(index, path)
            return
        }
        let goesLeft = tree.goesLeft(node, matrix, row: row)
        let (hot, cold) = goesLeft ? (node.left, node.right) : (node.right, node.left)
        var known = (zero: 1.0, one: 1.0)
        if let place = path.dropFirst().first(where: { steps[$0].feature == node.feature }) {
            known = (steps[place].zero, steps[place].one)
            unwind(path, place - path.lowerBound)
            path = path.lowerBound..<path.upperBound - 1
        }
        let hotShare = known.zero * share(hot, of: node)
        let coldShare = known.zero * share(cold, of: node)
        visit(hot, parent: path, zero: hotShare, one: known.one, feature: node.feature)
        visit(cold, parent: path, zero: coldShare, one: 0, feature: node.feature)
    }

    private mutating func addLeaf(_ index: Int32, _ path: Range<Int>) {
        for place in 1..<max(1, path.count) {
            let step = steps[path.lowerBound + place]
            let weight = unwoundSum(path, place) * (step.one - step.zero)
            tree.forEachValue(of: Int(index)) { output, value in
                sums[output * width + Int(step.feature)] += weight * value
            }
        }
    }

    /// Sets the last step of a path and moves the weights of subsets by one size.
    private mutating func extend(_ path: Range<Int>, zero: Double, one: Double, feature: Int32) {
        let last = path.count - 1
        let first = path.lowerBound
        steps[first + last] = Step(feature: feature, zero: zero, one: one, weight: last == 0 ? 1 : 0)
        for place in stride(from: last - 1, through: 0, by: -1) {
            let weight = steps[first + place].weight
            steps[first + place + 1].weight += one * weight * Double(place + 1) / Double(last + 1)
            steps[first + place].weight = zero * weight * Double(last - place) / Double(last + 1)
        }
    }

    /// Takes one step out of a path; its last place is free afterwards.
    private mutating func unwind(_ path: Range<Int>, _ removed: Int) {
        let last = path.count - 1
        let first = path.lowerBound
        let step = steps[first + removed]
        var next = steps[first + last].weight
        for place in stride(from: last - 1, through: 0, by: -1) {
            let weight = steps[first + place].weight
            if step.one != 0 {
                steps[first + place].weight = next * Double(last + 1) / (Double(place + 1) * step.one)
                next = weight - steps[first + place].weight * step.zero * Double(last - place) / Double(last + 1)
            } else if step.zero != 0 {
                steps[first + place].weight = weight * Double(last + 1) / (step.zero * Double(last - place))
            }
        }
        for place in removed..<last {
            let following = steps[first + place + 1]
            steps[first + place].feature = following.feature
            steps[first + place].zero = following.zero
            steps[first + place].one = following.one
        }
    }

    /// Sum of the weights of a path without one step.
    private func unwoundSum(_ path: Range<Int>, _ removed: Int) -> Double {
        let last = path.count - 1
        let first = path.lowerBound
        let step = steps[first + removed]
        var next = steps[first + last].weight
        var sum = 0.0
        for place in stride(from: last - 1, through: 0, by: -1) {
            if step.one != 0 {
                let weight = next * Double(last + 1) / (Double(place + 1) * step.one)
                sum += weight
                next = steps[first + place].weight - weight * step.zero * Double(last - place) / Double(last + 1)
            } else if step.zero != 0 {
                sum += steps[first + place].weight * Double(last + 1) / (step.zero * Double(last - place))
            }
        }
        return sum
    }
}
