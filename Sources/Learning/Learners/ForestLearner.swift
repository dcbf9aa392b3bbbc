import Foundation

/// Settings of `RandomForestLearner` and `ExtraTreesLearner`.
package struct ForestSettings: Sendable, Hashable {
    /// Trees, 1 or more.
    package var trees = 100
    /// Most splits from the root to a leaf; 0 for no limit.
    package var maximumDepth = 0
    /// Least weight of a leaf, 1 or more.
    package var minimumRows = 1
    /// Share of the features looked at in each node, above 0 to 1; 0 for the square root of their number with classes and a third of them
    /// with numbers.
    package var featureShare = 0.0
    /// Most bins of a feature, 2...255.
    package var bins = 255
    /// Draws rows with replacement for each tree.
    package var bootstrap = true
    /// Computes `TreeModel.outOfBagLoss`; needs `bootstrap`.
    package var outOfBag = false

    package init() {}

    var parameters: [String: LearnerParameter] {
        [
            "trees": .integer(trees), "maximum_depth": .integer(maximumDepth), "minimum_rows": .integer(minimumRows),
            "feature_share": .number(featureShare), "bins": .integer(bins), "bootstrap": .flag(bootstrap),
            "out_of_bag": .flag(outOfBag),
        ]
    }
}

/// The mean of trees grown on rows drawn with replacement, each node looking at a few features.
///
/// Source: Breiman, "Random forests", 2001.
package struct RandomForestLearner: BinnedLearner {
    package static let name = "random_forest"
    package var settings: ForestSettings

    package init(_ settings: ForestSettings = ForestSettings()) { self.settings = settings }

    package var bins: Int { settings.bins }
    package var parameters: [String: LearnerParameter] { settings.parameters }

    package func fit(
        binned: BinnedMatrix, target: Target, rows: [Int32], weights: [Float]?, context: FitContext
    ) throws(LearningError) -> any FittedModel {
        try ForestGrowth(settings, randomCuts: false).fit(binned, target, rows, weights, context)
    }
}

/// The mean of trees whose cuts are drawn at random, on all rows unless bootstrap is asked for.
///
/// Source: Geurts, Ernst and Wehenkel, "Extremely randomized trees", 2006.
package struct ExtraTreesLearner: BinnedLearner {
    package static let name = "extra_trees"
    package var settings: ForestSettings

    /// - Parameter settings: nil for the defaults without bootstrap.
    package init(_ settings: ForestSettings? = nil) {
        var standard = ForestSettings()
        standard.bootstrap = false
        self.settings = settings ?? standard
    }

    package var bins: Int { settings.bins }
    package var parameters: [String: LearnerParameter] { settings.parameters }

    package func fit(
        binned: BinnedMatrix, target: Target, rows: [Int32], weights: [Float]?, context: FitContext
    ) throws(LearningError) -> any FittedModel {
        try ForestGrowth(settings, randomCuts: true).fit(binned, target, rows, weights, context)
    }
}

/// Grows the trees of a forest, each from its own random stream, so that threads do not matter.
private struct ForestGrowth {
    let settings: ForestSettings
    let randomCuts: Bool

    init(_ settings: ForestSettings, randomCuts: Bool) {
        self.settings = settings
        self.randomCuts = randomCuts
    }

    /// - Returns: the trees that were finished when the fit was stopped, in order up to the first unfinished one.
    /// - Throws: `.cancelled` when there is none.
    func fit(
        _ matrix: BinnedMatrix, _ target: Target, _ rows: [Int32], _ weights: [Float]?, _ context: FitContext
    ) throws(LearningError) -> any FittedModel {
        let cart = cartSettings(slots: matrix.slots.count, target: target)
        let cartTarget = CartTarget(target, rows: rows, weights: weights)
        let categories = CategoryOrder(matrix, target: cartTarget, rows: rows, weights: weights)
        let count = max(1, settings.trees)
        let grown = GrownForest(count: count)
        let team = ThreadTeam(threads: rows.count * count > 20_000 ? min(context.threads, count) : 1)
        team.forChunks(of: 1, count: count) { _, range in
            for index in range where !context.mustStop {
                var random = RandomStream(seed: context.seed, part: index)
                let drawn = draw(matrix.rows, rows, weights, &random)
                var grower = CartGrower(
                    matrix, target: cartTarget, categories: categories, settings: cart, rows: rows, weights: drawn,
                    random: random)
                grown.set(index, grower.grow(mustStop: { context.mustStop }))
            }
        }
        let trees = grown.finished
        guard !trees.isEmpty else { throw .cancelled }
        var loss: Double?
        if settings.outOfBag, settings.bootstrap {
            loss = outOfBagLoss(trees, matrix, target, rows, weights, context)
        }
        return TreeModel(
            trees.map(\.tree), outputs: target.outputs, features: matrix.features.count, isForest: true,
            outOfBagLoss: loss)
    }

