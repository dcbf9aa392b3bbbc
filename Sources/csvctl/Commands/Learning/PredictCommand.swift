import ArgumentParser
import Foundation
import Shared

struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Predict with a model.",
        discussion: """
            One row as feature=value arguments, as they would stand in a CSV; feature= is a missing value. Many rows as a CSV, which \
            comes back with the prediction columns appended, or as JSON: an object, a list of objects, or {"rows": [...]}.
            """)

    @Argument(help: "The name or id of the model.") var model: String
    @Argument(help: ArgumentHelp("The features of one row.", valueName: "feature=value")) var values: [CellArgument] =
        []
    @Option(help: "A CSV of rows, or - for standard input.", completion: .file(extensions: ["csv"])) var csv: String?
    @Option(help: "A JSON file of rows, or - for standard input.", completion: .file(extensions: ["json"]))
    var json: String?
    @Option(name: [.customShort("o"), .customLong("file")], help: "Where the CSV goes.", completion: .file())
    var file: String?
    @Flag(help: "Show what each feature adds to the prediction.") var explain = false
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        let sources = (values.isEmpty ? 0 : 1) + (csv == nil ? 0 : 1) + (json == nil ? 0 : 1)
        guard sources == 1 else { throw ValidationError("give feature=value arguments, or --csv, or --json") }
        if csv != nil, explain { throw ValidationError("--explain is for single rows and --json") }
        if csv == nil, file != nil { throw ValidationError("-o is for --csv") }
    }

    func run() throws {
        let session = global.session()
        let path = ControlPath.api("models", model, "predict")
        if let csv {
            var request = ControlRequest.post(path).withoutTimeout()
            request.body = .stream(try ByteSource(path: csv), contentType: "text/csv")
            return try Download(session: session, request: request).run(to: file)
        }
        let body = PredictRequest(rows: try rows(), explain: explain ? true : nil)
        let request = try ControlRequest.send(.post, path, body).withoutTimeout()
        try session.show(request, as: PredictReply.self) {
            PredictionText.rendered($0, width: session.terminal.width, style: session.terminal.style)
        }
    }

    private func rows() throws -> [[String: JSONValue]] {
        if let json { return try Self.rows(in: try ByteSource(path: json).readAll(), of: json) }
        return [Dictionary(values.map { ($0.name, $0.value) }) { _, last in last }]
    }

    /// The rows of a document: one object, a list of them, or either under `rows`.
    static func rows(in text: Data, of path: String) throws -> [[String: JSONValue]] {
        guard var document = try? JSONDecoder().decode(JSONValue.self, from: text) else {
            throw CsvctlError.file(path: path, detail: "is not valid JSON")
        }
        if case .object(let members) = document, let inner = members["rows"] { document = inner }
        if case .object(let row) = document { return [row] }
        guard case .array(let items) = document else {
            throw CsvctlError.file(path: path, detail: "holds neither an object nor a list of objects")
        }
        return try items.enumerated().map { index, item in
            guard case .object(let row) = item else {
                throw CsvctlError.file(path: path, detail: "row \(index + 1) is not an object")
            }
            return row
        }
    }
}

/// `feature=value`. The value goes to the daemon as text, which it reads as it reads a CSV; no text is a missing value.
struct CellArgument: ExpressibleByArgument, Equatable {
    var name: String
    var value: JSONValue

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else { return nil }
        name = String(argument[..<sign])
        let text = String(argument[argument.index(after: sign)...])
        value = text.isEmpty ? .null : .string(text)
    }
}
