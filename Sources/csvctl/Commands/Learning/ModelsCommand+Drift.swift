import ArgumentParser
import Shared

extension ModelsCommand {
    struct Drift: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "drift", abstract: "Show how far recent rows are from those a model was trained on.")

        @Argument(help: "The name or id of the model.") var model: String
        @Flag(help: "Forget the rows counted so far.") var reset = false
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            let path = ControlPath.api("models", model, "drift")
            if reset { return try session.perform(.delete(path), done: "model \(model) counts anew") }
            try session.show(.get(path), as: DriftReply.self) {
                DriftText.drift($0, width: session.terminal.width, style: session.terminal.style)
            }
        }
    }
}
