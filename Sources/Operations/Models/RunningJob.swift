import Foundation
import Learning
import Logging
import Shared
import Storage
import Telemetry

/// Live figures of a running training.
struct JobProgress: Sendable {
    var fraction = 0.0
    var trials = 0
    var best: JobReply.Best?
    var step: String?
    var elapsedSeconds = 0.0
    var remainingSeconds = 0.0
}

/// One training from its request to its stored model.
final class RunningJob: Sendable {
    enum Stop: Sendable { case paused, cancelled }

    let id: String
    private let spent: Duration
    private let catalogue: Catalogue
    private let registry: MetricRegistry
    private let settings: Settings.Training
    private let logger: Logger
    private let stopping = Locked<Stop?>(nil)
    private let live = Locked(JobProgress())
    private let end = Signal()

    /// - Parameter spent: what the request took of the budget before this.
    init(
        id: String, spent: Duration, catalogue: Catalogue, registry: MetricRegistry, settings: Settings.Training,
        logger: Logger
    ) {
        self.id = id
        self.spent = spent
        self.catalogue = catalogue
        self.registry = registry
        self.settings = settings
        self.logger = logger
    }

    var progress: JobProgress { live.current }

    func stop(_ reason: Stop) { stopping.withLock { $0 = $0 ?? reason } }
    func markEnded() { end.raise() }
    func waitForEnd() { end.wait(after: 0) }

    func run() {
        let started = Date()
        do {
            let job = try catalogue.updateJob(id) { job in
                job.state = .running
                job.startedAt = job.startedAt ?? started
            }
            logger.notice(
                "Training \(id) started", metadata: ["message_id": "\(LogMessage.trainingStarted.id)", "job": "\(id)"])
            let request = try WireJSON.decode(TrainRequest.self, from: Data(job.request.utf8))
            let model = try train(request, job)
            let elapsed = job.elapsedSeconds + Date().timeIntervalSince(started)
            let live = live.current
            _ = try catalogue.updateJob(id) { job in
                job.state = .done
                job.progress = 1
                job.step = nil
                job.model = model.id
                job.best = live.best
                job.trials = live.trials
                job.elapsedSeconds = elapsed
                job.finishedAt = Date()
            }
            registry.observe(.trainingDuration, value: elapsed)
            logger.notice(
                "Training \(id) finished: model \(model.reply.name), \(model.reply.metric) \(model.reply.score.map { "\($0)" } ?? "not defined")",
                metadata: ["message_id": "\(LogMessage.trainingFinished.id)", "job": "\(id)", "model": "\(model.id)"])
        } catch {
            settle(error, started: started)
        }
        FreedMemory.giveBack()
    }

    /// A stopped or failed training: paused ones wait for the next start, cancelled and failed ones have ended.
    private func settle(_ error: any Error, started: Date) {
        let live = live.current
        let stop = stopping.current
        let problem = ErrorTranslation.problem(for: error)
        _ = try? catalogue.updateJob(id) { job in
            job.elapsedSeconds += Date().timeIntervalSince(started)
            job.trials = max(job.trials, live.trials)
            job.best = live.best ?? job.best
            job.step = nil
            switch stop {
            case .paused: job.state = .queued
            case .cancelled:
                job.state = .cancelled
                job.finishedAt = Date()
            case nil:
                job.state = .failed
                job.error = problem
                job.finishedAt = Date()
            }
        }
        guard stop == nil else { return }
        if let type = ErrorCode(rawValue: problem.code).flatMap(ErrorTranslation.countedType) {
            registry.increment(.appErrors, type)
        } else {
            registry.increment(.appErrors, "training_failure")
        }
        logger.error(
            "Training \(id) failed: \(problem.detail)",
            metadata: ["message_id": "\(LogMessage.trainingFailed.id)", "job": "\(id)", "code": "\(problem.code)"])
    }

    private func train(_ request: TrainRequest, _ job: JobRecord) throws -> ModelRecord {
        let start = ContinuousClock.now - spent
        let stored = try catalogue.table(request.dataset)
        let (dataset, version) = (stored.dataset, stored.version)
        let search = try search(stored, request, job, start: start)
        // The table as it was read is not needed any more, and larger than what was made of it.
        FreedMemory.giveBack()
        let resume = try catalogue.trials(of: id).map {
            try WireJSON.decode(Learning.TrialRecord.self, from: Data($0.record.utf8))
        }
        var artifact = try search.run(
            resume: resume,
            onTrial: { trial in
                let record = String(decoding: try WireJSON.encode(trial), as: UTF8.self)
                try catalogue.putTrial(Storage.TrialRecord(number: trial.number, record: record), of: id)
            },
            onProgress: { note($0, already: job.elapsedSeconds, budget: job.budgetSeconds, start: start) },
            isCancelled: { [stopping] in stopping.current != nil })
        artifact.summary.datasetVersion = version.version
        let model = try store(artifact, request, dataset, version, seconds: (ContinuousClock.now - start) / .seconds(1))
        return model
    }

    private func search(
        _ stored: StoredTable, _ request: TrainRequest, _ job: JobRecord, start: ContinuousClock.Instant
    ) throws -> AutoMLSearch {
        let table = try stored.dataTable()
        var options = TrainingOptions(request, threads: settings.threads, memoryBytes: settings.memoryBytes)
        // What earlier runs of this job used up is gone.
        options.budgetSeconds = max(1, job.budgetSeconds - job.elapsedSeconds)
        let plan = try TrainingPlan(table: table, options: options)
        // Looking at the columns leaves pieces.
        FreedMemory.giveBack()
        return try AutoMLSearch(plan: plan, table: table, start: start)
    }

    private func note(_ progress: SearchProgress, already: Double, budget: Double, start: ContinuousClock.Instant) {
        let elapsed = already + (ContinuousClock.now - start) / .seconds(1)
        live.withLock { live in
            live.fraction = min(1, elapsed / budget)
            live.trials = progress.trials
            live.best = progress.bestLearner.map { learner in
                JobReply.Best(learner: learner, score: progress.bestScore.flatMap { $0.isFinite ? $0 : nil })
            }
            live.step = progress.step
            live.elapsedSeconds = elapsed
            live.remainingSeconds = max(0, budget - elapsed)
        }
    }

    private func store(
        _ artifact: ModelArtifact, _ request: TrainRequest, _ dataset: DatasetRecord, _ version: VersionRecord,
        seconds: Double
    ) throws -> ModelRecord {
        let bytes = try artifact.encode()
        let summary = artifact.summary
        let reply = ModelReply(
            id: "", name: request.name ?? "\(dataset.name)_\(summary.target)", version: 0, dataset: dataset.name,
            datasetVersion: version.version, target: summary.target, task: summary.task,
            metric: summary.metric.rawValue,
            score: summary.score, learner: summary.learner, classes: summary.classes,
            features: artifact.pipeline.features.map(\.name), createdAt: Date(), trainingSeconds: seconds,
            bytes: bytes.count)
        let model = try catalogue.storeModel(reply, artifact: bytes)
        try ModelScores(catalogue: catalogue, registry: registry).publish(model.reply.name)
        return model
    }
}
