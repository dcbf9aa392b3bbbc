import ArgumentParser
import Foundation
import Shared

struct IncidentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incidents", abstract: "List, investigate and handle incidents.",
        subcommands: [
            List.self, Show.self, Acknowledge.self, Note.self, ResolveCommand.self, Postmortem.self,
            WatchIncidentsCommand.self,
        ],
        defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List incidents, newest first.")

        enum State: String, ExpressibleByArgument, CaseIterable { case open, acknowledged, resolved, all }

        @Option(help: "Only incidents in this state.") var state: State = .all
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            let request = ControlRequest.get(ControlPath.api("incidents"), query: [("state", state.rawValue)])
            guard let incidents = try session.list(request, of: IncidentReply.self) else { return }
            session.printText(
                IncidentText.list(
                    incidents, now: Date(), width: session.terminal.width, style: session.terminal.style))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show an incident with its evidence, messages and timeline.")

        @Argument(help: "The number of the incident.") var number: Int
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            try session.show(.get(ControlPath.api("incidents", String(number))), as: IncidentReply.self) {
                IncidentText.detail(
                    $0, now: Date(), width: session.terminal.width, style: session.terminal.style)
            }
        }
    }

    struct Acknowledge: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ack", abstract: "Say that someone is looking into an incident.")

        @Argument(help: "The number of the incident.") var number: Int
        @Option(help: "What is being done.") var comment: String?
        @Option(name: .customLong("for"), help: "How long it stays acknowledged, such as 30m or 2h.")
        var duration: DurationArgument?
        @Option(help: "Who acknowledges it, when it is not you.") var by: String?
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let body = AcknowledgeRequest(by: by, comment: comment, durationSeconds: duration?.seconds)
            let request = try ControlRequest.send(.post, ControlPath.api("incidents", String(number), "ack"), body)
            try global.session().show(request, as: IncidentReply.self) {
                PrintableText.line("incident \($0.number) \($0.state.rawValue): \($0.title)")
            }
        }
    }

    struct Note: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "note", abstract: "Add a note to the timeline of an incident.")

        @Argument(help: "The number of the incident.") var number: Int
        @Argument(help: "The note.") var text: String
        @Option(help: "Who writes it, when it is not you.") var by: String?
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let request = try ControlRequest.send(
                .post, ControlPath.api("incidents", String(number), "notes"), NoteRequest(by: by, text: text))
            try global.session().perform(request, done: "noted on incident \(number)")
        }
    }

    struct Postmortem: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "postmortem", abstract: "Print the post-mortem of an incident, as Markdown.")

        enum Language: String, ExpressibleByArgument, CaseIterable { case en, fr }

        @Argument(help: "The number of the incident.") var number: Int
        @Option(help: "The language.") var lang: Language = .en
        @Option(
            name: [.customShort("o"), .customLong("file")], help: "Write to this file instead.", completion: .file())
        var file: String?
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let request = ControlRequest.get(
                ControlPath.api("incidents", String(number), "postmortem"), query: [("lang", lang.rawValue)])
            try Download(session: global.session(), request: request).run(to: file)
        }
    }
}
