import ArgumentParser
import Foundation
import Shared

struct WatchIncidentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Print what happens to incidents, as it happens.",
        discussion: "Ends with Ctrl-C.")

    @Option(help: "How often to look.") var every: DurationArgument = DurationArgument(seconds: 2)
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let session = global.session()
        Interrupt.begin()
        let request = ControlRequest.get(ControlPath.api("incidents"), query: [("state", "all")])
        var known: [Int: IncidentReply] = [:]
        var isFirst = true
        while !Interrupt.happened {
            // The newest page is enough: what changes is open, and what is open is new.
            let incidents = try session.fetch(request, as: Page<IncidentReply>.self).items
            for incident in incidents.reversed() {
                if !isFirst { try report(incident, known[incident.number], session) }
                known[incident.number] = incident
            }
            if isFirst, session.output == .table {
                let open = incidents.filter { $0.state != .resolved }.count
                session.printText("\(open) open; waiting for changes, Ctrl-C ends")
            }
            isFirst = false
            Interrupt.sleep(seconds: every.seconds)
        }
    }

    private func report(_ incident: IncidentReply, _ old: IncidentReply?, _ session: Session) throws {
        let changes = IncidentText.changes(from: old, to: incident)
        if changes.isEmpty { return }
        if session.output == .json {
            // One line an incident, for programs that read line by line.
            Terminal.writeLine(String(decoding: try WireJSON.encode(incident), as: UTF8.self))
        } else {
            session.printText(changes.joined(separator: "\n"))
        }
    }
}
