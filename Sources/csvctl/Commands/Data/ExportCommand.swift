import ArgumentParser
import Shared

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a dataset to a file or to standard output.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case csv, json, ndjson, xlsx, sqlite

        /// What a program cannot read from a terminal, nor a person.
        var isBinary: Bool { self == .xlsx || self == .sqlite }
    }

    @OptionGroup var dataset: DatasetArgument
    @Option(name: [.customShort("o"), .customLong("file")], help: "Write to this file instead.", completion: .file())
    var file: String?
    @Option(help: "The format; otherwise by the extension of the file, else csv.") var format: Format?
    @Flag(help: "Leave text alone that a spreadsheet would take for a formula.") var raw = false
    @Option(help: "Columns, separated by commas.") var columns: String?
    @Option(name: .customLong("where"), help: "An SQL expression over the columns.") var filter: String?
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let session = global.session()
        let format = format ?? Self.format(of: file)
        if format.isBinary, file == nil, session.terminal.outputIsTerminal {
            throw CsvctlError.usage(
                "\(format.rawValue) is not for a terminal", remedy: "name a file with -o or redirect the output")
        }
        var query = [(name: "format", value: format.rawValue)]
        if raw { query.append(("raw", "true")) }
        if let columns { query.append(("columns", columns)) }
        if let filter { query.append(("where", filter)) }
        let request = dataset.get("export", query: query).withoutTimeout()
        try Download(session: session, request: request).run(to: file)
    }

    static func format(of file: String?) -> Format {
        let ending = file?.split(separator: ".").last?.lowercased() ?? ""
        return ["db": .sqlite, "jsonl": .ndjson][ending] ?? Format(rawValue: ending) ?? .csv
    }
}
