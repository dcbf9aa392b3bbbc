import Logging
import Operations
import ServiceLifecycle
import UnixSignals

/// Reloads the settings on SIGHUP.
struct ReloadService: Service {
    let reloader: Reloader

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            _ = try? await reloader.reload()
        }
    }
}

/// Puts a changed configuration in force, or refuses it and keeps the old one. One at a time.
actor Reloader {
    private let loader: SettingsLoader
    private let environment: [String: String]
    private let workspace: Workspace
    private let logLevel: LogLevel
    private let notifier: ServiceNotifier
    private let logger: Logger

    init(
        loader: SettingsLoader, environment: [String: String], workspace: Workspace, logLevel: LogLevel,
        notifier: ServiceNotifier, logger: Logger
    ) {
        self.loader = loader
        self.environment = environment
        self.workspace = workspace
        self.logLevel = logLevel
        self.notifier = notifier
        self.logger = logger
    }

    /// - Throws: `SettingsError` or what the rules are refused with; the old configuration is then still in force.
    func reload() throws -> ReloadOutcome {
        notifier.reloading()
        do {
            let settings = try loader.load()
            let paths = RuntimePaths(settings: settings, environment: environment)
            let outcome = try workspace.reload(settings, webhookURLFile: paths.webhookURLFile)
            logLevel.current = Logger.Level(rawValue: settings.log.level) ?? .info
            notifier.ready(status: "Ready, configuration \(outcome.configHash.prefix(12))")
            logger.notice(
                "The configuration was reloaded",
                metadata: ["message_id": "\(LogMessage.reloaded.id)", "config_hash": "\(outcome.configHash)"])
            return outcome
        } catch {
            let problem = ErrorTranslation.problem(for: error)
            notifier.ready(status: "Reload refused, the old configuration is in force: \(problem.detail)")
            logger.error(
                "The configuration was refused, the old one is in force: \(problem.detail)",
                metadata: ["message_id": "\(LogMessage.reloadRefused.id)", "code": "\(problem.code)"])
            throw error
        }
    }
}
