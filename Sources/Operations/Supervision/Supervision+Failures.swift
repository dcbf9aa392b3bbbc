import Alerting
import Foundation
import Logging
import Shared
import Storage

extension Supervision {
    /// The rule of incidents about the daemon's own end.
    static let failureRule = "DaemonFailed"

    /// Opens an incident for each failure that was reported while the daemon was down (`csvctl notify-failure`).
    ///
    /// A report goes only when its incident is stored; one that cannot be read is left where it is and told in the log.
    func takeFailures() {
        let directory = catalogue.directory.path + "/" + FailureReport.directory
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).filter {
            $0.hasSuffix(".json")
        }
        for name in names.sorted() {
            let path = directory + "/" + name
            do {
                let data = FileManager.default.contents(atPath: path) ?? Data()
                try open(try WireJSON.decode(FailureReport.self, from: data))
                try FileManager.default.removeItem(atPath: path)
            } catch {
                logger.error("The report \(path) could not be taken: \(error)")
            }
        }
    }

    private func open(_ report: FailureReport) throws {
        var alert = IncomingAlert(
            rule: Self.failureRule,
            labels: ["service": "csv_analyzer", "severity": "critical", "unit": report.unit],
            annotations: [
                "summary": "\(report.unit) has failed",
                "description": "systemd gave up on \(report.unit): \(report.reason).",
                "runbook": "docs/runbook.md#daemonfailed",
            ], startsAt: report.at, source: .failure)
        alert.findings = AlertFindings(
            expression: "OnFailure= of \(report.unit)",
            facts: [
                Evidence.Fact("Unit", report.unit), Evidence.Fact("Result", report.reason),
                Evidence.Fact("Invocation", report.invocation ?? "unknown"),
                Evidence.Fact("Told at once", report.messageId == nil ? "no" : "yes"),
            ], since: report.at.addingTimeInterval(-120))
        let now = Date()
        let opened = try step { pipeline, state in
            pipeline.take([alert], at: now) { self.evidence(for: $0, ruleKey: nil, state, at: now) }
        }
        if let messageId = report.messageId { try adopt(messageId, for: opened) }
        // It runs again: the incident stays open for someone to say what it was.
        alert.endsAt = now
        let ended = alert
        try step { pipeline, state in
            pipeline.take([ended], at: now) { self.evidence(for: $0, ruleKey: nil, state, at: now) }
        }
    }

    /// Makes the message that told of the failure the message of its incident, so that it is edited from now on.
    private func adopt(_ messageId: String, for changes: [Alerting.IncidentChange]) throws {
        for change in changes where change.isNew {
            let message = try catalogue.message(
                of: change.incident.number, receiver: OutboxSender.receiver,
                kind: OutboxMessage.Kind.status.rawValue)
            guard let message else { continue }
            try catalogue.settleMessage(message.number) { stored in
                var stored = stored
                stored.messageId = stored.messageId ?? messageId
                return (stored, nil)
            }
        }
    }
}
