import ArgumentParser
import Foundation
import Shared

struct DatasetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "datasets", abstract: "Import, look at, change and export datasets.",
        subcommands: [
            List.self, ImportCommand.self, Show.self, RowsCommand.self, Profile.self, Correlations.self,
            Duplicates.self,
            Compare.self, Rules.self, ExportCommand.self,
            TransformCommand.self, RetypeCommand.self, RecipeCommand.self,
            ReplayCommand.self, HistoryCommand<Undo>.self, HistoryCommand<Redo>.self, SuggestionsCommand.self,
            SplitCommand.self,
            RejectsCommand.self, Rename.self, Drop.self,
        ],
        defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the datasets.")

        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            guard let datasets = try session.list(.get(ControlPath.api("datasets")), of: DatasetReply.self) else {
                return
            }
            session.printText(
                DatasetText.list(
                    datasets, now: Date(), width: session.terminal.width, style: session.terminal.style))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show a dataset: its dialect and its columns.")

        @OptionGroup var dataset: DatasetArgument
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            try session.show(dataset.get(), as: DatasetReply.self) {
                DatasetText.detail(
                    $0, now: Date(), width: session.terminal.width, style: session.terminal.style)
            }
        }
    }

    struct Profile: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "profile", abstract: "Show the distribution of every column, or of one in detail.")

        @OptionGroup var dataset: DatasetArgument
        @Argument(help: "A column.") var column: String?
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            let terminal = session.terminal
            if let column {
                try session.show(dataset.get("profile", column), as: ColumnProfileReply.self) {
                    ProfileText.column($0, width: terminal.width, style: terminal.style)
                }
            } else {
                try session.show(dataset.get("profile"), as: ProfileReply.self) {
                    ProfileText.overview($0, width: terminal.width, style: terminal.style)
                }
            }
        }
    }

    struct Rename: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "rename", abstract: "Give a dataset another name.")

        @Argument(help: "The name or id of the dataset.") var dataset: String
        @Argument(help: "The new name.") var name: String
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let request = try ControlRequest.send(.patch, ControlPath.api("datasets", dataset), ["name": name])
            try global.session().perform(request, done: "\(dataset) is now \(name)")
        }
    }

    struct Drop: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "drop", abstract: "Delete a dataset with all its versions.")

        @Argument(help: "The name or id of the dataset.") var dataset: String
        @Flag(name: [.short, .long], help: "Do not ask.") var yes = false
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            try session.confirm("Delete dataset \(dataset) with all its versions?", yes: yes)
            try session.perform(.delete(ControlPath.api("datasets", dataset)), done: "dataset \(dataset) is deleted")
        }
    }
}
