import ArgumentParser
import Foundation
import Shared

/// The daemon's journal, by what it is about. journalctl does the reading, so its rights and its pager hold.
struct LogsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show the daemon's journal: all of it, of a request, of an incident.",
        discussion: "Runs journalctl, whose options for output stay its own: csvctl logs --request ID -- -o json.")

    @Option(help: "Only records of this request, by its X-Request-ID.") var request: String?
    @Option(help: "Only records of this incident.") var incident: Int?
    @Option(help: "What was in the journal when this incident opened.") var evidence: Int?
    @Flag(help: "Only errors and worse.") var errors = false
    @Flag(name: .shortAndLong, help: "Go on printing what comes.") var follow = false
    @Option(name: [.customShort("n"), .long], help: "How many records.") var lines: Int?
    @Option(help: "Since when, as journalctl understands it: -1h, today, 2026-11-26 10:00.") var since: String?
    @Option(help: "The unit.") var unit = "csvand"
    @Argument(parsing: .postTerminator, help: "Further options for journalctl.") var rest: [String] = []
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let request, !request.utf8.allSatisfy({ (48...57).contains($0) || (97...122).contains($0) }) {
            throw ValidationError("--request takes an id such as 169308ed5ed214d0")
        }
        if let lines, lines < 1 { throw ValidationError("--lines must be at least 1") }
    }

    func run() throws {
        var arguments = ["journalctl", "-u", unit, "--no-hostname"]
        if errors { arguments += ["-p", "err"] }
        if follow { arguments.append("-f") }
        if let lines { arguments += ["-n", String(lines)] }
        if let since { arguments.append("--since=" + since) }
        if let evidence { arguments += try span(of: evidence) }
        arguments += rest
        if let request { arguments.append("REQUEST_ID=" + request) }
        if let incident { arguments.append("INCIDENT=\(incident)") }
        try Self.become(arguments)
    }

    /// From the cursor of the evidence to the moment of the opening.
    private func span(of number: Int) throws -> [String] {
        let incident = try global.session().fetch(
            .get(ControlPath.api("incidents", String(number))), as: IncidentReply.self)
        guard let cursor = incident.evidence.journalFrom else {
            throw CsvctlError.usage(
                "incident \(number) has no place in the journal",
                remedy: "csvand could not read the journal when it opened; see docs/operations.md")
        }
        let end = incident.openedAt.addingTimeInterval(1).timeIntervalSince1970
        return ["--cursor=" + cursor, "--until=@\(Int(end.rounded(.up)))"]
    }

    /// Puts journalctl in the place of this process.
    private static func become(_ arguments: [String]) throws -> Never {
        var pointers = arguments.map { strdup($0) }
        pointers.append(nil)
        execvp(arguments[0], pointers)
        throw CsvctlError.file(path: arguments[0], detail: String(cString: strerror(errno)))
    }
}
