/// What gradient boosting minimises.
package enum BoostingObjective: Sendable, Hashable {
    /// Half the squared error.
    case squared
    /// The absolute error: predicts the median.
    case absolute
    /// Squared up to `delta` standard deviations of the target, linear beyond.
    case huber(delta: Double)
    /// The pinball loss of a share in 0...1: predicts that quantile.
    case quantile(Double)
    /// Counts, with a logarithmic link. A target with negative numbers is fitted with `squared`.
    case poisson

    var text: String {
        switch self {
        case .squared: "squared"
        case .absolute: "absolute"
        case .huber(let delta): "huber:\(delta)"
        case .quantile(let share): "quantile:\(share)"
        case .poisson: "poisson"
        }
    }
}

/// Settings of `BoostingLearner`.
package struct BoostingSettings: Sendable, Hashable {
    /// Most rounds, 1 or more; a round is one tree, or one a class for three and more classes.
    package var iterations = 100
    /// Factor on every tree, above 0.
    package var learningRate = 0.1
    /// Most leaves of a tree, 2 or more.
    package var leaves = 31
    /// Most splits from the root to a leaf; 0 for `DecisionTree.mostDepth`.
    package var maximumDepth = 0
    /// Least rows of a leaf, counted by their share of the hessian.
    package var minimumRows = 20
    /// Least sum of hessians of a leaf.
    package var minimumHessian = 1e-3
    /// L1 and L2 strength on the values of leaves; a regression target is scaled to standard deviation 1 first.
    package var l1 = 0.0
    package var l2 = 1.0
    /// Share of rows drawn for each round, above 0 to 1.
    package var rowShare = 1.0
    /// Share of features drawn for each tree, above 0 to 1.
    package var featureShare = 1.0
    /// Standard deviations by which chance moves the roots of gains when features are compared, 0 or more.
    package var randomStrength = 2.0
    /// Most bins of a feature, 2...255.
    package var bins = 255
    /// Rounds without a better validation loss after which the fit ends; 0 for never. Needs `FitContext.validation`.
    package var patience = 50
    /// Added to the hessian of a category when categories are put in order.
    package var categorySmoothing = 10.0
    /// Added to `l2` in the gain of splits by sets of categories.
    package var categoryL2 = 10.0
    /// Objective of a regression; classes use the logistic or softmax loss.
    package var objective = BoostingObjective.squared

    package init() {}
}
