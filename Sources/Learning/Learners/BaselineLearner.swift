/// Predicts the same for every row: the mean of a number, the shares of classes.
package struct BaselineLearner: Learner {
    package static let name = "baseline"

    package init() {}

    package var parameters: [String: LearnerParameter] { [:] }

    package func fit(
        _ matrix: FeatureMatrix, target: Target, rows: [Int32], weights: [Float]?, context: FitContext
    ) throws(LearningError) -> any FittedModel {
        if context.isCancelled() { throw .cancelled }
        return BaselineModel(values: target.prior(rows: rows, weights: weights))
    }
}

/// The prior as a model.
package struct BaselineModel: FittedModel, ExplainableModel {
    /// One number an output.
    package let values: [Double]

    package init(values: [Double]) { self.values = values }

    init(reader: inout ArtifactReader) throws(LearningError) { values = try reader.readDoubles() }

    package var outputs: Int { values.count }
    package var columns: Int? { nil }
    package var artifactTag: ArtifactTag { .baseline }
    package var contributionSpace: ContributionSpace { .prediction }

    package func predict(_ matrix: FeatureMatrix, rows: [Int32]?) -> [Double] {
        let count = rows?.count ?? matrix.rows
        guard values.count > 1 else { return Array(repeating: values.first ?? 0, count: values.isEmpty ? 0 : count) }
        var result: [Double] = []
        result.reserveCapacity(count * values.count)
        for _ in 0..<count { result.append(contentsOf: values) }
        return result
    }

    package func contributions(_ matrix: FeatureMatrix, row: Int32) -> [[Double]] {
        values.map { Array(repeating: 0, count: matrix.features.count) + [$0] }
    }

    package func write(to writer: inout ArtifactWriter) { writer.write(values) }
}
