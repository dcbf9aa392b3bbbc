import ArgumentParser
import Foundation
import Shared

struct TransformCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transform", abstract: "Change a dataset, as a new version.",
        discussion: """
            Steps come from a JSON document ({"steps": [{"op": "fill_median", "column": "age"}]}, or the list alone) or from \
            --op, in the order given. `csvctl datasets recipe` prints such a document.
            """)

    enum OnError: String, ExpressibleByArgument, CaseIterable { case stop, skip }

    @Argument(help: "The name or id of the dataset.") var dataset: String
    @Option(help: "A file of steps, or - for standard input.", completion: .file(extensions: ["json"]))
    var steps: String?
    @Option(
        name: .customLong("op"),
        help: ArgumentHelp(
            "A step, such as fill_median:age or fill_constant:city:value=unknown. Can be given several times.",
            valueName: "op[:column][:key=value]..."))
    var operations: [StepArgument] = []
    @Flag(help: "Say what would happen and change nothing.") var dryRun = false
    @Option(help: "What to do when a step fails.") var onError: OnError?
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if (steps == nil) == operations.isEmpty { throw ValidationError("give either --steps or --op") }
    }

    func run() throws {
        let session = global.session()
        let request = try request().withoutTimeout()
        try TransformText.show(request, in: session, dryRun: dryRun)
    }

    private func request() throws -> ControlRequest {
        let path = ControlPath.api("datasets", dataset, "transform")
        guard let steps else { return try .send(.post, path, body(operations.map(\.step))) }
        let text = try ByteSource(path: steps).readAll()
        return try .send(.post, path, body(try JSONDocument.list("steps", in: text, of: steps)))
    }

    private func body(_ steps: [JSONValue]) -> TransformRequest {
        TransformRequest(
            steps: steps, dryRun: dryRun ? true : nil,
            onError: onError.flatMap { TransformRequest.OnError(rawValue: $0.rawValue) })
    }
}
