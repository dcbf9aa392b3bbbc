import Foundation
import Hummingbird
import Logging
import Operations
import ServiceLifecycle
import Shared

/// The life of the daemon: settings, state, sockets, services, end.
@main struct Daemon {
    static func main() async {
        Allocator.returnFreedMemory()
        let options: CommandLineOptions
        do throws(UsageError) {
            options = try CommandLineOptions(CommandLine.arguments.dropFirst())
        } catch {
            fail("csvand: \(error.text)\n\n\(CommandLineOptions.usage)", status: 64)
        }
        switch options.action {
        case .version: print("csvand \(Build.version)")
        case .help: print(CommandLineOptions.usage)
        case .checkConfiguration: check(options)
        case .run: await run(options)
        }
    }

    private static func loader(_ options: CommandLineOptions, _ environment: [String: String]) -> SettingsLoader {
        let standard = "/etc/csvand/csvand.yaml"
        let file =
            options.configuration ?? environment["CSVAND_CONFIG"]
            ?? (FileManager.default.fileExists(atPath: standard) ? standard : nil)
        return SettingsLoader(
            file: file, environment: environment, flags: options.overrides.map { ($0.key, $0.flag, $0.value) })
    }

    private static func check(_ options: CommandLineOptions) {
        do {
            let settings = try loader(options, ProcessInfo.processInfo.environment).load()
            let rules = try RuleSource.load(settings.alerting.rules, job: settings.metrics.job)
            print("The settings are valid; \(rules.ruleCount) rules.")
        } catch {
            refuse(error)
        }
    }

    private static func run(_ options: CommandLineOptions) async {
        let environment = ProcessInfo.processInfo.environment
        do {
            let loader = loader(options, environment)
            let settings = try loader.load()
            let level = LogLevel(Logger.Level(rawValue: settings.log.level) ?? .info)
            LoggingSystem.bootstrap { _ in JournalLogHandler(level: level) }
            try await serve(settings, loader: loader, level: level, environment: environment)
        } catch {
            refuse(error)
        }
    }

    private static func serve(
        _ settings: Settings, loader: SettingsLoader, level: LogLevel, environment: [String: String]
    ) async throws {
        // A client that goes away must not end the daemon.
        signal(SIGPIPE, SIG_IGN)
        let logger = Logger(label: "csvand")
        let notifier = ServiceNotifier()
        let paths = RuntimePaths(settings: settings, environment: environment)
        let inherited = ListeningSocket.inherited()
        let workspace = try Workspace(
            settings: settings, stateDirectory: paths.stateDirectory, webhookURLFile: paths.webhookURLFile,
            configurationFile: loader.file, logger: logger)
        let http = try socket(.tcp, inherited) { () throws(SocketError) in
            guard let address = ListenAddress(settings.http.listen) else {
                throw SocketError(name: settings.http.listen, reason: "it is no HOST:PORT")
            }
            return try ListeningSocket.tcp(address)
        }
        try workspace.checkExposure(of: http.name)
        let control = try socket(.control, inherited) { () throws(SocketError) in
            try ListeningSocket.control(path: paths.controlSocket)
        }
        defer { control.removeFile() }
        if JournalLogHandler.standardErrorIsJournal {
            workspace.supervision.readJournal { JournalReader.excerpt(from: $0, to: $1) }
        }
        try workspace.prepare(listen: http.name)

        let reloader = Reloader(
            loader: loader, environment: environment, workspace: workspace, logLevel: level, notifier: notifier,
            logger: logger)
        let routes = Routes(workspace: workspace, reloader: reloader, logLevel: level)
        let listening = Listening(expected: 2) {
            notifier.ready(status: "Ready on \(http.name)")
            logger.notice(
                "csvand \(Build.version) is ready on \(http.name), control socket \(control.name)",
                metadata: ["message_id": "\(LogMessage.started.id)", "state_directory": "\(paths.stateDirectory)"])
        }
        func server(_ socket: ListeningSocket, admin: Bool) -> SocketServer<some HTTPResponder<CallContext>> {
            SocketServer(
                socket: socket, responder: routes.responder(admin: admin), maxConnections: settings.http.maxConnections,
                timeouts: ConnectionTimeouts(settings.http), logger: logger,
                onListening: { await listening.report() })
        }
        let services: [any Service] = [
            WorkspaceService(workspace: workspace), ReloadService(reloader: reloader),
            WatchdogService(notifier: notifier, workspace: workspace, logger: logger),
            server(http, admin: false), server(control, admin: true),
        ]
        var configuration = ServiceGroupConfiguration(
            services: services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) }, logger: logger)
        configuration.gracefulShutdownSignals = [.sigterm, .sigint]
        // Connections that do not end by themselves are cut, so that a stop takes seconds.
        configuration.maximumGracefulShutdownDuration = .seconds(4)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError {
            logger.notice("Some connections were cut to stop in time")
        }
        notifier.stopping(status: "Stopping")
        workspace.close()
        logger.notice("csvand has stopped", metadata: ["message_id": "\(LogMessage.stopping.id)"])
    }

    private static func socket(
        _ kind: ListeningSocket.Kind, _ inherited: [String: Int32], bind: () throws(SocketError) -> ListeningSocket
    ) throws -> ListeningSocket {
        let name = kind == .tcp ? "http" : "control"
        if let descriptor = inherited[name] { return .inherited(descriptor, kind: kind) }
        do throws(SocketError) {
            return try bind()
        } catch {
            throw Problem(
                .cannotListen, "Cannot listen on \(error.name): \(error.reason).",
                remedy: kind == .tcp
                    ? "Choose another address with http.listen or --listen." : "Choose another path with --socket.")
        }
    }

    /// What a new start cannot mend gets a status of its own, by which the unit knows not to try again: `EX_CONFIG` of sysexits.h.
    static let configurationRefused: Int32 = 78

    private static func refuse(_ error: any Error) -> Never {
        let problem = ErrorTranslation.problem(for: error)
        let isConfiguration = [ErrorCode.settingsInvalid, .ruleInvalid].contains { $0.rawValue == problem.code }
        fail(
            "csvand: \(problem.detail)\n  remedy: \(problem.remedy)", status: isConfiguration ? configurationRefused : 1
        )
    }

    private static func fail(_ text: String, status: Int32) -> Never {
        FileHandle.standardError.write(Data((text + "\n").utf8))
        exit(status)
    }
}

/// Runs its action once all sockets are served.
private actor Listening {
    private var missing: Int
    private let action: @Sendable () -> Void

    init(expected: Int, action: @escaping @Sendable () -> Void) {
        missing = expected
        self.action = action
    }

    func report() {
        missing -= 1
        if missing == 0 { action() }
    }
}
