import Foundation
import Shared

/// When messages are tried, tried again and given up. Pure: the clock and the jitter are given.
package struct OutboxSchedule: Sendable, Equatable {
    package var firstRetrySeconds: Double
    package var longestRetrySeconds: Double
    /// Failed tries after which a message is dead; being told to wait is not a failed try.
    package var mostAttempts: Int
    /// The least time between two tries to one receiver.
    package var paceSeconds: Double

    /// With the defaults a receiver that is away is tried for somewhat over three hours.
    package init(
        firstRetrySeconds: Double = 1, longestRetrySeconds: Double = 60, mostAttempts: Int = 200,
        paceSeconds: Double = 1
    ) {
        self.firstRetrySeconds = firstRetrySeconds
        self.longestRetrySeconds = longestRetrySeconds
        self.mostAttempts = mostAttempts
        self.paceSeconds = paceSeconds
    }

    /// How a receiver may be called.
    package struct Pace: Sendable, Equatable {
        package var lastAttemptAt: Date?
        /// Set by a 429.
        package var blockedUntil: Date?
        package init(lastAttemptAt: Date? = nil, blockedUntil: Date? = nil) {
            self.lastAttemptAt = lastAttemptAt
            self.blockedUntil = blockedUntil
        }
    }

    /// The longest wait that anything here can ask for: a time further off comes from a clock that was set back.
    private static let longestWaitSeconds = 3_700.0

    /// The message to be tried now, the oldest of those due; nil when there is none.
    package func due(_ messages: [OutboxMessage], pace: Pace, at now: Date) -> OutboxMessage? {
        guard isFree(pace, at: now) else { return nil }
        return messages.filter { $0.state == .queued && isOver($0.nextAttemptAt, at: now) }
            .min { ($0.nextAttemptAt, $0.number) < ($1.nextAttemptAt, $1.number) }
    }

    /// When `due` has something to give, if nothing is queued before; nil for an empty outbox.
    package func nextDue(_ messages: [OutboxMessage], pace: Pace) -> Date? {
        let first = messages.filter { $0.state == .queued }.map(\.nextAttemptAt).min()
        let free = pace.lastAttemptAt.map { $0.addingTimeInterval(paceSeconds) }
        return first.map { [$0, free, pace.blockedUntil].compactMap(\.self).max() ?? $0 }
    }

    /// The message as it stands after a try.
    ///
    /// - Parameters:
    ///   - current: as it is in the store now.
    ///   - attempted: as it was when the try began: a payload that has changed since is queued again.
    ///   - jitter: 0 to 1, drawn at random.
    package func after(
        _ result: DeliveryResult, current: OutboxMessage, attempted: OutboxMessage, jitter: Double, at now: Date
    ) -> OutboxMessage {
        var message = current
        message.attempts = min(current.attempts, Int.max - 1) + 1
        switch result {
        case .delivered(let id):
            message.messageId = id ?? current.messageId
            message.lastError = nil
            let isCurrent = current.payload == attempted.payload
            message.state = isCurrent ? .sent : .queued
            if !isCurrent { (message.attempts, message.nextAttemptAt) = (0, now) }
        case .rateLimited(let seconds):
            message.attempts = current.attempts
            message.nextAttemptAt = now.addingTimeInterval(seconds)
            message.lastError = "told to wait \(IncidentJournal.shortNumber(seconds)) s"
        case .messageGone:
            message.messageId = nil
            message.nextAttemptAt = now
            message.lastError = "the message was deleted at the receiver; it is posted anew"
        case .refused(let reason):
            message.state = .dead
            message.lastError = reason
        case .failed(let reason):
            message.lastError = reason
            if message.attempts >= mostAttempts { message.state = .dead }
            message.nextAttemptAt = now.addingTimeInterval(delay(after: message.attempts, jitter: jitter))
        }
        return message
    }

    /// The pace after a try.
    package func pace(_ pace: Pace, after result: DeliveryResult, at now: Date) -> Pace {
        var pace = pace
        pace.lastAttemptAt = now
        if case .rateLimited(let seconds) = result { pace.blockedUntil = now.addingTimeInterval(seconds) }
        return pace
    }

    /// Doubles from the first to the longest; of each half is certain and half is the jitter's, so that never less than the pace.
    package func delay(after attempts: Int, jitter: Double) -> Double {
        let doubled = firstRetrySeconds * pow(2, Double(min(max(attempts, 1), 32) - 1))
        let whole = min(doubled, longestRetrySeconds)
        return max(paceSeconds, whole / 2 + whole / 2 * min(max(jitter, 0), 1))
    }

    /// What stands in the incident's timeline about a try; nil when it changed nothing that a reader needs.
    package static func entry(_ message: OutboxMessage, after result: DeliveryResult, at now: Date) -> TimelineEntry? {
        let by = IncidentJournal.daemon
        let times = message.attempts > 1 ? " at attempt \(message.attempts)" : ""
        let receiver = message.receiver.prefix(1).uppercased() + message.receiver.dropFirst()
        switch (result, message.state) {
        case (.delivered, .sent):
            let what = message.kind == .reminder ? "the reminder" : "the message"
            return TimelineEntry(
                at: now, kind: TimelineKind.notified.rawValue, by: by, text: "\(receiver) accepted \(what)\(times)")
        case (_, .dead):
            return TimelineEntry(
                at: now, kind: TimelineKind.notificationFailed.rawValue, by: by,
                text: "\(receiver) will not be notified\(times): \(message.lastError ?? "no reason")")
        case (.failed, _) where message.attempts == 1:
            return TimelineEntry(
                at: now, kind: TimelineKind.notificationFailed.rawValue, by: by,
                text: "\(receiver) was not reached and is tried again: \(message.lastError ?? "no reason")")
        default: return nil
        }
    }

    private func isFree(_ pace: Pace, at now: Date) -> Bool {
        let last = pace.lastAttemptAt.map { now.timeIntervalSince($0) }
        // A negative time is a clock that was set back.
        return last.map { $0 >= paceSeconds || $0 < 0 } ?? true
            && pace.blockedUntil.map { isOver($0, at: now) } ?? true
    }

    private func isOver(_ date: Date, at now: Date) -> Bool {
        date <= now || date.timeIntervalSince(now) > Self.longestWaitSeconds
    }
}
