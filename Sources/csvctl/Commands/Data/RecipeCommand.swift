import ArgumentParser
import Foundation
import Shared

/// Reads and edits how a dataset was made.
struct RecipeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recipe", abstract: "Print how the dataset was made, or change a step of it.",
        discussion: """
            The document goes to standard output as JSON, or to a file in the form of its ending (.yaml, .yml or .json). With --replace, \
            --insert, --remove or --edit the recipe is applied anew from the upload, as a new version; `datasets undo` goes back.
            """)

    @OptionGroup var dataset: DatasetArgument
    @Option(name: [.customShort("o"), .customLong("file")], help: "Write to this file instead.", completion: .file())
    var file: String?
    @Flag(help: "Print YAML.") var yaml = false
    @Option(help: "Put --op in place of this step, from 1.") var replace: Int?
    @Option(help: "Put --op before this step.") var insert: Int?
    @Option(help: "Leave this step out.") var remove: Int?
    @Option(help: "Apply the steps of this file instead.", completion: .file(extensions: ["yaml", "yml", "json"]))
    var edit: String?
    @Option(name: .customLong("op"), help: "The step, such as fill_median:age.") var step: StepArgument?
    @Flag(help: "Say what would happen and change nothing.") var dryRun = false
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        let edits = [replace != nil, insert != nil, remove != nil, edit != nil].count { $0 }
        if edits > 1 { throw ValidationError("give one of --replace, --insert, --remove and --edit") }
        if (replace != nil || insert != nil) != (step != nil) {
            throw ValidationError("--replace and --insert need --op, and --op needs one of them")
        }
    }

    func run() throws {
        let session = global.session()
        if var request = try editing() {
            if dryRun { request.query.append(("dry_run", "true")) }
            return try TransformText.show(request.withoutTimeout(), in: session, dryRun: dryRun)
        }
        let isYAML = yaml || ["yaml", "yml"].contains(file?.split(separator: ".").last?.lowercased() ?? "")
        if file != nil || isYAML {
            let request = dataset.get("recipe", query: [("format", isYAML ? "yaml" : "json")])
            return try Download(session: session, request: request).run(to: file)
        }
        session.printJSON(try session.connection.answer(to: dataset.get("recipe")))
    }

    private func editing() throws -> ControlRequest? {
        func path(_ place: Int) -> String {
            ControlPath.api("datasets", dataset.dataset, "recipe", "steps", String(place))
        }
        if let replace, let step { return try .send(.put, path(replace), step.step) }
        if let insert, let step { return try .send(.post, path(insert), step.step) }
        if let remove { return .delete(path(remove)) }
        guard let edit else { return nil }
        var request = ControlRequest(method: .put, path: ControlPath.api("datasets", dataset.dataset, "recipe"))
        request.body = .bytes(Array(try ByteSource(path: edit).readAll()), contentType: "application/yaml")
        return request
    }
}

/// Applies a recipe to a new upload, or to a dataset that exists.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Apply a recipe to a CSV, or to a dataset with --dataset.",
        discussion: """
            The CSV is read in the dialect that the recipe names, then the steps are applied. If a step fails the dataset stays as \
            uploaded: correct the recipe and replay it with --dataset.
            """)

    @Argument(
        help: "A recipe in JSON or YAML, or - for standard input.",
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var recipe: String
    @Argument(help: "A CSV to read first.", completion: .file()) var file: String?
    @Option(help: "The name of the new dataset; the file's name without extension otherwise.") var name: String?
    @Option(help: "A dataset that exists.") var dataset: String?
    @Flag(help: "Say what would happen and keep nothing.") var dryRun = false
    @Option(help: "What to do when a step fails that does not say so itself.") var onError: TransformCommand.OnError?
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if (file == nil) == (dataset == nil) { throw ValidationError("give either a CSV or --dataset") }
        if file == "-", recipe == "-" { throw ValidationError("only one of the two can be standard input") }
        if file == "-", name == nil { throw ValidationError("standard input has no name: give --name") }
    }

    func run() throws {
        let session = global.session()
        let document = Array(try ByteSource(path: recipe).readAll())
        if let dataset { return try replay(document, on: dataset, in: session) }
        guard let file else { return }
        var check = ControlRequest.post(ControlPath.api("recipes", "check"))
        check.body = .bytes(document, contentType: "application/yaml")
        let checked = try session.fetch(check, as: JSONValue.self)
        let wanted = name ?? ImportCommand.name(of: file)
        // A dry run needs the rows too; they go again.
        let target = dryRun ? "\(wanted) dry run \(UInt32.random(in: 0 ... .max))" : wanted
        try upload(file, as: target, Self.reading(checked), in: session)
        defer {
            if dryRun { _ = try? session.connection.answer(to: .delete(ControlPath.api("datasets", target))) }
        }
        try replay(document, on: target, in: session)
    }

    private func replay(_ document: [UInt8], on dataset: String, in session: Session) throws {
        var request = ControlRequest.post(ControlPath.api("datasets", dataset, "replay")).withoutTimeout()
        request.body = .bytes(document, contentType: "application/yaml")
        if dryRun { request.query.append(("dry_run", "true")) }
        if let onError { request.query.append(("on_error", onError.rawValue)) }
        try TransformText.show(request, in: session, dryRun: dryRun)
    }

    private func upload(
        _ file: String, as name: String, _ reading: [(name: String, value: String)], in session: Session
    ) throws {
        let source = try ByteSource(path: file)
        var request = ControlRequest.post(ControlPath.api("datasets")).withoutTimeout()
        request.query = [("name", name)] + reading
        request.body = .stream(source, contentType: "text/csv")
        if file.lowercased().hasSuffix(".gz") { request.headers.append(("Content-Encoding", "gzip")) }
        let line = session.terminal.errorIsTerminal ? UploadLine(total: source.length) : nil
        defer { line?.finish() }
        _ = try session.connection.answer(to: request) { line?.show($0) }
    }

    /// The dialect of a recipe as parameters of an upload; what it does not have is found out from the CSV.
    static func reading(_ recipe: JSONValue) -> [(name: String, value: String)] {
        guard case .object(let members) = recipe, case .object(let dialect)? = members["dialect"] else { return [] }
        var query: [(name: String, value: String)] = []
        for key in ["delimiter", "escape", "comment", "header", "skip_rows", "decimal"] {
            if let value = dialect[key], value != .null { query.append((key, value.plainText)) }
        }
        if dialect["delimiter"] != nil { query.append(("quote", dialect["quote"]?.plainText ?? "")) }
        // Whether a file begins with a byte order mark says nothing about the next one.
        if let encoding = dialect["encoding"]?.plainText, !encoding.hasPrefix("utf-8") {
            query.append(("encoding", encoding))
        }
        if case .array(let texts)? = dialect["null_values"], !texts.isEmpty {
            query.append(("null_values", texts.map(\.plainText).joined(separator: ",")))
        }
        return query
    }
}
