/// Bounds around predicted numbers that hold the true value nine times of ten.
///
/// Residuals out of fold, by stretches of the predicted value, since errors mostly grow with it.
/// Source: Vovk et al., "Algorithmic learning in a random world", 2005 (Mondrian conformal prediction).
package struct PredictionInterval: Sendable, Equatable {
    /// Upper bounds of the predicted value of each stretch but the last; ascending.
    package var cuts: [Double]
    /// What is added to the prediction for the lower bound, one a stretch.
    package var low: [Double]
    package var high: [Double]

    private static let leastRows = 100
    private static let mostStretches = 10

    init(cuts: [Double], low: [Double], high: [Double]) {
        (self.cuts, self.low, self.high) = (cuts, low, high)
    }

    /// - Parameter predictions: out of fold, aligned with the true values; at least one.
    package init(values: [Double], predictions: [Double]) {
        let order = predictions.indices.sorted { predictions[$0] < predictions[$1] }
        let stretches = max(1, min(Self.mostStretches, order.count / Self.leastRows))
        cuts = []
        low = []
        high = []
        var start = 0
        for stretch in 1...stretches {
            var end = order.count * stretch / stretches
            // Equal predictions belong to one stretch.
            while end < order.count, end > 0, predictions[order[end]] == predictions[order[end - 1]] { end += 1 }
            guard end > start else { continue }
            let residuals = order[start..<end].map { values[$0] - predictions[$0] }.sorted()
            low.append(Self.lower(residuals))
            high.append(-Self.lower(residuals.map { -$0 }.reversed()))
            if end < order.count { cuts.append(predictions[order[end - 1]]) } else { break }
            start = end
        }
        if low.count == cuts.count { (low, high) = (low + [low.last ?? 0], high + [high.last ?? 0]) }
    }

    /// The 5 % quantile on the safe side: the floor((n + 1) x 0.05)-th smallest, the smallest when there are few.
    private static func lower(_ sorted: [Double]) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return sorted[max(0, min(sorted.count - 1, Int(Double(sorted.count + 1) * 0.05) - 1))]
    }

    package func bounds(_ prediction: Double) -> [Double] {
        let stretch = min(cuts.count { prediction > $0 }, max(0, low.count - 1))
        guard stretch < low.count, stretch < high.count else { return [prediction, prediction] }
        return [prediction + min(0, low[stretch]), prediction + max(0, high[stretch])]
    }
}
