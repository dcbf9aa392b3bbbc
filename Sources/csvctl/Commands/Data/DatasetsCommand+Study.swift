import ArgumentParser
import Shared

extension DatasetsCommand {
    struct Correlations: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "correlations", abstract: "Show which columns go together, strongest first.")

        @OptionGroup var dataset: DatasetArgument
        @Option(help: "Columns to compare, separated by commas.") var columns: String?
        @Option(help: "A column that others may give away.") var target: String?
        @Option(help: "Pairs to show.") var top = 30
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            let query = [("columns", columns), ("target", target)].compactMap { name, value in
                value.map { (name: name, value: $0) }
            }
            try session.show(dataset.get("correlations", query: query), as: AssociationReply.self) {
                StudyText.associations($0, top: top, width: session.terminal.width, style: session.terminal.style)
            }
        }
    }

    struct Duplicates: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "duplicates", abstract: "Show rows that come more than once.")

        @OptionGroup var dataset: DatasetArgument
        @Option(help: "Columns to compare rows by, separated by commas.") var columns: String?
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            let query = columns.map { [(name: "columns", value: $0)] } ?? []
            try session.show(dataset.get("duplicates", query: query), as: DuplicatesReply.self) {
                StudyText.duplicates($0, width: session.terminal.width, style: session.terminal.style)
            }
        }
    }

    struct Compare: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "compare", abstract: "Show what changed against an earlier version or another dataset.")

        @OptionGroup var dataset: DatasetArgument
        @Argument(help: "A version number, a dataset or NAME@VERSION; the version before otherwise.")
        var with: String?
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            let query = with.map { [(name: "with", value: $0)] } ?? []
            try session.show(dataset.get("compare", query: query), as: ComparisonReply.self) {
                StudyText.comparison($0, width: session.terminal.width, style: session.terminal.style)
            }
        }
    }
}
