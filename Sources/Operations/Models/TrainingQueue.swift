import Foundation
import Learning
import Logging
import Shared
import Storage
import Telemetry

/// Trainings that wait and run. Every finished trial is committed, so that a training goes on where a stop or a kill cut it off.
final class TrainingQueue: Sendable {
    struct Counts: Sendable {
        var running: Int
        var queued: Int
    }

    private struct Waiting: Sendable {
        let id: String
        /// What its request took of its budget.
        var spent: Duration = .zero
    }

    private struct State: Sendable {
        var queued: [Waiting] = []
        var running: [String: RunningJob] = [:]
        var workers: Int
        var settings: Settings.Training
        var isPaused = true
    }

    private let catalogue: Catalogue
    private let registry: MetricRegistry
    private let logger: Logger
    private let state: Locked<State>
    private let ended = Signal()

    init(catalogue: Catalogue, registry: MetricRegistry, settings: Settings.Training, logger: Logger) {
        self.catalogue = catalogue
        self.registry = registry
        self.logger = logger
        state = Locked(State(workers: settings.workers, settings: settings))
    }

    var counts: Counts { state.withLock { Counts(running: $0.running.count, queued: $0.queued.count) } }
    var runningIDs: [String] { state.withLock { $0.running.keys.sorted() } }

    /// Takes up what was queued or running when the last process ended.
    func start() {
        let waiting = (try? catalogue.requeueJobs()) ?? []
        state.withLock { state in
            state.queued = waiting.map { Waiting(id: $0.id) }
            state.isPaused = false
        }
        startWaiting()
    }

    func reload(_ settings: Settings.Training) {
        state.withLock { state in
            state.workers = settings.workers
            state.settings = settings
        }
        startWaiting()
    }

    /// - Parameter spent: what the request took of the budget; waiting in the queue is free.
    func add(_ id: String, spent: Duration = .zero) {
        state.withLock { $0.queued.append(Waiting(id: id, spent: spent)) }
        startWaiting()
    }

    /// Stops running trainings at their last finished trial; they stay queued in the catalogue.
    func pause() {
        let running = state.withLock { state in
            state.isPaused = true
            return Array(state.running.values)
        }
        for job in running { job.stop(.paused) }
    }

    /// Pauses and waits until all have stopped.
    func stop() {
        pause()
        while true {
            let seen = ended.count
            if state.withLock({ $0.running.isEmpty }) { return }
            ended.wait(after: seen)
        }
    }

    /// The live figures of a running job; nil for one that is not running.
    func progress(of id: String) -> JobProgress? { state.withLock { $0.running[id] }?.progress }

    /// - Throws: `job.not_running` for a job that has ended.
    func cancel(_ id: String) throws -> JobRecord {
        let (running, wasQueued) = state.withLock { state in
            let wasQueued = state.queued.contains { $0.id == id }
            state.queued.removeAll { $0.id == id }
            return (state.running[id], wasQueued)
        }
        if let running {
            running.stop(.cancelled)
            running.waitForEnd()
            return try catalogue.job(id)
        }
        let job = try catalogue.job(id)
        guard wasQueued || job.state == .queued else {
            throw Problem(
                .jobNotRunning, "The job \(id) has ended already (\(job.state.rawValue)).",
                remedy: "Nothing needs to be done.")
        }
        let cancelled = try catalogue.updateJob(id) { job in
            job.state = .cancelled
            job.finishedAt = Date()
        }
        updateGauges()
        return cancelled
    }

    private func startWaiting() {
        while true {
            let next = state.withLock { state -> RunningJob? in
                guard !state.isPaused, state.running.count < state.workers, !state.queued.isEmpty else { return nil }
                let waiting = state.queued.removeFirst()
                let job = RunningJob(
                    id: waiting.id, spent: waiting.spent, catalogue: catalogue, registry: registry,
                    settings: state.settings, logger: logger)
                state.running[job.id] = job
                return job
            }
            updateGauges()
            guard let next else { return }
            let thread = Thread { [self] in
                next.run()
                state.withLock { $0.running[next.id] = nil }
                next.markEnded()
                ended.raise()
                startWaiting()
            }
            thread.name = "training"
            // Trees recurse only as deep as they grow; parsing and JSON take some.
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// Jobs by state: those that wait and run as they are here, those that have ended as they are stored.
    func updateGauges() {
        let counts = counts
        registry.set(.trainingJobs, JobState.running.rawValue, to: Double(counts.running))
        registry.set(.trainingJobs, JobState.queued.rawValue, to: Double(counts.queued))
        guard let stored = try? catalogue.jobCounts() else { return }
        for state in JobState.allCases where state.isFinal {
            registry.set(.trainingJobs, state.rawValue, to: Double(stored[state] ?? 0))
        }
    }
}
