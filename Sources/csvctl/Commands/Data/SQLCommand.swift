import ArgumentParser
import Shared

struct SQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql", abstract: "Run a read-only SQL query over the datasets.",
        discussion: "Datasets are tables by their names. Without a statement, it is read from standard input.")

    @Argument(help: "The statement, or - for standard input.") var statement: String?
    @Option(
        name: .customLong("param"), parsing: .unconditionalSingleValue,
        help: "The value of the next ? in the statement. Can be given several times.")
    var params: [ScalarArgument] = []
    @Option(help: "At most so many rows.") var limit: Int?
    @Option(help: "Give up after this time, such as 5s.") var timeout: DurationArgument?
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let session = global.session()
        let body = SQLRequest(
            sql: try text(session), params: params.isEmpty ? nil : params.map(\.value),
            timeoutSeconds: timeout?.seconds, limit: limit)
        let request = try ControlRequest.send(.post, ControlPath.api("sql"), body).withoutTimeout()
        try session.show(request, as: SQLReply.self) { reply in
            let rows = "\(Quantities.count(reply.rows.count)) row" + (reply.rows.count == 1 ? "" : "s")
            let note = "\(rows) in \(Quantities.duration(seconds: reply.elapsedMs / 1000))"
            Terminal.writeError(note + (reply.truncated ? ", there are more; see --limit" : "") + "\n")
            return DatasetText.rows(
                columns: reply.columns, rows: reply.rows, width: session.terminal.width,
                style: session.terminal.style)
        }
    }

    private func text(_ session: Session) throws -> String {
        if let statement, statement != "-" { return statement }
        if session.terminal.inputIsTerminal { Terminal.writeError("statement, then Ctrl-D:\n") }
        return String(decoding: try ByteSource(path: "-").readAll(), as: UTF8.self)
    }
}
