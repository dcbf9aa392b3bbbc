import Foundation
import Shared

/// Where an alert comes from.
package enum AlertSource: String, Codable, Sendable, CaseIterable, Hashable {
    /// The daemon's own rules.
    case rules
    /// `POST /api/v2/alerts`, as Prometheus posts to an Alertmanager.
    case prometheus
    /// The webhook of an Alertmanager.
    case alertmanager
    /// The webhook of a Grafana contact point.
    case grafana
    /// The spool file that `csvctl notify-failure` leaves when the daemon died.
    case failure
    /// `csvctl drill`.
    case drill
    /// A check of the daemon's own about data or models.
    case data
}

/// What the sender of an alert knows of it beside its labels; it goes into the evidence of the incident that the alert opens.
package struct AlertFindings: Sendable, Equatable {
    /// What was looked at, in the sender's own terms: an expression, a condition, a rule in words.
    package var expression: String?
    /// Names with texts, in the order in which they are to be read; at most `mostFacts`.
    package var facts: [Evidence.Fact]
    /// Series over the window before it fired, drawn on the incident's page.
    package var series: [Evidence.Series]
    /// Where in the journal to look; nil for the last minutes before the alert began.
    package var since: Date?

    package static let mostFacts = 50
    package static let factLimitBytes = 4_096

    package init(
        expression: String? = nil, facts: [Evidence.Fact] = [], series: [Evidence.Series] = [], since: Date? = nil
    ) {
        self.expression = expression
        self.facts = facts
        self.series = series
        self.since = since
    }

    /// The facts within their limits.
    package var boundedFacts: [Evidence.Fact] {
        facts.prefix(Self.mostFacts).map { fact in
            let text = fact.text
            return text.utf8.count <= Self.factLimitBytes
                ? fact
                : Evidence.Fact(fact.name, String(decoding: text.utf8.prefix(Self.factLimitBytes), as: UTF8.self) + "…")
        }
    }
}

/// One alert as it enters the pipeline, whoever sent it.
///
/// A part of the daemon that finds something wrong makes one and hands it to `Supervision.take`: the rule's name and the labels make
/// the key of the incident, `severity` its severity, the annotations `summary`, `description` and `runbook` its texts, `findings` its
/// evidence. While it holds, it may be handed over again and again. When it is over, the same alert with `endsAt` is handed over.
package struct IncomingAlert: Sendable, Equatable {
    package var rule: String
    /// Without `alertname`, which is `rule`.
    package var labels: [String: String]
    package var annotations: [String: String]
    /// The value of the rule's expression; nil when the sender does not tell it.
    package var value: Double?
    package var startsAt: Date
    /// When the alert became quiet, or when its sender wants it to be taken for quiet; nil while nothing is known.
    package var endsAt: Date?
    package var source: AlertSource
    package var fingerprint: String?
    package var generatorURL: String?
    package var findings: AlertFindings?

    package init(
        rule: String, labels: [String: String], annotations: [String: String] = [:], value: Double? = nil,
        startsAt: Date, endsAt: Date? = nil, source: AlertSource = .rules, fingerprint: String? = nil,
        generatorURL: String? = nil, findings: AlertFindings? = nil
    ) {
        self.rule = rule
        self.labels = labels
        self.labels["alertname"] = nil
        self.annotations = annotations
        self.value = value
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.source = source
        self.fingerprint = fingerprint
        self.generatorURL = generatorURL
        self.findings = findings
    }

    /// True once its end has come.
    package func isQuiet(at now: Date) -> Bool { endsAt.map { $0 <= now } ?? false }

    /// The `severity` label as one of ours: `critical`, `page`, `error`, `fatal` and `emergency` are critical, all else a warning.
    package var severity: Severity {
        switch labels["severity"]?.lowercased() {
        case "critical", "page", "error", "fatal", "emergency", "disaster": .critical
        default: .warning
        }
    }

    /// The first line of the summary, or the rule's name; at most 200 characters.
    package var title: String {
        let text = annotations["summary"] ?? annotations["title"] ?? rule
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? rule
        return line.count > 200 ? line.prefix(199) + "…" : line
    }

    /// True for what must not be told to a receiver: the rule about failing notifications would feed itself.
    package var isForLogOnly: Bool { labels["notify"]?.lowercased() == "log" }
}
