import Shared

/// How much worse a model scores when a feature's values are shuffled.
///
/// Source: Breiman, "Random forests", 2001, section 10.
struct PermutationImportance: Sendable {
    let metric: Metric
    let seed: UInt64
    let deadline: ContinuousClock.Instant

    private static let mostRows = 2_000
    private static let repetitions = 3

    /// Importances of the raw features, greatest first; features that the time did not suffice for are left out.
    ///
    /// - Parameters:
    ///   - rows: rows that the model was not fitted on.
    ///   - sources: index of the raw feature of each column of the matrix.
    func reply(
        _ model: any FittedModel, matrix: FeatureMatrix, target: Target, rows: [Int32], sources: [Int], names: [String]
    ) -> ExplainReply {
        var random = RandomStream(seed: seed, part: 0x1395)
        let chosen = random.sample(min(Self.mostRows, rows.count), below: rows.count).map { rows[Int($0)] }
        let sample = matrix.selecting(chosen)
        let truth = target.selecting(chosen)
        let base = metric.loss(metric.score(truth, predictions: model.predict(sample, rows: nil)))
        guard base.isFinite else { return ExplainReply(method: "permutation", importances: []) }
        var importances: [ExplainReply.Importance] = []
        for (feature, name) in names.enumerated() {
            let columns = sources.indices.filter { sources[$0] == feature && $0 < sample.features.count }
            var losses: [Double] = []
            for _ in 0..<Self.repetitions {
                if ContinuousClock.now >= deadline { break }
                var order = Array(0..<Int32(chosen.count))
                random.shuffle(&order)
                var shuffled = sample
                for column in columns {
                    shuffled.features[column].values = sample.features[column].values.selecting(order)
                }
                let loss = metric.loss(metric.score(truth, predictions: model.predict(shuffled, rows: nil)))
                if loss.isFinite { losses.append(loss - base) }
            }
            guard !losses.isEmpty else { continue }
            importances.append(
                ExplainReply.Importance(feature: name, importance: losses.mean, std: losses.deviation))
        }
        importances.sort { ($1.importance, $0.feature) < ($0.importance, $1.feature) }
        return ExplainReply(method: "permutation", importances: importances)
    }
}

extension FeatureMatrix {
    /// The matrix of some of the rows, in the order given.
    package func selecting(_ rows: [Int32]) -> FeatureMatrix {
        FeatureMatrix(
            rows: rows.count, features: features.map { Feature(name: $0.name, values: $0.values.selecting(rows)) })
    }
}

extension FeatureMatrix.Values {
    func selecting(_ rows: [Int32]) -> FeatureMatrix.Values {
        switch self {
        case .numeric(let values): .numeric(rows.map { values[Int($0)] })
        case .categorical(let codes, let cardinality):
            .categorical(rows.map { codes[Int($0)] }, cardinality: cardinality)
        }
    }
}
