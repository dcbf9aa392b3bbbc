import Shared

/// How good predictions are, in one number.
package enum Metric: String, Sendable, Codable, CaseIterable, Hashable {
    case rocAUC = "roc_auc"
    case logLoss = "log_loss"
    case accuracy
    case balancedAccuracy = "balanced_accuracy"
    case f1
    case brier
    case precision
    case recall
    case rmse
    case mae
    case mape
    case r2

    /// Whether a larger score is a better one.
    package var greaterIsBetter: Bool {
        switch self {
        case .rocAUC, .accuracy, .balancedAccuracy, .f1, .precision, .recall, .r2: true
        case .logLoss, .brier, .rmse, .mae, .mape: false
        }
    }

    /// The score turned so that less is better; NaN is worst.
    package func loss(_ score: Double) -> Double {
        score.isNaN ? .infinity : (greaterIsBetter ? -score : score)
    }

    /// Whether the score rests on decided labels rather than on probabilities.
    package var usesThreshold: Bool {
        switch self {
        case .accuracy, .balancedAccuracy, .f1, .precision, .recall: true
        default: false
        }
    }

    /// Metrics that a task can be scored by; the first is the default.
    package static func known(for task: TaskKind) -> [Metric] {
        switch task {
        case .binary: [.rocAUC, .logLoss, .accuracy, .balancedAccuracy, .f1, .brier, .precision, .recall]
        case .multiclass: [.logLoss, .rocAUC, .accuracy, .balancedAccuracy, .f1, .brier, .precision, .recall]
        case .regression: [.rmse, .mae, .mape, .r2]
        }
    }

    package static func standard(for task: TaskKind) -> Metric {
        switch task {
        case .binary: .rocAUC
        case .multiclass: .logLoss
        case .regression: .rmse
        }
    }
}

extension Metric {
    /// The score of predictions.
    ///
    /// - Parameters:
    ///   - predictions: row-major, `rows x outputs`, aligned with the target.
    ///   - threshold: from which probability a binary row counts as the second class.
    /// - Returns: NaN where the metric is not defined, such as ROC-AUC when only one class occurs.
    package func score(_ target: Target, predictions: [Double], threshold: Double = 0.5) -> Double {
        switch target {
        case .regression(let values): regressionScore(values, predictions)
        case .classes(let codes, let count):
            switch self {
            case .rocAUC: ClassMetrics.rocAUC(codes, classes: count, probabilities: predictions)
            case .logLoss: ClassMetrics.logLoss(codes, classes: count, probabilities: predictions)
            case .brier: ClassMetrics.brier(codes, classes: count, probabilities: predictions)
            default:
                ConfusionCounts(codes, classes: count, probabilities: predictions, threshold: threshold).score(self)
            }
        }
    }

    private func regressionScore(_ values: [Double], _ predictions: [Double]) -> Double {
        let n = Double(values.count)
        guard n > 0, predictions.count == values.count else { return .nan }
        var squared = 0.0
        var absolute = 0.0
        var relative = 0.0
        var relativeRows = 0.0
        for (value, prediction) in zip(values, predictions) {
            let error = prediction - value
            squared += error * error
            absolute += abs(error)
            // A relative error of a true 0 has no meaning; such rows are left out.
            if value != 0 {
                relative += abs(error / value)
                relativeRows += 1
            }
        }
        switch self {
        case .rmse: return (squared / n).squareRoot()
        case .mae: return absolute / n
        case .mape: return relativeRows > 0 ? relative / relativeRows : .nan
        case .r2:
            let mean = values.reduce(0, +) / n
            let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return spread > 0 ? 1 - squared / spread : .nan
        default: return .nan
        }
    }
}
