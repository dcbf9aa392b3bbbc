import ArgumentParser
import Foundation
import Shared

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Read a CSV into a dataset.",
        discussion: """
            Encoding, delimiter, header and types are found out unless they are given. The file goes over the socket as it is read, \
            so its length does not matter. A file that ends in .gz is sent as it is and unpacked by the daemon.
            """)

    @Argument(help: "A file, or - for standard input.", completion: .file(extensions: ["csv", "tsv", "txt", "gz"]))
    var file: String

    @Option(help: "The name of the dataset; the file's name without extension otherwise.") var name: String?
    @Flag(name: .customLong("no-profile"), help: "Store the table and leave its profile to whoever asks for it first.")
    var leavesProfile = false
    @OptionGroup(title: "Dialect") var dialect: DialectOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if file == "-", name == nil { throw ValidationError("standard input has no name: give --name") }
    }

    func run() throws {
        let session = global.session()
        let source = try ByteSource(path: file)
        var request = ControlRequest.post(ControlPath.api("datasets")).withoutTimeout()
        request.query =
            [("name", name ?? Self.name(of: file))] + dialect.query + (leavesProfile ? [("profile", "false")] : [])
        request.body = .stream(source, contentType: "text/csv")
        if file.lowercased().hasSuffix(".gz") { request.headers.append(("Content-Encoding", "gzip")) }
        let line = session.terminal.errorIsTerminal ? UploadLine(total: source.length) : nil
        let answer: Data
        do {
            answer = try session.connection.answer(to: request) { line?.show($0) }
        } catch {
            line?.finish()
            throw error
        }
        line?.finish()
        if session.output == .json { return session.printJSON(answer) }
        let dataset = try session.decode(DatasetReply.self, from: answer, about: request)
        session.printText(
            DatasetText.detail(dataset, now: Date(), width: session.terminal.width, style: session.terminal.style))
    }

    /// `data/Titanic.csv.gz` -> `Titanic`
    static func name(of path: String) -> String {
        var name = path.split(separator: "/").last.map(String.init) ?? path
        for suffix in [".gz", ".csv", ".tsv", ".txt"] where name.lowercased().hasSuffix(suffix) {
            if name.count > suffix.count { name.removeLast(suffix.count) }
        }
        return name
    }
}

/// How the text is to be read, where the daemon should not find out for itself.
struct DialectOptions: ParsableArguments {
    enum Header: String, ExpressibleByArgument, CaseIterable {
        case auto
        case yes = "true"
        case no = "false"
    }

    enum IfExists: String, ExpressibleByArgument, CaseIterable { case error, replace, append, version }

    @Option(help: "One character between cells; 'tab' for a tabulator.") var delimiter: String?
    @Option(help: "The quote character; 'none' for a file without quotes.") var quote: String?
    @Option(help: "The character that escapes a quote, where quotes are not doubled.") var escape: String?
    @Flag(
        name: .customLong("double-quote"), inversion: .prefixedNo,
        help: "Whether a quote inside quotes is doubled; --no-double-quote where it ends them.")
    var doubleQuote: Bool?
    @Flag(help: "Leave out spaces at the start of cells.") var skipInitialSpace = false
    @Flag(help: "Leave out white space around cells.") var trim = false
    @Option(help: "Lines that begin with this are comments.") var comment: String?
    @Option(help: "Such as utf-8, utf-16le, windows-1252.") var encoding: String?
    @Option(help: "Whether the first row holds the names of the columns.") var header: Header?
    @Option(help: "Lines before the header that are no data.") var skipRows: Int?
    @Option(help: "The decimal sign: . or ,") var decimal: String?
    @Option(
        name: .customLong("null-value"), parsing: .unconditionalSingleValue,
        help: "A text that stands for no value. Can be given several times.")
    var nullValues: [String] = []
    @Option(
        name: .customLong("type"),
        help: ArgumentHelp("The type of a column. Can be given several times.", valueName: "column:type"))
    var types: [String] = []
    @Flag(help: "Refuse the file when any row cannot be read, rather than keep such rows aside.") var strict = false
    @Option(help: "What to do when a dataset has this name already.") var ifExists: IfExists?

    var query: [(name: String, value: String)] {
        let options: [(name: String, value: String?)] = [
            ("delimiter", delimiter == "tab" ? "\t" : delimiter), ("quote", quote == "none" ? "" : quote),
            ("escape", escape), ("double_quote", doubleQuote.map(String.init)),
            ("skip_initial_space", skipInitialSpace ? "true" : nil), ("trim", trim ? "true" : nil),
            ("comment", comment), ("encoding", encoding), ("header", header?.rawValue),
            ("skip_rows", skipRows.map(String.init)), ("decimal", decimal),
            ("null_values", nullValues.isEmpty ? nil : nullValues.joined(separator: ",")),
            ("types", types.isEmpty ? nil : types.joined(separator: ",")), ("strict", strict ? "true" : nil),
            ("if_exists", ifExists?.rawValue),
        ]
        return options.compactMap { option in option.value.map { (option.name, $0) } }
    }
}
