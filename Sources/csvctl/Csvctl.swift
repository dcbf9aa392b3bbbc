import ArgumentParser
import Foundation
import Shared

/// The root of all commands.
@main
struct Csvctl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "csvctl",
        abstract: "Control and use a running csvand.",
        discussion: """
            Exit status: 0 done, 1 refused or failed, 64 wrong usage, 69 daemon not reachable, 77 not allowed. \
            Errors go to standard error with what can be done about them.
            """,
        version: ProductVersion.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Daemon",
                subcommands: [
                    StatusCommand.self, ReloadCommand.self, DrainCommand.self, MetricsCommand.self, LogsCommand.self,
                    VersionCommand.self,
                ]),
            CommandGroup(
                name: "Supervision",
                subcommands: [
                    IncidentsCommand.self, ResolveCommand.self, AlertsCommand.self, RulesCommand.self,
                    SilencesCommand.self, SimulateCommand.self, DrillCommand.self, NotifyFailureCommand.self,
                ]),
            CommandGroup(name: "Data", subcommands: [DatasetsCommand.self, SQLCommand.self]),
            CommandGroup(
                name: "Learning",
                subcommands: [TrainCommand.self, JobsCommand.self, ModelsCommand.self, PredictCommand.self]),
            CommandGroup(
                name: "Administration", subcommands: [TokensCommand.self, BackupCommand.self, LogLevelCommand.self]),
        ])

    // Repeated by every command: the parser takes them wherever they stand.
    @OptionGroup var global: GlobalOptions

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as CsvctlError {
            Terminal.writeError(ErrorText.rendered(error))
            Foundation.exit(error.exitStatus)
        } catch {
            exit(for: error)
        }
    }

    /// Ends on an error of the argument parser, among which are help, version and completion scripts.
    private static func exit(for error: any Error) -> Never {
        let status = exitCode(for: error)
        if status == .success { exit(withError: error) }
        let message = fullMessage(for: error)
        let text = message.hasPrefix("Error: ") ? String(message.dropFirst("Error: ".count)) : message
        Terminal.writeError("csvctl: " + text + "\n")
        Foundation.exit(status.rawValue)
    }
}
