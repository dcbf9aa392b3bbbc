import ArgumentParser
import Foundation
import Shared

struct JobsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "Look at, follow and stop jobs.",
        subcommands: [List.self, Show.self, Watch.self, Cancel.self, Extend.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List jobs, newest first.")

        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            guard let jobs = try session.list(.get(ControlPath.api("jobs")), of: JobReply.self) else { return }
            session.printText(
                JobText.list(jobs, now: Date(), width: session.terminal.width, style: session.terminal.style))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a job.")

        @Argument(help: "The id of the job.") var id: String
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            try session.show(.get(ControlPath.api("jobs", id)), as: JobReply.self) {
                JobText.detail($0, now: Date(), style: session.terminal.style)
            }
        }
    }

    struct Watch: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "watch", abstract: "Follow a job to its end.", discussion: "Ctrl-C leaves it running.")

        @Argument(help: "The id of the job.") var id: String
        @OptionGroup var global: GlobalOptions

        func run() throws { try JobFollower(session: global.session(), id: id).followToModel() }
    }

    struct Cancel: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "cancel", abstract: "Stop a job.")

        @Argument(help: "The id of the job.") var id: String
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try global.session().perform(.delete(ControlPath.api("jobs", id)), done: "job \(id) is cancelled")
        }
    }

    struct Extend: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "extend", abstract: "Give a training more time.")

        private struct Body: Encodable { var budgetSeconds: Double }

        @Argument(help: "The id of the job.") var id: String
        @Option(help: "How much more, such as 60 or 5m.") var budget: DurationArgument
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let request = try ControlRequest.send(
                .post, ControlPath.api("jobs", id, "extend"), Body(budgetSeconds: budget.seconds))
            try global.session().perform(
                request, done: "job \(id) has \(Quantities.duration(seconds: budget.seconds)) more")
        }
    }
}
