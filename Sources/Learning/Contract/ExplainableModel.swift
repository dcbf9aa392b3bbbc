/// A model whose predictions can be taken apart exactly, feature by feature.
package protocol ExplainableModel: FittedModel {
    /// Contributions of the features to one row's prediction, `outputs x (features + 1)`; the last number is the bias, and each
    /// line adds up to the raw prediction in `contributionSpace`.
    ///
    /// - Parameter row: a row of the matrix.
    func contributions(_ matrix: FeatureMatrix, row: Int32) -> [[Double]]

    /// What the contributions add up to.
    var contributionSpace: ContributionSpace { get }
}

/// The scale on which contributions add up.
package enum ContributionSpace: String, Sendable, Equatable {
    /// The predicted value or probability itself.
    case prediction
    /// Before the link function: log-odds for two classes, softmax scores for more, logarithm for Poisson.
    case margin
}
