import Foundation
import Shared

/// An incident as the journal works on it: the record of the wire with its timeline, and what follows from the timeline.
///
/// Only `record` and `acknowledgedUntil` are stored; the rest is read from the timeline again at a start.
package struct Incident: Sendable {
    package internal(set) var record: IncidentReply
    /// When the acknowledgement ends; nil for never, or when there is none.
    package internal(set) var acknowledgedUntil: Date?
    /// Since when its alert does not fire; nil while it fires.
    package internal(set) var quietSince: Date?
    /// When a receiver was last told of its own accord; nil while none was.
    package internal(set) var toldAt: Date?
    package internal(set) var lastFiredAt: Date
    /// How often the alert fired again while the incident was open.
    package internal(set) var repeats: Int

    /// The highest value that the timeline knows of.
    package internal(set) var highestValue: Double?

    /// Takes an incident up again from the store, timeline included.
    package init(_ record: IncidentReply, acknowledgedUntil: Date? = nil) {
        self.record = record
        self.acknowledgedUntil = acknowledgedUntil
        lastFiredAt = record.openedAt
        repeats = 0
        highestValue = record.evidence.value
        for entry in record.timeline {
            switch TimelineKind(rawValue: entry.kind) {
            case .repeated:
                repeats += 1
                lastFiredAt = entry.at
                quietSince = nil
            case .quiet: quietSince = entry.at
            case .queued: toldAt = entry.at
            default: break
            }
        }
    }

    package var number: Int { record.number }
    package var key: String { record.key }
    package var isOpen: Bool { record.state != .resolved }
    /// Whether only the log may hear of it.
    package var isForLogOnly: Bool { record.labels["notify"]?.lowercased() == "log" }

    mutating func add(_ kind: TimelineKind, at: Date, by: String, _ text: String) -> TimelineEntry {
        let entry = TimelineEntry(at: at, kind: kind.rawValue, by: by, text: text)
        record.timeline.append(entry)
        return entry
    }
}

/// The kinds of entries in a timeline.
package enum TimelineKind: String, Sendable, CaseIterable {
    case opened, repeated, quiet, acknowledged, note, resolved
    /// The alert goes on firing with at least twice the value.
    case risen
    /// The acknowledgement ended before the incident did.
    case unacknowledged = "acknowledgement_expired"
    /// A message was put into the outbox.
    case queued
    /// A receiver has taken the message.
    case notified
    /// A receiver will not get the message.
    case notificationFailed = "notification_failed"
    /// Nobody is told, with the reason.
    case suppressed
}
