import ArgumentParser
import Foundation
import Shared

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Look at, explain and export models.",
        subcommands: [
            List.self, Show.self, Leaderboard.self, Report.self, Explain.self, Drift.self, Export.self, Rename.self,
            Drop.self,
        ],
        defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the models.")

        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            guard let models = try session.list(.get(ControlPath.api("models")), of: ModelReply.self) else { return }
            session.printText(
                ModelText.list(models, now: Date(), width: session.terminal.width, style: session.terminal.style))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a model.")

        @Argument(help: "The name or id of the model.") var model: String
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            try session.show(.get(ControlPath.api("models", model)), as: ModelReply.self) {
                ModelText.detail($0, now: Date(), style: session.terminal.style)
            }
        }
    }

    struct Leaderboard: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "leaderboard", abstract: "List what was tried and how well it did.")

        @Argument(help: "The name or id of the model.") var model: String
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            let request = ControlRequest.get(ControlPath.api("models", model, "leaderboard"))
            try session.show(request, as: LeaderboardReply.self) {
                ModelText.leaderboard($0, width: session.terminal.width, style: session.terminal.style)
            }
        }
    }

    struct Report: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "report", abstract: "Print the report of a model, as Markdown.")

        @Argument(help: "The name or id of the model.") var model: String
        @Option(
            name: [.customShort("o"), .customLong("file")], help: "Write to this file instead.", completion: .file())
        var file: String?
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let request = ControlRequest.get(ControlPath.api("models", model, "report"))
            try Download(session: global.session(), request: request).run(to: file)
        }
    }

    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "explain", abstract: "Show which features a model rests on.")

        @Argument(help: "The name or id of the model.") var model: String
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            let request = ControlRequest.get(ControlPath.api("models", model, "explain")).withoutTimeout()
            try session.show(request, as: ExplainReply.self) {
                ModelText.explanation($0, width: session.terminal.width, style: session.terminal.style)
            }
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Write a model in a form that other programs read.")

        enum Format: String, ExpressibleByArgument, CaseIterable { case onnx, json }

        @Argument(help: "The name or id of the model.") var model: String
        @Option(name: [.customShort("o"), .customLong("file")], help: "Write to this file.", completion: .file())
        var file: String?
        @Option(help: "The format; otherwise by the extension of the file, else json.") var format: Format?
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            let format = format ?? (file?.hasSuffix(".onnx") == true ? .onnx : .json)
            if format == .onnx, file == nil, session.terminal.outputIsTerminal {
                throw CsvctlError.usage(
                    "onnx is not for a terminal", remedy: "name a file with -o or redirect the output")
            }
            let request = ControlRequest.get(
                ControlPath.api("models", model, "export"), query: [("format", format.rawValue)])
            try Download(session: session, request: request.withoutTimeout()).run(to: file)
        }
    }

    struct Rename: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "rename", abstract: "Give a model another name.")

        @Argument(help: "The name or id of the model.") var model: String
        @Argument(help: "The new name.") var name: String
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let request = try ControlRequest.send(.patch, ControlPath.api("models", model), ["name": name])
            try global.session().perform(request, done: "\(model) is now \(name)")
        }
    }

    struct Drop: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "drop", abstract: "Delete a version of a model: by name, the newest one.")

        @Argument(help: "The name or id of the model.") var model: String
        @Flag(name: [.short, .long], help: "Do not ask.") var yes = false
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            try session.confirm("Delete model \(model)?", yes: yes)
            try session.perform(.delete(ControlPath.api("models", model)), done: "model \(model) is deleted")
        }
    }
}
