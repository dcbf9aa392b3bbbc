import Foundation
import Shared

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
