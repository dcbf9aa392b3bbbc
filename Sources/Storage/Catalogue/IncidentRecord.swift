import Foundation
import Shared

/// An incident that is about to be opened.
package struct NewIncident: Sendable {
    /// One unresolved incident a key.
    package var key: String
    package var severity: Severity
    package var title: String
    package var rule: String
    package var labels: [String: String]
    package var annotations: [String: String]
    package var evidence: Evidence

    package init(
        key: String, severity: Severity, title: String, rule: String, labels: [String: String],
        annotations: [String: String] = [:], evidence: Evidence
    ) {
        self.key = key
        self.severity = severity
        self.title = title
        self.rule = rule
        self.labels = labels
        self.annotations = annotations
        self.evidence = evidence
    }
}

/// A message that is about to be queued.
package struct NewMessage: Sendable, Hashable {
    /// `discord`, ...
    package var receiver: String
    /// `opened`, `updated`, `resolved`, ...
    package var kind: String
    /// What the receiver gets, as JSON.
    package var payload: String
    /// Not tried before.
    package var notBefore: Date?

    package init(receiver: String, kind: String, payload: String, notBefore: Date? = nil) {
        self.receiver = receiver
        self.kind = kind
        self.payload = payload
        self.notBefore = notBefore
    }
}

package enum MessageState: String, Sendable, Codable, CaseIterable {
    case queued, sent, dead
}

/// A message in the outbox.
package struct MessageRecord: Sendable, Hashable {
    package var number: Int
    package var incident: Int?
    package var receiver: String
    package var kind: String
    package var payload: String
    /// The same for every attempt, so that a receiver can drop a second copy.
    package var nonce: String
    package var state: MessageState
    package var attempts: Int
    package var nextAttemptAt: Date
    package var lastError: String?
    /// The receiver's id of the message, for later changes of it.
    package var messageId: String?
    package var createdAt: Date

    package init(
        number: Int, incident: Int?, receiver: String, kind: String, payload: String, nonce: String,
        state: MessageState,
        attempts: Int, nextAttemptAt: Date, lastError: String?, messageId: String?, createdAt: Date
    ) {
        self.number = number
        self.incident = incident
        self.receiver = receiver
        self.kind = kind
        self.payload = payload
        self.nonce = nonce
        self.state = state
        self.attempts = attempts
        self.nextAttemptAt = nextAttemptAt
        self.lastError = lastError
        self.messageId = messageId
        self.createdAt = createdAt
    }
}

/// What changes about an incident in one transaction.
package struct IncidentChange: Sendable {
    package var state: IncidentState?
    package var severity: Severity?
    package var acknowledgedUntil: Date?
    package var cause: String?
    package var impact: String?
    package var actions: String?
    package var prevention: String?
    package var timeline: [TimelineEntry]
    package var messages: [NewMessage]

    package init(state: IncidentState? = nil, timeline: [TimelineEntry] = [], messages: [NewMessage] = []) {
        self.state = state
        self.timeline = timeline
        self.messages = messages
    }
}
