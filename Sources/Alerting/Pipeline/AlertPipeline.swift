import Foundation
import Shared

/// From alerts to incidents to the decision who is told, as one value.
///
/// Every mutating function gives the changes to be stored. A caller that could not store them throws the value away and keeps the
/// one from before: work on a copy, store, then assign.
///
/// Alerts pass six stages, in this order, each in a file of its own: `inhibit`, `silence`, `group`, `dedup`, `journal`, `notify`.
package struct AlertPipeline: Sendable {
    package var settings: PipelineSettings
    /// Silences that have not expired; those that have are dropped by `tick`.
    package internal(set) var silences: [Silence]
    /// The unresolved incidents by key.
    package internal(set) var open: [String: Incident]
    /// The number of the next incident.
    package internal(set) var nextNumber: Int

    /// The firing alerts by all their labels: several may stand behind one key.
    var firing: [String: FiringAlert] = [:]
    /// Since when the first message of a rule waits for others.
    var groups: [String: Date] = [:]
    /// When the last incident of a key was resolved: an alert that has fired since before that belongs to it.
    var resolved: [String: Settlement]
    /// What was last decided about a key, so that a decision that stays stands in the timeline once.
    var decided: [String: NotifyReason] = [:]

    struct FiringAlert: Sendable {
        var key: String
        var alert: IncomingAlert
    }

    /// What was true of a key when its incident was resolved.
    struct Settlement: Sendable {
        var at: Date
        /// The value that the alert fired with then; nil for one that did not fire, or is not known since the start.
        var value: Double?
    }

    /// Takes up the unresolved incidents and the silences of the store.
    ///
    /// - Parameter resolved: by key, when the newest resolved incident was resolved; those of the last repeat interval are enough.
    package init(
        settings: PipelineSettings, silences: [Silence] = [], unresolved: [Incident] = [],
        resolved: [String: Date] = [:], nextNumber: Int = 1
    ) {
        self.resolved = resolved.mapValues { Settlement(at: $0) }
        self.settings = settings
        self.silences = silences
        self.nextNumber = nextNumber
        open = Dictionary(unresolved.filter(\.isOpen).map { ($0.key, $0) }) { $0.number > $1.number ? $0 : $1 }
        decided = open.compactMapValues { $0.toldAt == nil ? NotifyReason(lastHeldBack: $0.record.timeline) : nil }
    }

    /// Takes alerts in, firing and quiet ones.
    ///
    /// - Parameter evidence: asked for once for each incident that opens.
    package mutating func take(
        _ alerts: [IncomingAlert], at now: Date, evidence: (IncomingAlert) -> Evidence
    ) -> [IncidentChange] {
        var line = alerts.map { AlertPassage(alert: $0, now: now) }
        inhibit(&line); silence(&line); group(&line); dedup(&line); journal(&line, evidence); notify(&line)
        return line.compactMap(\.change).filter { $0.isNew || !$0.entries.isEmpty || $0.intent != .none }
    }
}
