import ArgumentParser
import Foundation
import Shared

/// A way along the history of a dataset. The command is named as the route is.
protocol HistoryMove {
    static var name: String { get }
    static var abstract: String { get }
}

enum Undo: HistoryMove {
    static let name = "undo"
    static let abstract = "Take back the last change, as a new version."
}

enum Redo: HistoryMove {
    static let name = "redo"
    static let abstract = "Do again what the last undo took back."
}

struct HistoryCommand<Move: HistoryMove>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: Move.name, abstract: Move.abstract)
    }

    @Argument(help: "The name or id of the dataset.") var dataset: String
    @OptionGroup var global: GlobalOptions

    func run() throws {
        try TransformText.show(.post(ControlPath.api("datasets", dataset, Move.name)), in: global.session())
    }
}

struct SuggestionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggestions", abstract: "List steps that the data speak for, or apply them.")

    /// A suggestion as REST has it.
    struct Suggestion: Codable, Sendable {
        var column: String?
        var text: String
        var effect: String
        var step: JSONValue
    }

    @Argument(help: "The name or id of the dataset.") var dataset: String
    @Option(help: ArgumentHelp("Apply this one. Can be given several times.", valueName: "number")) var apply: [Int] =
        []
    @Flag(help: "Apply all.") var all = false
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let session = global.session()
        let request = ControlRequest.get(ControlPath.api("datasets", dataset, "suggestions")).withoutTimeout()
        guard all || !apply.isEmpty else {
            return try session.show(request, as: Page<Suggestion>.self) { page in
                page.items.enumerated().map { index, item in
                    PrintableText.line("\(index + 1). \(item.text) \(item.step.stepText): \(item.effect).")
                }.joined(separator: "\n")
            }
        }
        let items = try session.fetch(request, as: Page<Suggestion>.self).items
        for number in apply where !items.indices.contains(number - 1) {
            throw CsvctlError.usage(
                "there is no suggestion \(number)",
                remedy: "choose from 1 to \(items.count); see the list without --apply")
        }
        let chosen = all ? items : apply.map { items[$0 - 1] }
        if chosen.isEmpty { return session.printText("nothing is suggested") }
        let body = TransformRequest(steps: chosen.map(\.step))
        let path = ControlPath.api("datasets", dataset, "transform")
        try TransformText.show(try .send(.post, path, body).withoutTimeout(), in: session)
    }
}

struct SplitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split", abstract: "Put the rows into two new datasets by chance, as for training and testing.")

    @Argument(help: "The name or id of the dataset.") var dataset: String
    @Option(help: "Share of the rows for the first.") var fraction = 0.8
    @Option(help: "The same seed gives the same rows.") var seed = 0
    @Option(help: "The name of the first; the dataset's with _train otherwise.") var train: String?
    @Option(help: "The name of the second; the dataset's with _test otherwise.") var test: String?
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let names = train == nil && test == nil ? nil : [train ?? "\(dataset)_train", test ?? "\(dataset)_test"]
        let body = SplitRequest(fraction: fraction, seed: seed, names: names)
        let request = try ControlRequest.send(.post, ControlPath.api("datasets", dataset, "split"), body)
            .withoutTimeout()
        try global.session().show(request, as: Page<DatasetReply>.self) { page in
            page.items.map { PrintableText.line("\($0.name): \(Quantities.count($0.rows)) rows") }.joined(
                separator: "\n")
        }
    }
}
