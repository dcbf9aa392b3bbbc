import ArgumentParser
import Shared

struct DrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain", abstract: "Take no new work and let running jobs end.",
        discussion: "New uploads and jobs are answered 503 until the daemon is restarted.")

    @OptionGroup var global: GlobalOptions

    func run() throws {
        try global.session().show(.post(ControlPath.admin("drain")), as: DrainReply.self) { reply in
            PrintableText.line("\(reply.state): \(reply.jobsRunning) jobs running, \(reply.jobsQueued) queued")
        }
    }
}
