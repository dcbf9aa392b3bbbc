import ArgumentParser
import Shared

struct SQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql", abstract: "Run a read-only SQL query over the datasets.",
        discussion: """
            Datasets are tables by their names. Without a statement, it is read from standard input. With --format or -o the answer \
            is written as it is computed, whatever its length.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case csv, ndjson }

    @Argument(help: "The statement, or - for standard input.") var statement: String?
    @Option(
        name: .customLong("param"), parsing: .unconditionalSingleValue,
        help: "The value of the next ? in the statement. Can be given several times.")
    var params: [ScalarArgument] = []
    @Option(help: "At most so many rows.") var limit: Int?
    @Option(help: "Give up after this time, such as 5s.") var timeout: DurationArgument?
    @Option(name: [.customShort("o"), .customLong("file")], help: "Write to this file.", completion: .file())
    var file: String?
    @Option(help: "Write rows of any number in this format; otherwise by the extension of the file.") var format:
        Format?
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let session = global.session()
        if let format = format ?? file.map({ Self.format(of: $0) }) { return try download(format, session) }
        let body = SQLRequest(
            sql: try text(session), params: params.isEmpty ? nil : params.map(\.value),
            timeoutSeconds: timeout?.seconds, limit: limit)
        try session.show(try Self.request(body), as: SQLReply.self) { reply in
            let rows = "\(Quantities.count(reply.rows.count)) row" + (reply.rows.count == 1 ? "" : "s")
            let note = "\(rows) in \(Quantities.duration(seconds: reply.elapsedMs / 1000))"
            Terminal.writeError(note + (reply.truncated ? ", there are more; see --limit" : "") + "\n")
            return DatasetText.rows(
                columns: reply.columns, rows: reply.rows, width: session.terminal.width,
                style: session.terminal.style)
        }
    }

    private static func request(_ body: SQLRequest) throws -> ControlRequest {
        try ControlRequest.send(.post, ControlPath.api("sql"), body).withoutTimeout()
    }

    private static func format(of file: String) -> Format {
        ["ndjson", "jsonl"].contains(file.split(separator: ".").last?.lowercased() ?? "") ? .ndjson : .csv
    }

    /// Writes the answer as it comes. An NDJSON answer that breaks off says so in its last line.
    private func download(_ format: Format, _ session: Session) throws {
        let body = SQLRequest(
            sql: try text(session), params: params.isEmpty ? nil : params.map(\.value),
            timeoutSeconds: timeout?.seconds, limit: limit, format: format.rawValue)
        let end = StreamEnd()
        var download = Download(session: session, request: try Self.request(body))
        if format == .ndjson { download.onBytes = { end.pass($0) } }
        try download.run(to: file)
        if let problem = end.problem { throw CsvctlError.refused(problem) }
        if end.isTruncated { Terminal.writeError("csvctl: there are more rows; see --limit\n") }
    }

    private func text(_ session: Session) throws -> String {
        if let statement, statement != "-" { return statement }
        if session.terminal.inputIsTerminal { Terminal.writeError("statement, then Ctrl-D:\n") }
        return String(decoding: try ByteSource(path: "-").readAll(), as: UTF8.self)
    }
}
