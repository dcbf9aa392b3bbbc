import Operations
import Shared

/// All incidents, newest first.
struct IncidentsPage: PageView {
    static let template = "incidents"

    let frame = PageFrame("Incidents", area: .incidents)
    let incidents: [IncidentLine]
    let after: String?

    init(_ workspace: Workspace, after: String?) throws {
        let page = try workspace.incidents(IncidentFilter(parameter: "all"), after: after, limit: 100)
        incidents = page.items.map { IncidentLine($0) }
        self.after = page.next
    }
}

/// An incident in a list.
struct IncidentLine: Sendable {
    let number: Int
    let heading: String
    let state: String
    let severity: String
    let rule: String
    let opened: String
    let resolved: String

    init(_ incident: IncidentReply) {
        number = incident.number
        heading = incident.title
        state = incident.state.rawValue
        severity = incident.severity.rawValue
        rule = incident.rule
        opened = PageText.time(incident.openedAt)
        resolved = incident.resolvedAt.map { PageText.time($0) } ?? "–"
    }
}
