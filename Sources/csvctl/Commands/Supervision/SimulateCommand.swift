import ArgumentParser
import Shared

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Count errors that did not happen, to see the alarm work.")

    @Option(help: "The type of error, as in app_errors_total{type}.")
    var type = "simulated"

    @Option(help: "How many.")
    var count = 1

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard count > 0 else { throw ValidationError("--count must be at least 1") }
    }

    func run() throws {
        let request = try ControlRequest.send(
            .post, ControlPath.admin("simulate"), SimulateRequest(type: type, count: count))
        try global.session().show(request, as: SimulateReply.self) { reply in
            PrintableText.line(
                "counted \(Quantities.count(reply.count)): "
                    + "app_errors_total{type=\"\(reply.type)\"} is \(Quantities.count(reply.total))")
        }
    }
}
