import Foundation
import Shared

extension IncidentJournal {
    /// The longest text that a person may leave in one field, in bytes.
    package static let textLimitBytes = 16_384

    /// Someone takes the incident on: repeats are not told until the duration has passed.
    ///
    /// Acknowledging again replaces the earlier acknowledgement.
    /// - Throws: `.alreadyResolved`, `.badDuration`, `.textTooLong`.
    package static func acknowledge(
        _ incident: Incident, _ request: AcknowledgeRequest, by: String, at now: Date
    ) throws(IncidentError) -> IncidentChange {
        guard incident.isOpen else { throw .alreadyResolved(number: incident.number) }
        try check(request.comment, "comment")
        if let seconds = request.durationSeconds, !(seconds >= 1 && seconds <= 7_776_000) {
            throw .badDuration(seconds: seconds)
        }
        var incident = incident
        incident.record.state = .acknowledged
        incident.record.acknowledgedAt = now
        incident.acknowledgedUntil = request.durationSeconds.map { now.addingTimeInterval($0) }
        let until = incident.acknowledgedUntil.map { "until \(timeText($0))" }
        let text = [until, trimmed(request.comment)].compactMap(\.self).joined(separator: ": ")
        let entry = incident.add(.acknowledged, at: now, by: by, text)
        return IncidentChange(incident, [entry], intent: .status, reason: .stateChanged)
    }

    /// The acknowledgement's time is over and nobody resolved the incident: it is open again and told again.
    static func expireAcknowledgement(_ incident: Incident, at now: Date) -> IncidentChange {
        var incident = incident
        incident.record.state = .open
        incident.acknowledgedUntil = nil
        let entry = incident.add(
            .unacknowledged, at: now, by: daemon, "the acknowledgement ran out before the incident was resolved")
        return IncidentChange(incident, [entry], intent: .reminder, reason: .acknowledgementExpired)
    }

    /// Someone leaves a remark, also on a resolved incident.
    ///
    /// - Throws: `.emptyNote`, `.textTooLong`.
    package static func note(
        _ incident: Incident, _ request: NoteRequest, by: String, at now: Date
    ) throws(IncidentError) -> IncidentChange {
        guard let text = trimmed(request.text) else { throw .emptyNote(number: incident.number) }
        try check(text, "text")
        var incident = incident
        let entry = incident.add(.note, at: now, by: by, text)
        return IncidentChange(incident, [entry])
    }

    /// Someone closes the incident, with what was found.
    ///
    /// - Throws: `.alreadyResolved`, `.textTooLong`.
    package static func resolve(
        _ incident: Incident, _ request: ResolveRequest, by: String, at now: Date
    ) throws(IncidentError) -> IncidentChange {
        guard incident.isOpen else { throw .alreadyResolved(number: incident.number) }
        try check(request.cause, "cause")
        try check(request.impact, "impact")
        try check(request.actions, "actions")
        try check(request.prevention, "prevention")
        var incident = incident
        incident.record.state = .resolved
        incident.record.resolvedAt = now
        incident.acknowledgedUntil = nil
        incident.record.cause = trimmed(request.cause)
        incident.record.impact = trimmed(request.impact)
        incident.record.actions = trimmed(request.actions)
        incident.record.prevention = trimmed(request.prevention)
        let entry = incident.add(.resolved, at: now, by: by, trimmed(request.cause) ?? "no cause given")
        return IncidentChange(incident, [entry], intent: .status, reason: .stateChanged)
    }

    private static func check(_ text: String?, _ field: String) throws(IncidentError) {
        if let text, text.utf8.count > textLimitBytes { throw .textTooLong(field: field, limit: textLimitBytes) }
    }

    private static func trimmed(_ text: String?) -> String? {
        guard let text = text?.trimmingCharacters(in: .whitespacesAndNewlines), !text.isEmpty else { return nil }
        return text
    }
}
