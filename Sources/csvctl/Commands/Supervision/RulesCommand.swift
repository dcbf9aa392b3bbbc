import ArgumentParser
import Foundation
import Shared

struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Look at alert rules, check and test rule files, replay them over the past.",
        subcommands: [List.self, Check.self, Test.self, Replay.self], defaultSubcommand: List.self)

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

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test", abstract: "Run a test file of promtool over the daemon's evaluator.",
            discussion: "The file is that of `promtool test rules`; rule files that it names are read from beside it.")

        @Argument(help: "Test files.", completion: .file(extensions: ["yaml", "yml"]))
        var files: [String]

        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = global.session()
            var failed = 0
            for file in files { failed += try run(file, session) }
            if failed > 0 { throw ExitCode(1) }
        }

        /// - Returns: how many expectations failed.
        private func run(_ file: String, _ session: Session) throws -> Int {
            let path = ControlPath.api("rules", "test")
            var body = RulesTestRequest(path: file, text: try Self.text(file), rules: [])
            // The daemon reads the YAML: it says which rule files it needs.
            let asked = try session.fetch(try .send(.post, path, body), as: RulesTestReply.self)
            let directory = URL(fileURLWithPath: file).deletingLastPathComponent()
            body.rules = try asked.missing.map { name in
                RulesTestRequest.RuleText(
                    path: name, text: try Self.text(URL(fileURLWithPath: name, relativeTo: directory).path))
            }
            var failed = 0
            try session.show(try .send(.post, path, body), as: RulesTestReply.self) { reply in
                failed = reply.failures.count
                let summary = "\(file): \(reply.passed) passed, \(reply.failures.count) failed"
                return (reply.failures + [summary]).map { PrintableText.line($0) }.joined(separator: "\n")
            }
            return failed
        }

        private static func text(_ path: String) throws -> String {
            String(decoding: try ByteSource(path: path).readAll(), as: UTF8.self)
        }
    }

    struct Replay: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "replay", abstract: "Show when each rule would have fired over the samples that are kept.",
            discussion:
                "Without a file, the rules in force. What recording rules of the file would write is not replayed.")

        @Argument(help: "A Prometheus rule file.", completion: .file(extensions: ["yaml", "yml"]))
        var file: String?

        @Option(help: "How far back, such as 24h.")
        var since = DurationArgument(seconds: 86_400)

        @Option(help: "Time between evaluations; the daemon's interval when left out.")
        var step: DurationArgument?

        @OptionGroup var global: GlobalOptions

        func run() throws {
            var request = ControlRequest.post(ControlPath.api("rules", "replay"))
            request.query = [("since", String(since.seconds))] + (step.map { [("step", String($0.seconds))] } ?? [])
            if let file {
                request.body = .bytes(Array(try ByteSource(path: file).readAll()), contentType: "application/yaml")
            }
            let session = global.session()
            try session.show(request.withoutTimeout(), as: RulesReplayReply.self) { reply in
                AlertText.replay(reply, width: session.terminal.width, style: session.terminal.style)
            }
        }
    }
}
