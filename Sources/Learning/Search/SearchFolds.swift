import Shared
import Tabular

/// The rows that trials are scored on, cut into folds, and each fold's matrix, made when first needed.
final class SearchFolds: Sendable {
    let table: PreparedTable
    let target: Target
    let plan: FoldPlan
    /// Targets of the folds' test rows.
    let testTargets: [Target]
    private let pipeline: FeaturePipeline
    private let seed: UInt64
    private let matrices: Locked<[Int: FeatureMatrix]>
    let pipelines: Locked<[Int: FittedPipeline]>
    private let slowestPipeline = Locked(0.0)
    /// Bins by fold and number of bins: made once, shared by all trials.
    private let bins: Locked<[[Int]: BinnedMatrix]>

    init(_ training: TrainingPlan, table: PreparedTable, rows: [Int32]) {
        self.table = table.selecting(rows)
        target = training.target.selecting(rows)
        pipeline = training.pipeline
        self.seed = training.options.seed
        let cut: FoldPlan.Cut =
            switch training.cut {
            case .stratified: .stratified
            case .groups(let keys): .groups(rows.map { keys[Int($0)] })
            case .time(let order): .time(rows.map { order[Int($0)] })
            }
        let (folds, repetitions) = Self.shape(target)
        let all = Array(0..<Int32(rows.count))
        let seed = training.options.seed
        let asked = FoldPlan(
            rows: all, target: target, cut: cut, folds: folds, repetitions: repetitions, seed: seed)
        // One group, or one point of time, cannot be cut.
        plan =
            asked.folds.isEmpty
            ? FoldPlan(rows: all, target: target, cut: .stratified, folds: folds, repetitions: repetitions, seed: seed)
            : asked
        testTargets = plan.folds.map { [target] fold in target.selecting(fold.test) }
        matrices = Locked([:])
        pipelines = Locked([:])
        bins = Locked([:])
    }

    /// More folds and repetitions the fewer rows speak for each class.
    private static func shape(_ target: Target) -> (folds: Int, repetitions: Int) {
        var rarest = target.rows
        if case .classes(let codes, let count) = target {
            var counts = [Int](repeating: 0, count: count)
            for code in codes { counts[Int(code)] += 1 }
            rarest = count * (counts.filter { $0 > 0 }.min() ?? 0)
        }
        let rows = target.rows
        if rows <= 300 { return (5, 3) }
        if rows <= 1_000 || (rarest <= 200 && rows <= 10_000) { return (5, 2) }
        return (rows <= 30_000 ? 5 : rows <= 100_000 ? 4 : 3, 1)
    }

    /// Seconds that the pipeline is likely to take on so many rows, by the slowest fold: all of it grows with the rows but the topics of
    /// texts.
    func pipelineSeconds(rows: Int) -> Double {
        let (slowest, made) = (slowestPipeline.current, pipelines.current.count)
        let topics = min(slowest, pipeline.topicSeconds.current / Double(max(1, made)))
        return topics + (slowest - topics) * Double(rows) / Double(max(1, table.rows))
    }

    /// The matrix of all rows as the fold's pipeline makes it; target statistics of its training rows are out of fold.
    func matrix(_ fold: Int) -> FeatureMatrix {
        if let known = matrices.current[fold] { return known }
        let start = ContinuousClock.now
        let (fitted, matrix) = pipeline.fitTransform(
            table, target: target, rows: plan.folds[fold].train, seed: seed &+ UInt64(fold))
        let seconds = (ContinuousClock.now - start).seconds
        slowestPipeline.withLock { $0 = max($0, seconds) }
        matrices.withLock { $0[fold] = matrix }
        pipelines.withLock { $0[fold] = fitted }
        return matrix
    }

    /// Fits on the rows that a fold trains on.
    func fit(
        _ learner: any Learner, fold: Int, context: FitContext
    ) throws(LearningError) -> any FittedModel {
        let rows = plan.folds[fold].train
        guard let binning = learner as? any BinnedLearner else {
            return try learner.fit(matrix(fold), target: target, rows: rows, weights: nil, context: context)
        }
        let key = [fold, binning.bins]
        let binned: BinnedMatrix
        if let known = bins.current[key] {
            binned = known
        } else {
            binned = try BinnedMatrix(matrix(fold), rows: rows, bins: binning.bins, context: context)
            bins.withLock { $0[key] = binned }
        }
        return try binning.fit(binned: binned, target: target, rows: rows, weights: nil, context: context)
    }
}
