import ArgumentParser
import Foundation
import Shared

struct SilencesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "silences", abstract: "Keep alerts from being told for a while.",
        subcommands: [List.self, Add.self, Expire.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List silences.")

        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            guard let silences = try session.list(.get(ControlPath.api("silences")), of: SilenceReply.self) else {
                return
            }
            session.printText(
                AlertText.silences(
                    silences, now: Date(), width: session.terminal.width, style: session.terminal.style))
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Silence the alerts whose labels meet all matchers.")

        @Argument(help: "label=value, label!=value, label=~pattern or label!~pattern.")
        var matchers: [MatcherArgument]
        @Option(name: .customLong("for"), help: "How long, such as 30m, 2h or 1d.")
        var duration = DurationArgument(seconds: 3600)
        @Option(help: "Why.") var comment: String?
        @Option(help: "Who silences, when it is not you.") var by: String?
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let body = SilenceRequest(
                matchers: matchers.map(\.matcher), durationSeconds: duration.seconds, by: by, comment: comment)
            let request = try ControlRequest.send(.post, ControlPath.api("silences"), body)
            try global.session().show(request, as: SilenceReply.self) { silence in
                PrintableText.line("silence \(silence.id) until \(WireDay.moment(silence.endsAt))")
            }
        }
    }

    struct Expire: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "expire", abstract: "End a silence now.")

        @Argument(help: "The id of the silence.") var id: String
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try global.session().perform(.delete(ControlPath.api("silences", id)), done: "silence \(id) has ended")
        }
    }
}
