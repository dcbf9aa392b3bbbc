/// A learner that works on bins, which a search makes once and shares among its fits.
package protocol BinnedLearner: Learner {
    /// Most bins of a feature that it asks for.
    var bins: Int { get }

    /// Fits on a matrix that was binned before; the target and the rows are those of the matrix.
    ///
    /// - Throws: as `Learner.fit`.
    func fit(
        binned: BinnedMatrix, target: Target, rows: [Int32], weights: [Float]?, context: FitContext
    ) throws(LearningError) -> any FittedModel
}

extension BinnedLearner {
    package func fit(
        _ matrix: FeatureMatrix, target: Target, rows: [Int32], weights: [Float]?, context: FitContext
    ) throws(LearningError) -> any FittedModel {
        let binned = try BinnedMatrix(matrix, rows: rows, bins: bins, context: context)
        return try fit(binned: binned, target: target, rows: rows, weights: weights, context: context)
    }
}
