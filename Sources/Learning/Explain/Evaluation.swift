import Shared

/// Scores of predictions in every metric of a task.
package enum Evaluation {
    /// The scores with curves, or residuals, of the same predictions.
    ///
    /// - Parameter predictions: row-major, for rows that the predicting models were not fitted on.
    package static func of(
        _ target: Target, predictions: [Double], task: TaskKind, classes: [String], threshold: Double
    ) -> EvaluationReply {
        var metrics: [String: Double] = [:]
        for metric in Metric.known(for: task) {
            let score = metric.score(target, predictions: predictions, threshold: threshold)
            if score.isFinite { metrics[metric.rawValue] = score }
        }
        var reply = EvaluationReply(task: task, rows: target.rows, metrics: metrics)
        if case .classes(let codes, let count) = target, count == classes.count {
            let confusion = ConfusionCounts(codes, classes: count, probabilities: predictions, threshold: threshold)
            // A matrix of a million cells helps nobody.
            if count <= 100 {
                reply.confusion = EvaluationReply.Confusion(classes: classes, counts: confusion.counts)
            }
            reply.classes = classes.enumerated().map { label, name in
                EvaluationReply.ClassScore(
                    label: name, precision: confusion.precision(label), recall: confusion.recall(label),
                    f1: confusion.f1(label), support: confusion.support(label))
            }
            reply.curves = EvaluationCurves.of(codes, classes: classes, probabilities: predictions)
        }
        if case .regression(let values) = target {
            reply.residuals = ResidualSummary.of(values, predictions: predictions)
        }
        return reply
    }
}
