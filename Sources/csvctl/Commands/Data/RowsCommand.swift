import ArgumentParser
import Shared

struct RowsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "rows", abstract: "Print rows of a dataset.")

    @OptionGroup var dataset: DatasetArgument
    @Option(name: .customLong("where"), help: "An SQL condition over the columns, such as \"age > 30 and sex = 'F'\".")
    var condition: String?
    @Option(
        parsing: .unconditional,
        help: "Columns to sort by, a minus before those that go down: age,-fare.")
    var sort: String?
    @Option(help: "Only these columns, separated by commas.") var columns: String?
    @Option(help: "At most so many rows.") var limit = 20
    @Option(help: "Leave out so many rows first.") var offset: Int?
    @Flag(help: "The exact text of each cell rather than its typed value.") var text = false
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1") }
    }

    func run() throws {
        let session = global.session()
        let options: [(name: String, value: String?)] = [
            ("where", condition), ("sort", sort), ("columns", columns), ("limit", String(limit)),
            ("offset", offset.map(String.init)), ("values", text ? "text" : nil),
        ]
        let query = options.compactMap { option in option.value.map { (name: option.name, value: $0) } }
        let request = dataset.get("rows", query: query).withoutTimeout()
        try session.show(request, as: RowsReply.self) { reply in
            if reply.truncated || reply.next != nil {
                Terminal.writeError("csvctl: there are more rows than these \(reply.rows.count); see --limit\n")
            }
            return DatasetText.rows(
                columns: reply.columns, rows: reply.rows, width: session.terminal.width,
                style: session.terminal.style)
        }
    }
}
