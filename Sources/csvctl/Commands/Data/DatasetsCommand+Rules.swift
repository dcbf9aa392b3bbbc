import ArgumentParser
import Shared

extension DatasetsCommand {
    struct Rules: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rules", abstract: "Show the rules on the data and what they found, or set them.")

        @OptionGroup var dataset: DatasetArgument
        @Option(help: "A JSON file whose rules take the place of all earlier ones; - is standard input.")
        var from: String?
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            try session.show(request(), as: DataRulesReply.self) {
                StudyText.rules($0, width: session.terminal.width, style: session.terminal.style)
            }
        }

        private func request() throws -> ControlRequest {
            guard let from else { return dataset.get("rules") }
            let text = try ByteSource(path: from).readAll()
            return ControlRequest(
                method: .put, path: ControlPath.api("datasets", dataset.dataset, "rules"),
                body: .bytes(Array(text), contentType: "application/json"))
        }
    }
}
