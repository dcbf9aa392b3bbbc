import Foundation
import Shared

/// A message that is to reach a receiver at least once. There is one of kind `status` for each incident and receiver: a change of the
/// incident replaces its payload and queues it again, so that a receiver that was away gets the last state and not all of them.
package struct OutboxMessage: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// The message that is edited as the incident goes on.
        case status
        /// Posted once, never edited.
        case reminder
    }

    package enum State: String, Sendable, CaseIterable {
        case queued, sent
        /// Given up; `lastError` says why.
        case dead
    }

    /// The number in the store; 0 before it has one.
    package var number: Int64
    package var incident: Int
    package var receiver: String
    package var kind: Kind
    package var payload: String
    package var nonce: String
    package var state: State
    package var attempts: Int
    package var nextAttemptAt: Date
    package var lastError: String?
    /// The receiver's id of the message, once it has been taken.
    package var messageId: String?
    package var createdAt: Date

    /// Takes a message up again from the store.
    package init(
        number: Int64, incident: Int, receiver: String, kind: Kind, payload: String, nonce: String, state: State,
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

    /// As a client sees it.
    package var reply: NotificationReply {
        NotificationReply(
            receiver: receiver, state: state.rawValue, attempts: attempts, lastError: lastError, messageId: messageId)
    }
}

extension OutboxMessage {
    /// The messages that a change asks for, to be stored in its transaction: number 0 is to be inserted, another to be replaced.
    ///
    /// - Parameter status: the incident's message of kind `status` for this receiver, if there is one.
    package static func messages(
        for change: IncidentChange, to receiver: String, status: OutboxMessage?, pageURL: String? = nil, at now: Date
    ) -> [OutboxMessage] {
        guard change.intent == .status || change.intent == .reminder else { return [] }
        let record = change.incident.record
        var message = status ?? fresh(record.number, receiver, .status, at: now)
        message.payload = DiscordMessage(record, nonce: message.nonce, pageURL: pageURL).json
        message.state = .queued
        message.attempts = 0
        message.nextAttemptAt = now
        message.lastError = nil
        guard change.intent == .reminder else { return [message] }
        var reminder = fresh(record.number, receiver, .reminder, at: now)
        reminder.payload = DiscordMessage(reminderOf: record, because: change.reason, nonce: reminder.nonce).json
        return [message, reminder]
    }

    private static func fresh(_ incident: Int, _ receiver: String, _ kind: Kind, at now: Date) -> OutboxMessage {
        // Unique for the incident and the moment, within Discord's 25 characters.
        let moment = Int64(max(0, min(now.timeIntervalSince1970, 4e9)) * 1_000)
        let nonce = "\(kind == .status ? "s" : "r")\(String(incident, radix: 36))-\(String(moment, radix: 36))"
        return OutboxMessage(
            number: 0, incident: incident, receiver: receiver, kind: kind, payload: "", nonce: nonce, state: .queued,
            attempts: 0, nextAttemptAt: now, lastError: nil, messageId: nil, createdAt: now)
    }
}
