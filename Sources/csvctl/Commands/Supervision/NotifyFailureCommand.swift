import ArgumentParser
import Foundation
import Shared
import Transfer

/// Run by systemd (`OnFailure=`), when there is no daemon to ask: it uses the webhook itself.
struct NotifyFailureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notify-failure", abstract: "Tell that a unit has failed, without the daemon.",
        discussion: """
            For `OnFailure=csvand-failure@%n.service`. Posts to the Discord webhook and leaves a report that becomes an incident when \
            csvand starts again. The webhook comes from --webhook-url-file, else from the credential discord_webhook_url.
            """)

    @Argument(help: "The unit that has failed.") var unit: String
    @Option(help: "The file that holds the webhook's URL.", completion: .file()) var webhookUrlFile: String?
    @Option(
        help: "The state directory of csvand. Default: $STATE_DIRECTORY, else /var/lib/csvand.", completion: .directory)
    var stateDir: String?
    @Flag(help: ArgumentHelp("Take http URLs on loopback.", visibility: .hidden)) var allowInsecureLoopback = false

    func run() throws {
        let environment = ProcessInfo.processInfo.environment
        let report = Self.report(unit, environment)
        let directory =
            stateDir ?? environment["STATE_DIRECTORY"].map { String($0.prefix { $0 != ":" }) } ?? "/var/lib/csvand"
        // Kept first: telling may take long, or be cut short.
        var failures: [String] = []
        var spool: FailureSpool?
        do {
            spool = try FailureSpool(stateDirectory: directory, report)
        } catch {
            failures.append("the report could not be kept in \(directory): \(Self.text(error))")
        }
        switch webhook(environment) {
        case .none: failures.append("no webhook is set, so that nobody could be told")
        case .some(let url):
            switch FailureMessage(report).post(to: url, allowInsecureLoopback: allowInsecureLoopback) {
            case .success(let id):
                var told = report
                told.messageId = id
                try? spool?.replace(told)
                Terminal.writeLine("discord was told that \(PrintableText.line(unit)) has failed")
                return
            case .failure(let refusal): failures.append(refusal.reason)
            }
        }
        let detail = failures.joined(separator: "; ")
        guard spool != nil else { throw CsvctlError.failureNotKept(detail: detail) }
        Terminal.writeError("csvctl: \(PrintableText.line(detail)); the report is kept for the next start\n")
    }

    /// What systemd tells units that it starts for `OnFailure=`: systemd.exec(5), `$MONITOR_*`.
    private static func report(_ unit: String, _ environment: [String: String]) -> FailureReport {
        var report = FailureReport(unit: unit, at: Date())
        report.result = environment["MONITOR_SERVICE_RESULT"]
        report.exitCode = environment["MONITOR_EXIT_CODE"]
        report.exitStatus = environment["MONITOR_EXIT_STATUS"]
        report.invocation = environment["MONITOR_INVOCATION_ID"]
        return report
    }

    private func webhook(_ environment: [String: String]) -> SecretURL? {
        let file = webhookUrlFile ?? environment["CREDENTIALS_DIRECTORY"].map { $0 + "/discord_webhook_url" }
        guard let file, let data = FileManager.default.contents(atPath: file) else { return nil }
        let line = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return line.isEmpty ? nil : SecretURL(line)
    }

    private static func text(_ error: any Error) -> String {
        (error as? CocoaError)?.localizedDescription ?? "\(error)"
    }
}
