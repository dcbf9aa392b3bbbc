import Alerting
import Foundation
import Logging
import Shared
import Storage
import Telemetry

/// Watches the daemon: counts, samples, evaluates rules, keeps incidents, has people told.
///
/// Two threads of its own: one goes round (sampling, rules, incidents, storing counters), one sends what the outbox holds. An error
/// wakes the first at once, so that nobody waits for an interval to pass.
package final class Supervision: Sendable {
    /// What the cycle works on; changed only while the lock is held.
    struct State: Sendable {
        var settings: Settings
        var rules: RuleSource
        var evaluator: RuleEvaluator
        var pipeline: AlertPipeline
        var configHash: String
        var lastReloadAt: Date?
        var lastSample: Date?
        var lastEvaluation: Date?
        /// The same moment by a clock that nobody sets.
        var lastEvaluationInstant: ContinuousClock.Instant?
        var lastSampleStore: Date?
        var isSettledAfterStart = false
        /// The fire drill that is under way, or whose alert still fires.
        var drill: DrillMark?
    }

    /// Samples are stored in blocks: one write a sampling would cost more than a kill can lose.
    private static let sampleStoreSeconds = 30.0

    package let registry = MetricRegistry()
    let catalogue: Catalogue
    let logger: Logger
    let state: Locked<State>
    let recorder = Locked<SampleRecorder?>(nil)
    let recentErrors = Locked(RecentErrors())
    let simulations: Locked<RateLimit>
    /// Whether a test or a replay of rules runs.
    let isRunningRules = Locked(false)
    let attention = Signal()
    let outbox: OutboxSender
    let startedAt = Date()
    private let host: HostReader
    private let heartbeat = Locked(ContinuousClock.now)
    private let hooks = Locked(Hooks())
    private let stopping = Locked(false)
    private let stopped = Signal()

    /// What others add to the cycle.
    private struct Hooks: Sendable {
        var beforeSampling: @Sendable () -> Void = {}
        var runningJobs: @Sendable () -> [String] = { [] }
        var journal: @Sendable (_ from: Date, _ to: Date) -> JournalExcerpt? = { _, _ in nil }
    }

    init(
        catalogue: Catalogue, settings: Settings, rules: RuleSource, webhookURLFile: String?, configHash: String,
        logger: Logger
    ) throws {
        self.catalogue = catalogue
        self.logger = logger
        host = HostReader(stateDirectory: catalogue.directory.path)
        simulations = Locked(RateLimit(perMinute: settings.http.simulateErrorsPerMinute))
        let now = Date()
        let pipeline = AlertPipeline(
            settings: settings.pipeline,
            silences: try catalogue.silences(endingAfter: now, now: now).map { try Silence($0) },
            unresolved: try catalogue.unresolvedIncidents().map {
                Incident($0.incident, acknowledgedUntil: $0.acknowledgedUntil)
            },
            resolved: try catalogue.resolutions(
                since: now.addingTimeInterval(-settings.alerting.repeatIntervalSeconds)),
            nextNumber: try catalogue.lastIncidentNumber() + 1)
        let evaluator = RuleEvaluator(rules.file, states: try catalogue.alertStates().map(\.document))
        state = Locked(
            State(
                settings: settings, rules: rules, evaluator: evaluator, pipeline: pipeline, configHash: configHash,
                drill: DrillMark(stored: try catalogue.setting(DrillMark.key))))
        outbox = OutboxSender(catalogue: catalogue, registry: registry, logger: logger)
        try outbox.configure(settings: settings, webhookURLFile: webhookURLFile)
    }

    // MARK: Life

    /// Restores counters and samples of earlier processes.
    func prepare(listen: String) throws {
        let settings = state.withLock { $0.settings }
        registry.restore(
            try catalogue.counters().map { CounterValue(name: $0.name, labels: $0.labels, value: $0.value) })
        registry.set(.buildInfo, Build.version, Build.swift, Catalogue.sqliteVersion, to: 1)
        let recorder = SampleRecorder(
            registry, job: settings.metrics.job, instance: settings.metrics.instance ?? listen,
            retentionMilliseconds: Int64(settings.metrics.retentionSeconds * 1000))
        let now = Date().milliseconds
        let kept = try catalogue.sampleBlocks(since: now - Int64(settings.metrics.retentionSeconds * 1000))
        for bytes in kept {
            // A block that cannot be read costs its samples, not the start.
            guard let block = try? SampleBlock(bytes: bytes) else { continue }
            recorder.withStore { $0.load(block) }
        }
        self.recorder.withLock { $0 = recorder }
        takeFailures()
    }

    /// Records every counter's first value: what is counted after it is an increase.
    func takeFirstSample() {
        host.update(registry)
        recorder.current?.sample(at: Date().milliseconds)
    }

    func beforeSampling(_ hook: @escaping @Sendable () -> Void) { hooks.withLock { $0.beforeSampling = hook } }
    func runningJobs(_ hook: @escaping @Sendable () -> [String]) { hooks.withLock { $0.runningJobs = hook } }

    /// - Parameter read: gives what the journal holds of this daemon between two times; nil where there is no journal.
    package func readJournal(_ read: @escaping @Sendable (_ from: Date, _ to: Date) -> JournalExcerpt?) {
        hooks.withLock { $0.journal = read }
    }

    var jobsNow: [String] { hooks.current.runningJobs() }
    func journal(from start: Date, to end: Date) -> JournalExcerpt? { hooks.current.journal(start, end) }

    func start() {
        let thread = Thread { [self] in
            goRound()
            stopped.raise()
        }
        thread.name = "supervision"
        thread.start()
        outbox.start()
    }

    /// Ends both threads and stores the last counters.
    func stop() {
        let seen = stopped.count
        let wasRunning = stopping.withLock { stopping in
            defer { stopping = true }
            return !stopping
        }
        attention.raise()
        if wasRunning { _ = stopped.wait(after: seen, timeoutSeconds: 2) }
        outbox.stop()
        storeCounters()
        storeSamples()
    }

    /// Whether the cycle has gone round lately; false tells the watchdog to intervene.
    package var isTurning: Bool { ContinuousClock.now - heartbeat.current < .seconds(10) }

    package var residentBytes: Int { Int(registry.gauge(.processResidentMemory).value) }

    /// The metrics as text.
    ///
    /// - Parameter scraper: who keeps the samples, by its address; nil for somebody who looks once.
    package func exposition(_ format: ExpositionFormat, scraper: String? = nil) -> [UInt8] {
        registry.exposition(format, scraper: scraper)
    }

    // MARK: The cycle

    private func goRound() {
        var seen = attention.count
        while !stopping.current {
            heartbeat.withLock { $0 = .now }
            cycle()
            // Counters are stored twice a second, so that no counted error older than a second can be lost.
            if attention.wait(after: seen, timeoutSeconds: 0.5), !stopping.current {
                // Errors come in bursts: one look for those of a few milliseconds.
                Thread.sleep(forTimeInterval: 0.02)
                seen = attention.count
                look()
            }
        }
    }

    /// Does what is due by the clock.
    private func cycle() {
        let now = Date()
        let (sampleDue, evaluationDue) = state.withLock { state in
            (
                Self.isDue(state.lastSample, every: state.settings.metrics.sampleIntervalSeconds, at: now),
                Self.isDue(state.lastEvaluation, every: state.settings.alerting.evaluationIntervalSeconds, at: now)
            )
        }
        if sampleDue { sample() }
        if evaluationDue { evaluate() } else { tick() }
        storeCounters()
    }

    /// Samples and evaluates at once.
    func look() {
        sample()
        evaluate()
        storeCounters()
    }

    /// A time in the future comes from a clock that was set back: then it is due as well.
    private static func isDue(_ last: Date?, every seconds: Double, at now: Date) -> Bool {
        guard let last else { return true }
        let passed = now.timeIntervalSince(last)
        return passed >= seconds - 0.25 || passed < 0
    }

    private func sample() {
        hooks.current.beforeSampling()
        host.update(registry)
        let now = Date()
        recorder.current?.sample(at: now.milliseconds)
        let storeDue = state.withLock { state in
            state.lastSample = now
            let isDue = Self.isDue(state.lastSampleStore, every: Self.sampleStoreSeconds, at: now)
            if isDue { state.lastSampleStore = now }
            return isDue
        }
        if storeDue { storeSamples() }
    }

    private func storeCounters() {
        let changed = registry.changedCounters()
        guard !changed.isEmpty else { return }
        do {
            try catalogue.putCounters(changed.map { CounterRecord(name: $0.name, labels: $0.labels, value: $0.value) })
            registry.acknowledge(changed)
        } catch {
            logger.error("Counters could not be stored: \(ErrorTranslation.problem(for: error).detail)")
        }
    }
}

extension Date {
    /// Milliseconds since 1970.
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}

extension Settings {
    var pipeline: PipelineSettings {
        PipelineSettings(
            groupWaitSeconds: alerting.groupWaitSeconds, repeatIntervalSeconds: alerting.repeatIntervalSeconds)
    }
}
