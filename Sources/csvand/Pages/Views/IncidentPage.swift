import Operations
import Shared

/// An incident with what was known when it opened and what happened since.
struct IncidentPage: PageView {
    static let template = "incident"

    struct RecordedError: Sendable {
        let at: String
        let type: String
        let code: String
        let route: String
        let request: String
        let text: String
    }

    struct JournalRecord: Sendable {
        let at: String
        let request: String
        let text: String
    }

    struct Step: Sendable {
        let at: String
        let kind: String
        let by: String
        let text: String
    }

    struct Message: Sendable {
        let receiver: String
        let state: String
        let attempts: Int
        let failure: String
    }

    let frame: PageFrame
    let number: Int
    let heading: String
    let state: String
    let severity: String
    let isOpen: Bool
    let isUnresolved: Bool
    let summary: String?
    let runbook: String?
    let facts: [PageFact]
    let expression: String?
    let value: String
    let evidence: [PageFact]
    let charts: [Sparkline]
    let errors: [RecordedError]
    let hasErrors: Bool
    let records: [JournalRecord]
    let hasRecords: Bool
    let steps: [Step]
    let messages: [Message]
    let hasMessages: Bool
    let findings: [PageFact]
    let hasFindings: Bool

    init(_ workspace: Workspace, number: Int) throws {
        let incident = try workspace.incident(number)
        frame = PageFrame("Incident \(number)", area: .incidents)
        self.number = number
        heading = incident.title
        state = incident.state.rawValue
        severity = incident.severity.rawValue
        isOpen = incident.state == .open
        isUnresolved = incident.state != .resolved
        summary = incident.annotations?["description"] ?? incident.annotations?["summary"]
        // An address from a rule file: only one that cannot run anything becomes a link.
        runbook = (incident.annotations?["runbook_url"] ?? incident.annotations?["runbook"]).flatMap { address in
            address.hasPrefix("https://") || address.hasPrefix("http://") ? address : nil
        }
        facts = Self.facts(incident)
        expression = incident.evidence.expression.isEmpty ? nil : incident.evidence.expression
        value = PageText.number(incident.evidence.value)
        evidence = Self.facts(incident.evidence)
        charts = incident.evidence.series.prefix(12).compactMap { Sparkline($0) }
        errors = incident.evidence.errors.map {
            RecordedError(
                at: PageText.time($0.at), type: $0.type, code: $0.code, route: $0.route ?? "–",
                request: $0.requestId ?? "–", text: $0.text)
        }
        hasErrors = !errors.isEmpty
        records = (incident.evidence.journal ?? []).map {
            JournalRecord(at: PageText.time($0.at), request: $0.requestId ?? "–", text: $0.text)
        }
        hasRecords = !records.isEmpty
        steps = incident.timeline.map { Step(at: PageText.time($0.at), kind: $0.kind, by: $0.by, text: $0.text) }
        messages = (incident.notifications ?? []).map {
            Message(receiver: $0.receiver, state: $0.state, attempts: $0.attempts, failure: $0.lastError ?? "")
        }
        hasMessages = !messages.isEmpty
        findings = [
            ("Cause", incident.cause), ("Impact", incident.impact), ("Actions", incident.actions),
            ("Prevention", incident.prevention),
        ].compactMap { label, text in text.map { PageFact(label, $0) } }
        hasFindings = !findings.isEmpty
    }

    private static func facts(_ incident: IncidentReply) -> [PageFact] {
        var facts = [
            PageFact("Rule", incident.rule), PageFact("Opened", PageText.time(incident.openedAt)),
            PageFact("Key", incident.key), PageFact("Labels", PageText.labels(incident.labels)),
        ]
        if let runbook = incident.annotations?["runbook"] { facts.append(PageFact("Runbook", runbook)) }
        if let at = incident.acknowledgedAt { facts.append(PageFact("Acknowledged", PageText.time(at))) }
        if let at = incident.resolvedAt { facts.append(PageFact("Resolved", PageText.time(at))) }
        return facts
    }

    private static func facts(_ evidence: Evidence) -> [PageFact] {
        var facts = [
            PageFact("csvand", evidence.version), PageFact("Configuration", String(evidence.configHash.prefix(12))),
            PageFact(
                "Running jobs", evidence.runningJobs.isEmpty ? "none" : evidence.runningJobs.joined(separator: ", ")),
        ]
        if let at = evidence.lastReloadAt { facts.append(PageFact("Last reload", PageText.time(at))) }
        facts += (evidence.facts ?? []).map { PageFact($0.name, $0.text) }
        if let cursor = evidence.journalFrom { facts.append(PageFact("Journal from", cursor)) }
        if let cursor = evidence.journalTo { facts.append(PageFact("Journal to", cursor)) }
        return facts
    }
}
