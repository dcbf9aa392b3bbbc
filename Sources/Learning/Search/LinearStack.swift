import Foundation

/// A linear model of what several models predict: of their numbers, of the log-odds of the second of two classes, or of the
/// logarithms of the probabilities of more.
///
/// No weight is negative: where every model's prediction rises with a feature, that of the stack does.
///
/// Source: Wolpert, "Stacked generalization", 1992; Breiman, "Stacked regressions", 1996, for weights of 0 or more; Ting and Witten,
/// "Issues in stacked generalization", 1999, for probabilities.
struct LinearStack: Sendable, Equatable {
    /// One a model, 0 or more; their sum need not be 1.
    var weights: [Double]
    /// One for a number and for two classes, else one a class.
    var intercepts: [Double]

    /// Probabilities nearer to 0, and of two classes to 1, count as this.
    static let leastShare = 1e-5

    /// Numbers a row that are weighed, and intercepts.
    static func scores(outputs: Int) -> Int { outputs <= 2 ? 1 : outputs }

    /// The mean of the scores of models.
    static func mean(models: Int, outputs: Int) -> LinearStack {
        LinearStack(
            weights: [Double](repeating: 1 / Double(max(1, models)), count: models),
            intercepts: [Double](repeating: 0, count: scores(outputs: outputs)))
    }

    /// What is weighed of a model's predictions; both row-major.
    static func scores(_ predictions: ArraySlice<Double>, outputs: Int) -> [Double] {
        switch outputs {
        case 1: Array(predictions)
        case 2:
            stride(from: predictions.startIndex + 1, to: predictions.endIndex, by: 2).map {
                LinkFunctions.logit(predictions[$0], least: leastShare)
            }
        default: predictions.map { log(max(leastShare, $0)) }
        }
    }

    /// Predictions from those of the models, row-major `rows x outputs`.
    ///
    /// - Parameter part: the predictions of a model by its place, for the same rows; asked once each.
    func predict(rows: Int, outputs: Int, part: (Int) -> ArraySlice<Double>) -> [Double] {
        var sums: [Double] = []
        sums.reserveCapacity(rows * intercepts.count)
        for _ in 0..<rows { sums += intercepts }
        for (place, weight) in weights.enumerated() {
            let scores = Self.scores(part(place), outputs: outputs)
            for index in sums.indices { sums[index] += weight * scores[index] }
        }
        switch outputs {
        case 1: return sums
        case 2:
            return sums.flatMap { score in
                let share = LinkFunctions.sigmoid(score)
                return [1 - share, share]
            }
        default:
            for row in 0..<rows { LinkFunctions.softmax(&sums, offset: row * outputs, classes: outputs) }
            return sums
        }
    }
}
