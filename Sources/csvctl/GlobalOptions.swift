import ArgumentParser
import Foundation

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}

/// Options of every command, before or after its name.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The control socket of csvand.",
            discussion: "Default: $CSVAND_SOCKET, else $RUNTIME_DIRECTORY/csvand.sock, else /run/csvand/csvand.sock.",
            valueName: "path"),
        completion: .file())
    var socket: String?

    @Option(help: "How to print: a table for people, or the daemon's JSON answer.")
    var output: OutputFormat = .table

    /// What a command works with.
    func session() -> Session {
        let path = socket ?? ControlSocket.defaultPath(environment: ProcessInfo.processInfo.environment)
        return Session(connection: ControlConnection(socketPath: path), output: output, terminal: .current())
    }
}
