import Foundation
import Logging
import Shared
import Storage

/// Everything the daemon does, whatever asked for it: REST, the control socket or a page. Each aspect is an extension of its own.
///
/// Methods block (they wait for disks and kernels) unless they are async; callers on an event loop go through `Offload`.
package final class Workspace: Sendable {
    package let catalogue: Catalogue
    package let supervision: Supervision
    package let access: Access
    let training: TrainingQueue
    let models: ModelShelf
    let drift: DriftWatch
    let studies = AssociationShelf()
    let sandbox: SQLSandbox
    let logger: Logger
    let configuration: Locked<Configuration>
    let startedAt = Date()
    private let isDraining = Locked(false)

    /// The configuration in force.
    struct Configuration: Sendable {
        var settings: Settings
        var file: String?
        var hash: String
        var lastReloadAt: Date?
        var listen: String
    }

    package var settings: Settings { configuration.withLock { $0.settings } }

    /// Opens the state and the rules; nothing runs yet.
    ///
    /// - Throws: `StorageError` for a directory that is locked, damaged or not writable; `RuleError` for rules that are not valid.
    package init(
        settings: Settings, stateDirectory: String, webhookURLFile: String?, configurationFile: String?, logger: Logger
    ) throws {
        let rules = try RuleSource.load(settings.alerting.rules, job: settings.metrics.job)
        catalogue = try Catalogue(directory: stateDirectory, cacheBytes: settings.sql.cacheBytes)
        self.logger = logger
        let hash = Self.hash(of: settings, rules: rules)
        configuration = Locked(
            Configuration(
                settings: settings, file: configurationFile, hash: hash, lastReloadAt: nil, listen: settings.http.listen
            ))
        access = try Access(catalogue: catalogue)
        models = ModelShelf(catalogue: catalogue)
        drift = DriftWatch(catalogue: catalogue, logger: logger)
        sandbox = SQLSandbox(catalogue: catalogue)
        supervision = try Supervision(
            catalogue: catalogue, settings: settings, rules: rules, webhookURLFile: webhookURLFile, configHash: hash,
            logger: logger)
        let registry = supervision.registry
        PredictFunctions(catalogue: catalogue, models: models, drift: drift) {
            registry.increment(.predictions, $0, by: 1)
        }
        .register(in: sandbox)
        training = TrainingQueue(
            catalogue: catalogue, registry: supervision.registry, settings: settings.training, logger: logger)
    }

    /// Restores counters and samples and takes the first sample, so that the first error after a start is an increase.
    package func prepare(listen: String) throws {
        configuration.withLock { $0.listen = listen }
        try supervision.prepare(listen: listen)
        try models.verifyAll(logger: logger, registry: supervision.registry) { drift.restore($0, $1) }
        refreshGauges()
        supervision.takeFirstSample()
    }

    /// Starts the threads: supervision, notifications, training. Trainings that a stop cut off go on.
    package func start() {
        supervision.beforeSampling { [weak self] in self?.refreshGauges() }
        supervision.runningJobs { [weak self] in self?.training.runningIDs ?? [] }
        supervision.start()
        training.start()
    }

    /// Takes no new work from now on; running trainings pause at their last finished trial.
    package func drain() {
        isDraining.withLock { $0 = true }
        training.pause()
    }

    /// Ends the threads, stores the last counters and closes the state.
    package func close() {
        training.stop()
        supervision.stop()
        drift.store()
        catalogue.close()
    }

    /// - Throws: `daemon.draining` once the daemon stops taking work.
    func admitWork() throws(Problem) {
        if isDraining.current {
            throw Problem(
                .draining, "csvand is stopping and takes no new work.", remedy: "Try again when it has started again.")
        }
    }

    var isDrainingNow: Bool { isDraining.current }
}
