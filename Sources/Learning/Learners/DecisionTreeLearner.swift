/// One classification or regression tree.
package struct DecisionTreeLearner: BinnedLearner {
    package static let name = "decision_tree"

    /// Most splits from the root to a leaf; 0 for no limit.
    package var maximumDepth: Int
    /// Least weight of a leaf, 1 or more.
    package var minimumRows: Int
    /// Most bins of a feature, 2...255.
    package var bins: Int

    package init(maximumDepth: Int = 10, minimumRows: Int = 10, bins: Int = 255) {
        self.maximumDepth = maximumDepth
        self.minimumRows = minimumRows
        self.bins = bins
    }

    package var parameters: [String: LearnerParameter] {
        ["maximum_depth": .integer(maximumDepth), "minimum_rows": .integer(minimumRows), "bins": .integer(bins)]
    }

    package func fit(
        binned: BinnedMatrix, target: Target, rows: [Int32], weights: [Float]?, context: FitContext
    ) throws(LearningError) -> any FittedModel {
        var settings = CartSettings()
        settings.maximumDepth = maximumDepth
        settings.minimumRows = minimumRows
        settings.smoothing = 1
        var rowWeights = Array(repeating: Float(0), count: binned.rows)
        for row in rows { rowWeights[Int(row)] = weights.map { $0[Int(row)] } ?? 1 }
        let cartTarget = CartTarget(target, rows: rows, weights: weights)
        var grower = CartGrower(
            binned, target: cartTarget,
            categories: CategoryOrder(binned, target: cartTarget, rows: rows, weights: weights), settings: settings,
            rows: rows, weights: rowWeights, random: RandomStream(seed: context.seed))
        guard let tree = grower.grow(mustStop: { context.mustStop }) else { throw .cancelled }
        return TreeModel([tree], outputs: target.outputs, features: binned.features.count, isForest: false)
    }
}
