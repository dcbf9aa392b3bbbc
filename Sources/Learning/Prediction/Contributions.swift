/// What each column of the matrix contributes to one output of one row.
enum Contributions {
    /// One number a column; nil when the model cannot be taken apart.
    ///
    /// For an ensemble the weighted mean over the members that can be: those that add up to probabilities are scaled to log-odds by
    /// the slope of the logistic function there, so that all members speak of the same unit. For a stack, which adds up log-odds, that
    /// mean times the sum of its weights.
    static func of(_ model: any FittedModel, matrix: FeatureMatrix, row: Int, output: Int) -> [Double]? {
        if let ensemble = model as? EnsembleModel { return mean(ensemble, matrix: matrix, row: row, output: output) }
        guard let explainable = model as? any ExplainableModel else { return nil }
        return line(explainable, matrix: matrix, row: row, output: output)
    }

    private static func line(
        _ model: any ExplainableModel, matrix: FeatureMatrix, row: Int, output: Int
    ) -> [Double]? {
        let lines = model.contributions(matrix, row: Int32(row))
        guard output < lines.count else { return nil }
        return Array(lines[output].dropLast())
    }

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
            if ensemble.outputs > 1, model.contributionSpace == .prediction {
                let share = min(0.98, max(0.02, model.predict(matrix, rows: [Int32(row)])[output]))
                scale /= share * (1 - share)
            }
            if sum.isEmpty { sum = [Double](repeating: 0, count: line.count) }
            for index in line.indices { sum[index] += scale * line[index] }
            total += member.weight
        }
        let whole = ensemble.combination == .mean ? 1 : ensemble.members.reduce(0) { $0 + $1.weight }
        return total > 0 ? sum.map { $0 / total * whole } : nil
    }
}
