extension BoostingModel: ExplainableModel {
    /// The prediction itself for a regression with the identity link, else the margin; class 0 of two has the negative line of class 1.
    package var contributionSpace: ContributionSpace { link == .identity ? .prediction : .margin }

    package func contributions(_ matrix: FeatureMatrix, row: Int32) -> [[Double]] {
        let width = max(features, matrix.features.count) + 1
        var lines = Array(repeating: Array(repeating: 0.0, count: width), count: base.count)
        for (index, tree) in trees.enumerated() {
            TreeContributions.add(
                tree, matrix, row: Int(row), output: index % base.count, scale: scale, width: width, to: &lines)
        }
        for score in base.indices { lines[score][width - 1] += center + scale * base[score] }
        guard link == .logistic, let line = lines.first else { return lines }
        return [line.map { -$0 }, line]
    }
}
