import Shared

/// What one step of the journal made of an incident: to be stored in one transaction, message included.
package struct IncidentChange: Sendable {
    /// The incident after the step.
    package var incident: Incident
    /// What the step added to the timeline, oldest first; also at the end of `incident.record.timeline`.
    package var entries: [TimelineEntry]
    package var intent: NotificationIntent
    /// Why the intent is what it is.
    package var reason: NotifyReason
    /// True when the step made the incident: insert rather than update.
    package var isNew: Bool

    init(
        _ incident: Incident, _ entries: [TimelineEntry], intent: NotificationIntent = .none,
        reason: NotifyReason = .toldAlready, isNew: Bool = false
    ) {
        self.incident = incident
        self.entries = entries
        self.intent = intent
        self.reason = reason
        self.isNew = isNew
    }
}

/// Who is to hear of a step.
package enum NotificationIntent: String, Sendable, Equatable {
    case none
    /// The one message of the incident is to be posted, or edited when it has been.
    case status
    /// As `status`, and a short new message is to be posted: an edit makes nobody look.
    case reminder
    /// One record in the log, no receiver.
    case log
}
