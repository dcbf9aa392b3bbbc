import ArgumentParser
import Shared

struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Read the configuration and the rules again.",
        discussion: "A configuration that is not valid is refused, and the one in force stays.")

    @OptionGroup var global: GlobalOptions

    func run() throws {
        try global.session().show(.post(ControlPath.admin("reload")), as: ReloadReply.self) { reply in
            var lines = ["reloaded: \(reply.rules) rules, configuration \(reply.configHash.prefix(12))"]
            for setting in reply.needsRestart {
                lines.append("takes effect at the next start: \(setting)")
            }
            return PrintableText.block(lines.joined(separator: "\n"))
        }
    }
}
