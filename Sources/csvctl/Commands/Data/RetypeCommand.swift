import ArgumentParser
import Shared

struct RetypeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retype", abstract: "Read a column as another type, from the exact texts of its cells.",
        discussion: "Nothing changes when a cell does not fit, unless --misfits says what becomes of it.")

    enum Order: String, ExpressibleByArgument, CaseIterable { case dmy, mdy, ymd }
    enum Decimal: String, ExpressibleByArgument, CaseIterable { case point = ".", comma = "," }
    enum Misfits: String, ExpressibleByArgument, CaseIterable {
        case fail, null
        case removeRow = "remove_row"
    }

    @Argument(help: "The name or id of the dataset.") var dataset: String
    @Argument(help: "The column.") var column: String
    @Argument(help: "integer, decimal, boolean, date, timestamp or text.") var type: ColumnType
    @Option(help: "Which comes first in dates.") var order: Order?
    @Option(help: "How dates or timestamps are written, such as dd/mm/yyyy.") var format: String?
    @Option(help: "The decimal sign.") var decimal: Decimal?
    @Option(help: "The sign between groups of three digits.") var grouping: String?
    @Option(help: "Characters to leave out before reading, such as $ or %.") var ignore: String?
    @Option(help: ArgumentHelp("A text that means no value. Can be given several times.", valueName: "text"))
    var nullValue: [String] = []
    @Option(help: "What becomes of cells that do not fit; null keeps their text.") var misfits: Misfits = .fail
    @OptionGroup var global: GlobalOptions

    func run() throws {
        var fields: [String: JSONValue] = ["type": .string(type.rawValue), "misfits": .string(misfits.rawValue)]
        for (key, value) in [
            ("order", order?.rawValue), ("format", format), ("decimal", decimal?.rawValue), ("grouping", grouping),
            ("ignore", ignore),
        ] {
            if let value { fields[key] = .string(value) }
        }
        if !nullValue.isEmpty { fields["null_values"] = .array(nullValue.map(JSONValue.string)) }
        let body = ["types": [column: JSONValue.object(fields)]]
        let request = try ControlRequest.send(.patch, ControlPath.api("datasets", dataset), body)
        try TransformText.show(request.withoutTimeout(), in: global.session())
    }
}

extension ColumnType: ExpressibleByArgument {}
