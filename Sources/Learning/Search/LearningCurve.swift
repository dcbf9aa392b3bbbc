import Shared

/// The best trial's configuration fitted on growing parts of the first fold's training rows.
struct LearningCurve: Sendable {
    let plan: TrainingPlan
    let folds: SearchFolds
    let deadline: ContinuousClock.Instant
    let isCancelled: @Sendable () -> Bool

    private static let parts = [0.05, 0.1, 0.2, 0.4]
    private static let leastRows = 20
    /// Rows fitted on that are scored.
    private static let mostScoredRows = 5_000

    /// - Parameter whole: the configuration's model of the whole fold, if it is at hand.
    /// - Returns: nil when the time sufficed for fewer than two points.
    /// - Throws: `.cancelled`.
    func reply(_ record: TrialRecord, whole: (any FittedModel)?) throws(LearningError) -> EvaluationReply.LearningCurve?
    {
        let fold = folds.plan.folds[0]
        var random = RandomStream(seed: plan.options.seed, part: 0x1ea2)
        var order = fold.train
        random.shuffle(&order)
        var points: [EvaluationReply.LearningCurve.Point] = []
        for part in Self.parts {
            let count = Int(Double(order.count) * part)
            let expected = record.fitSeconds * part
            guard count >= Self.leastRows, ContinuousClock.now + .seconds(expected) < deadline else { continue }
            if let point = try point(record, rows: Array(order[..<count]), test: fold.test) { points.append(point) }
        }
        if let whole, ContinuousClock.now < deadline, let point = score(whole, rows: order, test: fold.test) {
            points.append(point)
        }
        guard points.count > 1 else { return nil }
        return EvaluationReply.LearningCurve(
            learner: record.learner.rawValue, metric: plan.metric.rawValue, points: points)
    }

    private func point(
        _ record: TrialRecord, rows: [Int32], test: [Int32]
    ) throws(LearningError) -> EvaluationReply.LearningCurve.Point? {
        let context = FitContext(
            seed: plan.options.seed, threads: plan.options.threads, validation: test, deadline: deadline,
            isCancelled: isCancelled)
        do {
            let model = try LearnerFactory.make(TrialConfiguration(record)).fit(
                folds.matrix(0), target: folds.target, rows: rows, weights: nil, context: context)
            // What was stopped by the time is not what its rows can give.
            return ContinuousClock.now < deadline ? score(model, rows: rows, test: test) : nil
        } catch {
            if isCancelled() { throw .cancelled }
            return nil
        }
    }

    private func score(_ model: any FittedModel, rows: [Int32], test: [Int32]) -> EvaluationReply.LearningCurve.Point? {
        func score(_ rows: [Int32]) -> Double {
            plan.metric.score(folds.target.selecting(rows), predictions: model.predict(folds.matrix(0), rows: rows))
        }
        let point = EvaluationReply.LearningCurve.Point(
            rows: rows.count, trainScore: score(Array(rows.prefix(Self.mostScoredRows))), score: score(test))
        return point.score.isFinite && point.trainScore.isFinite ? point : nil
    }
}
