import ArgumentParser
import Foundation
import Shared

/// `csvctl resolve N`, also reached as `csvctl incidents resolve N`.
struct ResolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Close an incident and write down what it was.",
        discussion: "The texts go into the post-mortem: see `csvctl incidents postmortem`.")

    @Argument(help: "The number of the incident.") var number: Int
    @Option(help: "What went wrong.") var cause: String?
    @Option(help: "Who or what suffered, and for how long.") var impact: String?
    @Option(name: .customLong("action"), help: "What was done. Can be given several times.")
    var actions: [String] = []
    @Option(help: "What keeps it from happening again. Can be given several times.")
    var prevention: [String] = []
    @Option(help: "Who resolves it, when it is not you.") var by: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let body = ResolveRequest(
            by: by, cause: cause, impact: impact, actions: Self.lines(actions), prevention: Self.lines(prevention))
        let request = try ControlRequest.send(.post, ControlPath.api("incidents", String(number), "resolve"), body)
        try global.session().show(request, as: IncidentReply.self) { incident in
            let open = max(0, (incident.resolvedAt ?? Date()).timeIntervalSince(incident.openedAt))
            return PrintableText.line(
                "incident \(incident.number) resolved after \(Quantities.duration(seconds: open)): \(incident.title)")
        }
    }

    private static func lines(_ texts: [String]) -> String? {
        texts.isEmpty ? nil : texts.joined(separator: "\n")
    }
}
