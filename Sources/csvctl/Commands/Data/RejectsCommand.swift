import ArgumentParser
import Foundation
import Shared

struct RejectsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rejects", abstract: "List the rows that could not be read, or correct them and let them in.",
        discussion: """
            -o writes all of them as a JSON document. Correct the texts in it, take out what shall stay aside, and give it to \
            --repair: the rows come in as one new version. --readmit tries rows again as they are, such as after a change of a \
            column's type.
            """)

    @OptionGroup var dataset: DatasetArgument
    @Option(name: [.customShort("o"), .customLong("out")], help: "Write all of them to a file, as JSON.")
    var out: String?
    @Option(
        help: ArgumentHelp(
            "Corrected rows as JSON: a list of {\"number\", \"text\" or \"cells\"}, or an object with it as items; - is standard input.",
            valueName: "file"))
    var repair: String?
    @Option(help: ArgumentHelp("Let this row in as it is. Can be given several times.", valueName: "number"))
    var readmit: [Int] = []
    @Flag(help: "Let in the rows that fit although others do not.") var skip = false
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        let ways = [out != nil, repair != nil, !readmit.isEmpty].count { $0 }
        if ways > 1 { throw ValidationError("give only one of -o, --repair and --readmit") }
        if skip, repair == nil, readmit.isEmpty { throw ValidationError("--skip goes with --repair or --readmit") }
        if dataset.datasetVersion != nil, repair != nil || !readmit.isEmpty {
            throw ValidationError("rows come into the newest version: leave out --version")
        }
    }

    func run() throws {
        let session = global.session()
        if let out {
            let rejects = try session.allItems(dataset.get("rejects"), of: RejectReply.self)
            let text = JSONText.indented(try WireJSON.encode(Page(items: rejects)))
            guard FileManager.default.createFile(atPath: out, contents: Data((text + "\n").utf8)) else {
                throw CsvctlError.file(path: out, detail: "cannot be written")
            }
            return session.printText("\(rejects.count) rejected rows are in \(out)")
        }
        guard let items = try repairs() else {
            guard let rejects = try session.list(dataset.get("rejects"), of: RejectReply.self) else { return }
            return session.printText(
                DatasetText.rejects(rejects, width: session.terminal.width, style: session.terminal.style))
        }
        let path = ControlPath.api("datasets", dataset.dataset, "rejects")
        let body = Repairs(items: items, onError: skip ? "skip" : nil)
        try session.show(try .send(.post, path, body).withoutTimeout(), as: Readmitted.self) { reply in
            let rows = reply.admitted == 1 ? "1 row" : "\(Quantities.count(reply.admitted)) rows"
            var lines = reply.refused.map { "stays aside: \($0.detail)" }
            lines.append("\(reply.name) is now version \(reply.version): \(rows) came in, \(reply.rejected) aside")
            return lines.map { PrintableText.line($0) }.joined(separator: "\n")
        }
    }

    /// What to send, as the file has it; nil when nothing is to be let in.
    private func repairs() throws -> [JSONValue]? {
        if let repair {
            return try JSONDocument.list("items", in: try ByteSource(path: repair).readAll(), of: repair)
        }
        return readmit.isEmpty ? nil : readmit.map { .object(["number": .integer(Int64($0))]) }
    }

    private struct Repairs: Encodable {
        var items: [JSONValue]
        var onError: String?
    }

    private struct Readmitted: Decodable {
        var name: String
        var version: Int
        var rejected: Int
        var admitted: Int
        var refused: [Problem]
    }
}
