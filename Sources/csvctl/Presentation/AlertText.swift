import Foundation
import Shared

/// Alerts, rules and silences as tables.
enum AlertText {
    static func alerts(_ alerts: [AlertReply], now: Date, width: Int?, style: TextStyle = .plain) -> String {
        guard !alerts.isEmpty else { return "no alerts" }
        var table = TextTable([
            .text("STATE"), .text("RULE"), .number("VALUE"), .text("SINCE"), .number("INCIDENT"), .text("LABELS"),
        ])
        for alert in alerts {
            table.add([
                alert.state.rawValue, alert.rule, Quantities.number(alert.value),
                Quantities.relative(alert.activeAt, now: now), alert.incident.map(String.init) ?? "-",
                LabelText.rendered(alert.labels),
            ])
        }
        return table.rendered(width: width, style: style)
    }

    static func rules(_ rules: [RuleReply], now: Date, width: Int?, style: TextStyle = .plain) -> String {
        guard !rules.isEmpty else { return "no rules" }
        var table = TextTable([
            .text("STATE"), .text("GROUP"), .text("RULE"), .number("VALUE"), .text("FOR"), .text("EVALUATED"),
            .text("EXPRESSION"),
        ])
        for rule in rules {
            table.add([
                rule.state.rawValue, rule.group, rule.name, rule.value.map(Quantities.number) ?? "-",
                Quantities.duration(seconds: rule.forSeconds),
                rule.lastEvaluation.map { Quantities.relative($0, now: now) } ?? "-", rule.expression,
            ])
        }
        return table.rendered(width: width, style: style)
    }

    static func replay(_ reply: RulesReplayReply, width: Int?, style: TextStyle = .plain) -> String {
        let span = Quantities.duration(seconds: reply.to.timeIntervalSince(reply.from))
        let summary = PrintableText.line(
            "\(reply.items.count) alerts within \(span), evaluated every "
                + Quantities.duration(seconds: reply.stepSeconds))
        let failures = reply.failures.map { PrintableText.line("not evaluated: " + $0) }
        guard !reply.items.isEmpty else { return ([summary] + failures).joined(separator: "\n") }
        var table = TextTable([.text("RULE"), .text("FIRED"), .text("FOR"), .number("VALUE"), .text("LABELS")])
        for item in reply.items {
            table.add([
                item.rule, WireDay.moment(item.firedAt),
                item.resolvedAt.map { Quantities.duration(seconds: $0.timeIntervalSince(item.firedAt)) }
                    ?? "still fires",
                Quantities.number(item.value),
                item.labels.sorted { $0.key < $1.key }.filter { $0.key != "alertname" }
                    .map { "\($0.key)=\"\($0.value)\"" }.joined(separator: " "),
            ])
        }
        return ([table.rendered(width: width, style: style), summary] + failures).joined(separator: "\n")
    }

    static func silences(_ silences: [SilenceReply], now: Date, width: Int?, style: TextStyle = .plain) -> String {
        guard !silences.isEmpty else { return "no silences" }
        var table = TextTable([
            .text("ID"), .text("STATE"), .text("ENDS"), .text("BY"), .text("MATCHERS"), .text("COMMENT"),
        ])
        for silence in silences {
            table.add([
                silence.id, silence.state.rawValue, Quantities.relative(silence.endsAt, now: now), silence.by,
                silence.matchers.map { "\($0.name)\($0.op.rawValue)\"\($0.value)\"" }.joined(separator: " "),
                silence.comment,
            ])
        }
        return table.rendered(width: width, style: style)
    }
}
