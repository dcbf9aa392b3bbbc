import ArgumentParser
import Foundation
import Shared

struct DrillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill", abstract: "Play the whole story from an error to its resolution, and measure each hop.",
        discussion: """
            A real error is counted, the real rule fires, an incident labelled as a drill opens, the receiver is told, the incident is \
            acknowledged and resolved. Ends with 1 when a hop is not reached.
            """)

    @Option(help: "How long one hop may take.") var timeout = DurationArgument(seconds: 30)
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let session = global.session()
        var request = try ControlRequest.send(
            .post, ControlPath.api("drills"), DrillRequest(timeoutSeconds: timeout.seconds))
        // Nine hops at the most.
        request.timeoutSeconds = 9 * timeout.seconds + 30
        let answer = try session.connection.answer(to: request)
        let reply = try session.decode(DrillReply.self, from: answer, about: request)
        if session.output == .json {
            session.printJSON(answer)
        } else {
            session.printText(DrillText.rendered(reply, width: session.terminal.width, style: session.terminal.style))
        }
        if !reply.passed { throw CsvctlError.drillFailed(hop: reply.hops.last) }
    }
}
