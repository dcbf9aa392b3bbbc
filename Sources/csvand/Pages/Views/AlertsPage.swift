import Operations
import Shared

/// The rules with their states, the alerts they make now, and what is silenced.
struct AlertsPage: PageView {
    static let template = "alerts"

    struct Alert: Sendable {
        let rule: String
        let state: String
        let labels: String
        let since: String
        let value: String
        let incident: Int?
    }

    struct SilenceLine: Sendable {
        let id: String
        let state: String
        let matchers: String
        let ends: String
        let by: String
        let comment: String
    }

    let frame = PageFrame("Alerts", area: .alerts)
    let rules: [RuleLine]
    let alerts: [Alert]
    let silences: [SilenceLine]

    init(_ workspace: Workspace) throws {
        rules = try workspace.rules().map { RuleLine($0) }
        alerts = try workspace.alerts().map { alert in
            Alert(
                rule: alert.rule, state: alert.state.rawValue, labels: PageText.labels(alert.labels),
                since: PageText.time(alert.activeAt), value: PageText.number(alert.value), incident: alert.incident)
        }
        silences = try workspace.silences().map { silence in
            SilenceLine(
                id: silence.id, state: silence.state.rawValue,
                matchers: silence.matchers.map { "\($0.name)\($0.op.rawValue)\"\($0.value)\"" }.joined(separator: ", "),
                ends: PageText.time(silence.endsAt), by: silence.by, comment: silence.comment)
        }
    }
}

/// A rule in a list.
struct RuleLine: Sendable {
    let group: String
    let name: String
    let expression: String
    let state: String
    let severity: String
    let value: String
    let waits: String
    let evaluated: String

    init(_ rule: RuleReply) {
        group = rule.group
        name = rule.name
        expression = rule.expression
        state = rule.state.rawValue
        severity = rule.labels["severity"] ?? "–"
        value = PageText.number(rule.value)
        waits = rule.forSeconds > 0 ? PageText.span(rule.forSeconds) : "–"
        evaluated = rule.lastEvaluation.map { PageText.time($0) } ?? "not yet"
    }
}
