import ArgumentParser
import Shared

struct LogLevelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log-level", abstract: "Choose what the daemon logs, until it is restarted.")

    enum Level: String, ExpressibleByArgument, CaseIterable {
        case trace, debug, info, notice, warning, error, critical
    }

    @Argument(help: "The least severe level that is logged.") var level: Level
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let request = try ControlRequest.send(
            .put, ControlPath.admin("log-level"), LogLevelReply(level: level.rawValue))
        try global.session().show(request, as: LogLevelReply.self) { PrintableText.line("log level \($0.level)") }
    }
}
