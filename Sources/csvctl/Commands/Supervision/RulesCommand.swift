import ArgumentParser
import Foundation
import Shared

struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Look at alert rules and check rule files.",
        subcommands: [List.self, Check.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the rules in force with their state and value.")

        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            guard let rules = try session.list(.get(ControlPath.api("rules")), of: RuleReply.self) else { return }
            session.printText(
                AlertText.rules(rules, now: Date(), width: session.terminal.width, style: session.terminal.style))
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Check a rule file against the metrics that the daemon has.",
            discussion: "Nothing is loaded. A metric, label value or function that the daemon lacks is an error.")

        @Argument(
            help: "A Prometheus rule file, or - for standard input.", completion: .file(extensions: ["yaml", "yml"]))
        var file: String

        @OptionGroup var global: GlobalOptions

        func run() throws {
            var request = ControlRequest.post(ControlPath.api("rules", "check"))
            request.body = .bytes(Array(try ByteSource(path: file).readAll()), contentType: "application/yaml")
            try global.session().show(request, as: RulesCheckReply.self) { reply in
                PrintableText.line("\(file): \(reply.rules) rules in \(reply.groups) groups, all valid")
            }
        }
    }
}