    private func cartSettings(slots: Int, target: Target) -> CartSettings {
        var result = CartSettings()
        result.maximumDepth = settings.maximumDepth
        result.minimumRows = settings.minimumRows
        result.randomCuts = randomCuts
        var wanted = settings.featureShare * Double(slots)
        if settings.featureShare <= 0 {
            if case .regression = target { wanted = Double(slots) / 3 } else { wanted = Double(slots).squareRoot() }
        }
        result.slotsPerNode = max(1, Int(wanted.rounded()))
        return result
    }

    /// Weight of every row of the matrix in one tree.
    private func draw(
        _ count: Int, _ rows: [Int32], _ weights: [Float]?, _ random: inout RandomStream
    ) -> [Float] {
        var result = Array(repeating: Float(0), count: count)
        if settings.bootstrap {
            for _ in rows { result[Int(rows[random.index(below: rows.count)])] += 1 }
        } else {
            for row in rows { result[Int(row)] = 1 }
        }
        if let weights { for row in rows { result[Int(row)] *= max(0, weights[Int(row)]) } }
        return result
    }

    /// Squared error or log loss of the mean of the trees that did not draw a row.
    private func outOfBagLoss(
        _ trees: [(index: Int, tree: DecisionTree)], _ matrix: BinnedMatrix, _ target: Target, _ rows: [Int32],
        _ weights: [Float]?, _ context: FitContext
    ) -> Double? {
        let outputs = target.outputs
        var sums = Array(repeating: 0.0, count: matrix.rows * outputs)
        var counts = Array(repeating: 0, count: matrix.rows)
        for (index, tree) in trees {
            var random = RandomStream(seed: context.seed, part: index)
            let drawn = draw(matrix.rows, rows, nil, &random)
            for row in rows where drawn[Int(row)] == 0 {
                let leaf = tree.leaf(of: Int(row), binned: matrix)
                counts[Int(row)] += 1
                tree.forEachValue(of: leaf) { output, value in sums[Int(row) * outputs + output] += value }
            }
        }
        var (loss, total) = (0.0, 0.0)
        for row in rows.map({ Int($0) }) where counts[row] > 0 {
            let weight = weights.map { Double($0[row]) } ?? 1
            switch target {
            case .regression(let values):
                let difference = sums[row] / Double(counts[row]) - values[row]
                loss += weight * difference * difference
            case .classes(let codes, let classes):
                guard codes[row] >= 0, codes[row] < classes else { continue }
                let share = sums[row * outputs + Int(codes[row])] / Double(counts[row])
                loss -= weight * log(max(1e-6, share))
            }
            total += weight
        }
        return total > 0 ? loss / total : nil
    }
}

/// Trees by number, each set by one thread.
// Safety: every index is written once, by the thread that grew the tree; the team's barrier comes before the read.
private final class GrownForest: @unchecked Sendable {
    private let trees: UnsafeMutablePointer<DecisionTree?>
    private let count: Int

    init(count: Int) {
        self.count = count
        trees = .allocate(capacity: count)
        trees.initialize(repeating: nil, count: count)
    }

    deinit {
        trees.deinitialize(count: count)
        trees.deallocate()
    }

    func set(_ index: Int, _ tree: DecisionTree?) { trees[index] = tree }

    var finished: [(index: Int, tree: DecisionTree)] {
        (0..<count).compactMap { index in trees[index].map { (index, $0) } }
    }
}
