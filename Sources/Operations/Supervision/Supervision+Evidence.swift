import Alerting
import Foundation
import Shared
import Telemetry

/// What the journal holds of this daemon over a span of time.
package struct JournalExcerpt: Sendable {
    /// Cursors of the first record of the span and of the last.
    package var from: String
    package var to: String
    /// The newest records of the span, oldest first.
    package var lines: [Evidence.JournalLine]

    package init(from: String, to: String, lines: [Evidence.JournalLine]) {
        self.from = from
        self.to = to
        self.lines = lines
    }
}

extension Supervision {
    private static let mostSeries = 20
    private static let mostSamples = 500
    private static let mostErrors = 20
    /// How far before the beginning of an alert its cause is looked for in the journal.
    private static let journalSeconds = 300.0

    /// What is known at the moment an incident opens.
    func evidence(for alert: IncomingAlert, ruleKey: String?, _ state: State, at now: Date) -> Evidence {
        let rule = ruleKey.flatMap { key in state.evaluator.file.rules.first { $0.key == key } }
        var evidence = Evidence(
            expression: rule?.expression.text ?? alert.findings?.expression ?? alert.generatorURL ?? "",
            value: alert.value, version: Build.version, configHash: state.configHash)
        if let ruleKey, let recorder = recorder.current {
            let series = recorder.withStore { state.evaluator.evidence(forRule: ruleKey, $0, at: now.milliseconds) }
            evidence.series = series.prefix(Self.mostSeries).map { labels, points in
                Evidence.Series(
                    metric: labels.metricName, labels: labels.withoutName.dictionary,
                    samples: points.suffix(Self.mostSamples).map { [Double($0.time) / 1000, $0.value] })
            }
        }
        if let findings = alert.findings {
            evidence.series += findings.series.prefix(Self.mostSeries)
            evidence.facts = findings.facts.isEmpty ? nil : findings.boundedFacts
        }
        evidence.errors = recentErrors.withLock { $0.newest(Self.mostErrors) }
        evidence.lastReloadAt = state.lastReloadAt
        evidence.runningJobs = jobsNow
        let since = alert.findings?.since ?? min(alert.startsAt, now).addingTimeInterval(-Self.journalSeconds)
        if let journal = journal(from: since, to: now) {
            evidence.journalFrom = journal.from
            evidence.journalTo = journal.to
            evidence.journal = journal.lines
        }
        return evidence
    }
}
