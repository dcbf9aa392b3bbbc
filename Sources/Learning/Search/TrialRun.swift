import Shared

/// Fits one configuration on every fold.
struct TrialRun: Sendable {
    let folds: SearchFolds
    let metric: Metric
    let seed: UInt64
    let threads: Int
    /// When learners that can stop early do so.
    let deadline: ContinuousClock.Instant
    /// When a trial that is still predicting is given up.
    let lastMoment: ContinuousClock.Instant
    let isCancelled: @Sendable () -> Bool

    /// Values that are kept of out-of-fold predictions of one trial at most: 16 MB.
    private static let mostKeptValues = 4_000_000

    private static let predictedAtOnce = 1_024

    private struct FoldResult: Sendable {
        var predictions: [Double]
        var fitSeconds: Double
        var predictSeconds: Double
        var rounds: Int?
        var model: any FittedModel
    }

    /// A finished trial and the model of its first fold.
    struct Outcome: Sendable {
        var record: TrialRecord
        var firstModel: any FittedModel
    }

    /// - Returns: nil when a learner that cannot stop early met the deadline.
    /// - Throws: `.cancelled`.
    func run(_ configuration: TrialConfiguration, number: Int) throws(LearningError) -> Outcome? {
        let count = folds.plan.folds.count
        // Folds side by side use the threads better than threads inside a fit, unless there are fewer folds than threads.
        let lanes = max(1, min(threads, count))
        let waves = (count + lanes - 1) / lanes
        let start = ContinuousClock.now
        let results = Lanes.map(count, lanes: lanes) { fold in
            // Each fold may use up its share of the time: learners that can stop early then still complete every fold.
            let end = start + (deadline - start) * Double(fold / lanes + 1) / Double(waves)
            return Result { () throws(LearningError) in
                // The last of an odd number has all threads to itself before long.
                let isAlone = count % lanes == 1 && fold == count - 1
                return try fit(
                    configuration, fold: fold, threads: isAlone ? threads : max(1, threads / lanes), deadline: end)
            }
        }
        if isCancelled() { throw .cancelled }
        var finished: [FoldResult] = []
        for result in results {
            switch result {
            case .success(let fold): finished.append(fold)
            case .failure(.cancelled): return nil
            case .failure(let error): throw error
            }
        }
        guard let first = finished.first else { return nil }
        // Rounded to what is stored, so that a resumed search sees the numbers that the first one saw.
        let kept = finished.flatMap { $0.predictions.map(Float.init) }
        let scores = EnsembleSelection(metric: metric, folds: folds.testTargets).foldScores(kept.map(Double.init))
        let rounds = finished.compactMap(\.rounds)
        let testRows = folds.testTargets.reduce(0) { $0 + $1.rows }
        let record = TrialRecord(
            number: number, learner: configuration.learner, parameters: configuration.parameters.mapValues(\.json),
            foldScores: scores, fitSeconds: finished.reduce(0) { $0 + $1.fitSeconds } / Double(count),
            predictSecondsPer1000: finished.reduce(0) { $0 + $1.predictSeconds } / Double(max(1, testRows)) * 1000,
            rows: folds.table.rows,
            rounds: rounds.isEmpty ? nil : max(1, (rounds.reduce(0, +) + rounds.count / 2) / rounds.count),
            outOfFold: kept.count <= Self.mostKeptValues ? kept : [])
        return Outcome(record: record, firstModel: first.model)
    }

    /// In pieces, so that a learner that is slow to predict cannot overrun the budget nor delay a cancellation.
    private func predict(
        _ model: any FittedModel, matrix: FeatureMatrix, rows: [Int32]
    ) throws(LearningError) -> [Double] {
        var predictions: [Double] = []
        predictions.reserveCapacity(rows.count * model.outputs)
        for start in stride(from: 0, to: rows.count, by: Self.predictedAtOnce) {
            if isCancelled() || ContinuousClock.now >= lastMoment { throw .cancelled }
            let end = min(rows.count, start + Self.predictedAtOnce)
            predictions += model.predict(matrix, rows: Array(rows[start..<end]))
        }
        return predictions
    }

    private func fit(
        _ configuration: TrialConfiguration, fold index: Int, threads: Int, deadline: ContinuousClock.Instant
    ) throws(LearningError) -> FoldResult {
        let fold = folds.plan.folds[index]
        let matrix = folds.matrix(index)
        let learner = LearnerFactory.make(configuration)
        let start = ContinuousClock.now
        let context = FitContext(
            seed: seed &+ UInt64(index), threads: threads, validation: fold.test, deadline: deadline,
            isCancelled: isCancelled)
        let model = try folds.fit(learner, fold: index, context: context)
        let fitted = ContinuousClock.now
        let predictions = try predict(model, matrix: matrix, rows: fold.test)
        let end = ContinuousClock.now
        return FoldResult(
            predictions: predictions, fitSeconds: (fitted - start).seconds, predictSeconds: (end - fitted).seconds,
            rounds: LearnerFactory.rounds(of: model), model: model)
    }
}

extension Duration {
    /// The duration as a number of seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
