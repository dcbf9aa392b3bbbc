/// What each column of the matrix contributes to one output of one row.
enum Contributions {
    /// One number a column; nil when the model cannot be taken apart.
    ///
    /// For an ensemble the weighted mean over the members that can be: those that add up to probabilities are scaled to log-odds, so that all
    /// members speak of the same unit and each still adds up. For a stack, which adds up log-odds, that mean times the sum of its weights.
    static func of(_ model: any FittedModel, matrix: FeatureMatrix, row: Int, output: Int) -> [Double]? {
        if let ensemble = model as? EnsembleModel { return mean(ensemble, matrix: matrix, row: row, output: output) }
        guard let explainable = model as? any ExplainableModel else { return nil }
        return line(explainable, matrix: matrix, row: row, output: output)?.dropLast()
    }

    /// With the bias at the end.
    private static func line(
        _ model: any ExplainableModel, matrix: FeatureMatrix, row: Int, output: Int
    ) -> [Double]? {
        let lines = model.contributions(matrix, row: Int32(row))
        return output < lines.count ? lines[output] : nil
    }

    /// Log-odds for one of probability, from the bias of a line that adds up to a probability to its sum.
    private static func logOddsPerShare(_ line: [Double]) -> Double {
        let (bias, share) = (line.last ?? 0, line.reduce(0, +))
        let difference = share - bias
        if abs(difference) < 1e-6 {
            let bounded = min(1 - leastShare, max(leastShare, share))
            return 1 / (bounded * (1 - bounded))
        }
        return (LinkFunctions.logit(share, least: leastShare) - LinkFunctions.logit(bias, least: leastShare))
            / difference
    }

    /// A forest that is sure of itself knows its shares no better.
    private static let leastShare = 1e-3

    private static func mean(
        _ ensemble: EnsembleModel, matrix: FeatureMatrix, row: Int, output: Int
    ) -> [Double]? {
        var sum: [Double] = []
        var total = 0.0
        for member in ensemble.members {
            guard let model = member.model as? any ExplainableModel,
                let line = line(model, matrix: matrix, row: row, output: output)
            else { continue }
            var scale = member.weight
            if ensemble.outputs > 1, model.contributionSpace == .prediction { scale *= logOddsPerShare(line) }
            if sum.isEmpty { sum = [Double](repeating: 0, count: line.count - 1) }
            for index in sum.indices { sum[index] += scale * line[index] }
            total += member.weight
        }
        let whole = ensemble.combination == .mean ? 1 : ensemble.members.reduce(0) { $0 + $1.weight }
        return total > 0 ? sum.map { $0 / total * whole } : nil
    }
}
