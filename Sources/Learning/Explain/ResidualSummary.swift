import Shared

/// True values less predicted ones, and how they go with the prediction.
enum ResidualSummary {
    private static let shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]
    private static let bins = 20
    private static let stretches = 10
    /// Share of the residuals beyond either end of the histogram's range.
    private static let tail = 0.005

    /// Nil without rows, and when a residual is too large for a Double.
    static func of(_ values: [Double], predictions: [Double]) -> EvaluationReply.Residuals? {
        guard !values.isEmpty, values.count == predictions.count else { return nil }
        let residuals = zip(values, predictions).map { $0 - $1 }
        let mean = residuals.mean
        let deviation = residuals.deviation
        guard residuals.allSatisfy(\.isFinite), mean.isFinite, deviation.isFinite else { return nil }
        let sorted = residuals.sorted()
        let order = predictions.indices.sorted { predictions[$0] < predictions[$1] }
        return EvaluationReply.Residuals(
            mean: mean, std: deviation, quantiles: shares.map { .init(q: $0, value: quantile(sorted, $0)) },
            histogram: histogram(sorted),
            byPrediction: Stretches.of(order, by: predictions, count: stretches).map { rows in
                .init(
                    predicted: rows.map { predictions[$0] }.mean, actual: rows.map { values[$0] }.mean,
                    std: rows.map { residuals[$0] }.deviation, rows: rows.count)
            })
    }

    /// The nearest rank.
    private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }

    private static func histogram(_ sorted: [Double]) -> [ColumnProfileReply.Bin] {
        let (low, high) = (quantile(sorted, tail), quantile(sorted, 1 - tail))
        guard high > low, (high - low).isFinite else { return [.init(from: low, to: low, count: sorted.count)] }
        let width = (high - low) / Double(bins)
        var counts = [Int](repeating: 0, count: bins)
        for value in sorted {
            counts[Int(max(0, min(Double(bins - 1), ((value - low) / width).rounded(.down))))] += 1
        }
        return counts.enumerated().map { index, count in
            .init(from: low + width * Double(index), to: low + width * Double(index + 1), count: count)
        }
    }
}
