import Shared
import Tabular

/// What comes after the last trial: choice, refit on all rows, calibration, checks, and the artifact.
struct SearchFinish: Sendable {
    let search: AutoMLSearch
    let folds: SearchFolds
    let state: SearchState
    let isCancelled: @Sendable () -> Bool
    private var clock: SearchClock

    init(search: AutoMLSearch, folds: SearchFolds, state: SearchState, isCancelled: @escaping @Sendable () -> Bool) {
        self.search = search
        self.folds = folds
        self.state = state
        self.isCancelled = isCancelled
        clock = search.clock
    }

    /// Rows whose answers are kept, as a distribution, for drift.
    private static let mostAnswers = 5_000

    private var plan: TrainingPlan { search.plan }

    /// - Throws: `.cancelled`, or what a fit throws.
    mutating func artifact(onStep: (String) -> Void) throws(LearningError) -> ModelArtifact {
        let selection = EnsembleSelection(metric: plan.metric, folds: folds.testTargets)
        onStep("Choosing the ensemble")
        let limit = clock.instant(leaving: state.reserve * 0.8)
        let chosen = FinalChoice(
            ranked: state.ranked, selection: selection, stacking: StackFit(folds: folds.plan, target: folds.target)
        ) { ContinuousClock.now > limit }
        onStep("Fitting on all rows")
        let refit = try Refit(
            plan: plan, table: search.table, clock: clock, state: state, folds: folds,
            isCancelled: isCancelled
        ).run(chosen)
        let choice = refit.choice
        clock = clock.keeping(Self.packingSeconds(refit.model))
        onStep("Checking")
        let outOfFold = OutOfFoldRows(folds: folds, predictions: choice.predictions)
        var artifact = makeArtifact(refit, outOfFold: outOfFold, selection: selection)
        artifact.profile.answers = artifact.answerProfile(
            outOfFold: artifact.calibrated(choice.predictions), fitted: answers(artifact, refit.table, of: choice))
        artifact.testVectors = testVectors(artifact)
        artifact.explanation = try importances(choice: choice, deadline: share(0.4))
        artifact.explanation.contributions = ContributionMeans(
            artifact: artifact, threads: plan.options.threads, deadline: share(0.5)
        ).reply(refit.table)
        artifact.explanation.partialDependence = PartialDependence(artifact: artifact, deadline: share(0.4))
            .reply(refit.table, order: featureOrder(artifact))
        artifact.evaluation.learningCurve = try learningCurve()
        artifact.summary.trainingSeconds = clock.elapsed
        return artifact
    }

    /// Seconds that the model's bytes take: they are written here as they will be, and then have to be summed up and stored as well.
    private static func packingSeconds(_ model: any FittedModel) -> Double {
        let start = ContinuousClock.now
        var writer = ArtifactWriter()
        FittedModels.write(model, to: &writer)
        return 5 * (ContinuousClock.now - start).seconds
    }

    private func makeArtifact(
        _ refit: Refit.Result, outOfFold: OutOfFoldRows, selection: EnsembleSelection
    ) -> ModelArtifact {
        let choice = refit.choice
        var calibration = Calibration.none
        var interval: PredictionInterval?
        var threshold: Double?
        var predictions = outOfFold.predictions
        switch outOfFold.target {
        case .classes(let codes, let count):
            calibration = .fit(
                codes, classes: count, probabilities: predictions, threads: plan.options.threads)
            predictions = calibration.apply(predictions, classes: count)
            if count == 2 { threshold = DecisionThreshold.best(codes, probabilities: predictions, metric: plan.metric) }
        case .regression(let values):
            if !values.isEmpty { interval = PredictionInterval(values: values, predictions: predictions) }
        }
        let members = choice.members.map {
            ModelSummary.Member(
                learner: $0.record.learner.rawValue, weight: $0.weight, parameters: $0.record.parameters)
        }
        let scores = choice.foldScores(selection)
        let summary = ModelSummary(
            target: plan.options.target, task: plan.task, metric: plan.metric,
            score: scores.isEmpty ? nil : scores.mean,
            scoreDeviation: scores.deviation,
            learner: choice.learner.rawValue,
            members: members, classes: plan.classes, leftOut: plan.leftOut,
            monotone: plan.options.monotone.isEmpty ? nil : plan.options.monotone, rows: plan.rows.count,
            droppedRows: plan.droppedRows, trials: state.records.count, folds: folds.plan.folds.count,
            seed: plan.options.seed, trainingSeconds: 0, datasetVersion: 0)
        return ModelArtifact(
            summary: summary, pipeline: refit.pipeline, model: refit.model, calibration: calibration,
            threshold: threshold, interval: interval,
            profile: TrainingProfile(refit.table, features: plan.features),
            evaluation: Evaluation.of(
                outOfFold.target, predictions: predictions, task: plan.task, classes: plan.classes,
                threshold: threshold ?? 0.5),
            leaderboard: leaderboard(choice, selection: selection),
            explanation: ExplainReply(method: "permutation", importances: []),
            testVectors: TestVectors(rows: [], outputs: []))
    }

