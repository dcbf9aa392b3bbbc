import Alerting
import Foundation
import Shared
import Storage

/// Which incidents a list shows.
package struct IncidentFilter: Sendable {
    let states: Set<IncidentState>

    package init(parameter: String?) throws(Problem) {
        switch parameter {
        case nil, "all": states = Set(IncidentState.allCases)
        case .some(let text):
            guard let state = IncidentState(rawValue: text) else {
                throw Problem.badParameter("state", text, expected: "open, acknowledged, resolved or all")
            }
            states = [state]
        }
    }
}

/// Who posts alerts, each in a format of its own.
package enum AlertSender: Sendable {
    case prometheus, alertmanager, grafana
}

extension Workspace {
    /// Newest first.
    package func incidents(_ filter: IncidentFilter, after cursor: String?, limit: Int) throws -> Page<IncidentReply> {
        let items = try catalogue.incidents(states: filter.states, before: try Cursor.number(cursor), limit: limit)
        return Page(items: items, next: Cursor.next(items.map(\.number), limit: limit))
    }

    package func incident(_ number: Int) throws -> IncidentReply { try catalogue.incident(number) }

    package func acknowledge(_ number: Int, _ request: AcknowledgeRequest) throws -> IncidentReply {
        try supervision.acknowledge(number, request)
    }

    package func annotate(_ number: Int, _ request: NoteRequest) throws -> IncidentReply {
        try supervision.annotate(number, request)
    }

    package func resolve(_ number: Int, _ request: ResolveRequest) throws -> IncidentReply {
        try supervision.resolve(number, request)
    }

    /// The post-mortem of an incident, in Markdown.
    package func postmortem(_ number: Int, language: String) throws -> String {
        guard let language = Postmortem.Language(rawValue: language) else {
            throw Problem.badParameter("lang", language, expected: "en or fr")
        }
        return Postmortem(try catalogue.incident(number), language: language).markdown
    }

    package func alerts() throws -> [AlertReply] { supervision.alerts() }
    package func rules() throws -> [RuleReply] { supervision.rules() }

    /// - Throws: `rule.invalid` with line and column.
    package func checkRules(_ text: String) throws -> RulesCheckReply { try supervision.check(rules: text) }

    package func silences() throws -> [SilenceReply] { supervision.silences() }
    package func addSilence(_ request: SilenceRequest) throws -> SilenceReply { try supervision.addSilence(request) }
    package func expireSilence(_ id: String) throws { try supervision.expireSilence(id) }

    package func simulate(_ request: SimulateRequest) throws -> SimulateReply { try supervision.simulate(request) }

    /// - Throws: `drill.not_possible`; blocks until the drill is over.
    package func drill(_ request: DrillRequest) throws -> DrillReply { try supervision.drill(request) }

    /// Takes alerts that others post.
    package func receive(_ body: Data, from sender: AlertSender) throws {
        let now = Date()
        let bytes = [UInt8](body)
        let alerts =
            switch sender {
            case .prometheus: try ReceivedAlerts.prometheus(bytes, at: now)
            case .alertmanager: try ReceivedAlerts.alertmanager(bytes, at: now)
            case .grafana: try ReceivedAlerts.grafana(bytes, at: now)
            }
        try supervision.take(alerts, at: now)
    }
}
