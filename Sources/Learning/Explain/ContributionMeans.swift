import Shared

/// How large the contributions to predictions are on average, feature by feature.
///
/// Source: Lundberg et al., "From local explanations to global understanding with explainable AI for trees", 2020, section 2.
struct ContributionMeans: Sendable {
    let artifact: ModelArtifact
    let threads: Int
    let deadline: ContinuousClock.Instant

    private static let mostRows = 200
    /// Fewer rows say nothing.
    private static let leastRows = 5

    /// Nil when the model cannot be taken apart, or the time did not suffice.
    ///
    /// With more than two classes, of the class that each row is most likely of.
    func reply(_ table: PreparedTable) -> ExplainReply.Contributions? {
        let count = min(Self.mostRows, table.rows)
        guard count > 0 else { return nil }
        let sample = table.selecting((0..<count).map { Int32($0 * table.rows / count) })
        let matrix = artifact.pipeline.transform(sample)
        let outputs = artifact.model.predict(matrix, rows: nil)
        let width = max(1, artifact.model.outputs)
        let lines = Lanes.map(count, lanes: threads) { row -> [Double]? in
            if ContinuousClock.now >= deadline { return nil }
            let answered =
                width <= 2
                ? width - 1 : ClassMetrics.decide(outputs[row * width..<(row + 1) * width], threshold: 0.5)
            return Contributions.of(artifact.model, matrix: matrix, row: row, output: answered)
                .map { artifact.pipeline.byRawFeature($0) }
        }.compactMap(\.self)
        var sums = [Double](repeating: 0, count: artifact.pipeline.features.count)
        for line in lines {
            for (feature, value) in line.enumerated() { sums[feature] += abs(value) }
        }
        let rows = lines.count
        guard rows >= min(Self.leastRows, count) else { return nil }
        let features = zip(artifact.pipeline.features, sums)
            .map { ExplainReply.Contributions.Feature(feature: $0.name, meanAbsolute: $1 / Double(rows)) }
            .filter { $0.meanAbsolute.isFinite }
            .sorted { ($1.meanAbsolute, $0.feature) < ($0.meanAbsolute, $1.feature) }
        return ExplainReply.Contributions(rows: rows, features: features)
    }
}