    private func leaderboard(_ choice: FinalChoice, selection: EnsembleSelection) -> LeaderboardReply {
        var items: [LeaderboardReply.Item] = []
        for mixture in [choice] + choice.replaced where mixture.members.count > 1 {
            let scores = mixture.foldScores(selection)
            var parameters: [String: JSONValue] = [:]
            for member in mixture.members {
                parameters["\(member.record.learner.rawValue)#\(member.record.number)"] = .number(member.weight)
            }
            items.append(
                LeaderboardReply.Item(
                    rank: 0, learner: mixture.learner.rawValue, score: scores.isEmpty ? nil : scores.mean,
                    scoreStd: scores.deviation, fitSeconds: mixture.members.reduce(0) { $0 + $1.record.fitSeconds },
                    predictSecondsPer1000: mixture.members.reduce(0) { $0 + $1.record.predictSecondsPer1000 },
                    parameters: parameters))
        }
        for record in state.ranked {
            var parameters = record.parameters
            parameters["trial"] = .integer(Int64(record.number))
            if let rounds = record.rounds { parameters["rounds_used"] = .integer(Int64(rounds)) }
            items.append(
                LeaderboardReply.Item(
                    rank: 0, learner: record.learner.rawValue, score: record.score.isFinite ? record.score : nil,
                    scoreStd: record.scoreDeviation, fitSeconds: record.fitSeconds,
                    predictSecondsPer1000: record.predictSecondsPer1000, parameters: parameters))
        }
        // Stable: an ensemble comes before its equal.
        let order = items.indices.sorted {
            (plan.metric.loss(items[$0].score ?? .nan), $0) < (plan.metric.loss(items[$1].score ?? .nan), $1)
        }
        return LeaderboardReply(
            metric: plan.metric.rawValue,
            items: order.enumerated().map { rank, index in
                var item = items[index]
                item.rank = rank + 1
                return item
            })
    }

    /// The end of a step that may use a share of what is left.
    private func share(_ part: Double) -> ContinuousClock.Instant { .now + .seconds(clock.remaining * part) }

    /// Shuffles features of the first fold's test rows for a model that was not fitted on them.
    private func importances(
        choice: FinalChoice, deadline: ContinuousClock.Instant
    ) throws(LearningError) -> ExplainReply {
        let held = folds.plan.folds[0].test
        let best = choice.members[0].record
        var model: any FittedModel
        if let kept = state.bestModel, choice.members.contains(where: { $0.record.number == kept.number }) {
            model = kept.model
        } else if best.fitSeconds < clock.remaining * 0.4 {
            model = try folds.fit(
                LearnerFactory.make(TrialConfiguration(best)), fold: 0,
                context: FitContext(
                    seed: plan.options.seed, threads: plan.options.threads, validation: held,
                    isCancelled: isCancelled))
        } else {
            return ExplainReply(method: "permutation", importances: [])
        }
        let importance = PermutationImportance(metric: plan.metric, seed: plan.options.seed, deadline: deadline)
        return importance.reply(
            model, matrix: folds.matrix(0), target: folds.target, rows: held,
            sources: folds.pipelines.current[0]?.sources ?? [], names: plan.features.map(\.name))
    }

    /// Raw features, the one that matters most first: by the loss of score, else by the contributions, else as they are.
    private func featureOrder(_ artifact: ModelArtifact) -> [Int] {
        let names = artifact.pipeline.features.map(\.name)
        let ranked =
            artifact.explanation.importances.isEmpty
            ? artifact.explanation.contributions?.features.map(\.feature) ?? names
            : artifact.explanation.importances.map(\.feature)
        return ranked.compactMap(names.firstIndex)
    }

    private func learningCurve() throws(LearningError) -> EvaluationReply.LearningCurve? {
        guard let best = state.best else { return nil }
        let whole = state.bestModel.flatMap { $0.number == best.number ? $0.model : nil }
        return try LearningCurve(
            plan: plan, folds: folds, deadline: clock.instant(leaving: 0.02), isCancelled: isCancelled
        ).reply(best, whole: whole)
    }

    /// Calibrated outputs for some of the rows that were fitted on, if there is time for them.
    private func answers(_ artifact: ModelArtifact, _ table: PreparedTable, of choice: FinalChoice) -> [Double] {
        let predict = choice.members.reduce(0) { $0 + $1.record.predictSecondsPer1000 }
        let seconds = predict + folds.pipelineSeconds(rows: 1_000) - folds.pipelineSeconds(rows: 0)
        let affordable = Int(min(1e6, clock.remaining * 0.1 / max(1e-6, seconds) * 1000))
        let count = min(table.rows, Self.mostAnswers, affordable)
        let rows = (0..<count).map { Int32($0 * table.rows / count) }
        return Predictor(artifact).outputs(table.selecting(rows))
    }

    private func testVectors(_ artifact: ModelArtifact) -> TestVectors {
        let predictor = Predictor(artifact)
        guard let table = try? predictor.table(from: search.testRows) else { return TestVectors(rows: [], outputs: []) }
        return TestVectors(rows: search.testRows, outputs: predictor.outputs(table))
    }
}

extension [Double] {
    var mean: Double { isEmpty ? 0 : reduce(0, +) / Double(count) }

    var deviation: Double {
        guard count > 1 else { return 0 }
        let mean = mean
        return (reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)).squareRoot()
    }
}
