import Foundation
import Shared

/// The transitions of an incident, as pure functions: each gives the new value and the entries that its timeline gets.
///
/// An incident is resolved by a person, never by its alert becoming quiet: a trouble that went away by itself has not been
/// understood, and the post-mortem needs someone's words. Quiet alerts are marked in the timeline.
package enum IncidentJournal {
    /// The name under which the daemon itself acts.
    package static let daemon = "csvand"

    /// Repeats that get an entry each; beyond them only those whose count is a power of two do, which bounds the timeline.
    static let repeatsWithEntry = 8

    /// A new incident for an alert on a key that has none open.
    static func open(
        _ alert: IncomingAlert, key: String, number: Int, evidence: Evidence, at now: Date
    ) -> IncidentChange {
        let record = IncidentReply(
            number: number, state: .open, severity: alert.severity, key: key, title: alert.title, openedAt: now,
            rule: alert.rule, labels: alert.labels, annotations: alert.annotations, evidence: evidence, timeline: [])
        var incident = Incident(record)
        let value = alert.value.map { " with the value \(shortNumber($0))" } ?? ""
        let entry = incident.add(
            .opened, at: now, by: daemon, "\(alert.rule) fired\(value)\(alert.source.fromWhere)")
        return IncidentChange(incident, [entry], isNew: true)
    }

    /// The alert is there again: it goes on firing, as senders repeat at every evaluation, or it has begun to fire anew.
    static func again(_ incident: Incident, _ alert: IncomingAlert, at now: Date) -> IncidentChange {
        // Times of the store are cut to the millisecond.
        let isSameFiring = alert.startsAt <= incident.lastFiredAt.addingTimeInterval(0.5)
        let isRaise = alert.severity == .critical && incident.record.severity == .warning
        return isSameFiring && incident.quietSince == nil && !isRaise
            ? goesOn(incident, alert, at: now) : firedAgain(incident, alert, at: now)
    }

    /// It goes on firing: told in the timeline only when the value has doubled, which bounds the entries by the logarithm.
    private static func goesOn(_ incident: Incident, _ alert: IncomingAlert, at now: Date) -> IncidentChange {
        guard let value = alert.value, let highest = incident.highestValue, highest > 0, value >= 2 * highest,
            value.isFinite
        else { return IncidentChange(incident, []) }
        var incident = incident
        incident.highestValue = value
        let entry = incident.add(
            .risen, at: now, by: daemon, "still firing; the value has risen to \(shortNumber(value))")
        return IncidentChange(incident, [entry])
    }

    private static func firedAgain(_ incident: Incident, _ alert: IncomingAlert, at now: Date) -> IncidentChange {
        var incident = incident
        incident.repeats = min(incident.repeats, Int.max - 1) + 1
        incident.lastFiredAt = max(now, incident.lastFiredAt)
        incident.highestValue = [incident.highestValue, alert.value].compactMap(\.self).max()
        let wasQuiet = incident.quietSince != nil
        incident.quietSince = nil
        let raised = alert.severity == .critical && incident.record.severity == .warning
        if raised { incident.record.severity = .critical }
        let count = incident.repeats
        guard wasQuiet || raised || count <= repeatsWithEntry || count & (count - 1) == 0 else {
            return IncidentChange(incident, [])
        }
        let value = alert.value.map { " with the value \(shortNumber($0))" } ?? ""
        let text =
            "fired again\(value)\(wasQuiet ? " after being quiet" : "") (repeat \(count))\(raised ? "; now critical" : "")"
        let entry = incident.add(.repeated, at: now, by: daemon, text)
        return IncidentChange(incident, [entry], intent: raised || wasQuiet ? .status : .none)
    }

    /// The alert does not fire any more; the incident stays as it is.
    static func quiet(_ incident: Incident, at now: Date, because: String) -> IncidentChange {
        guard incident.isOpen, incident.quietSince == nil else { return IncidentChange(incident, []) }
        var incident = incident
        incident.quietSince = now
        let entry = incident.add(.quiet, at: now, by: daemon, because)
        return IncidentChange(incident, [entry], intent: .status)
    }

    /// A time as people read it: `2026-11-23 15:04:05 UTC`.
    static func timeText(_ date: Date) -> String {
        String(WireTime.text(date).prefix(19)).replacing("T", with: " ") + " UTC"
    }

    /// A number with at most six significant digits, without a trailing `.0`.
    static func shortNumber(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(format: "%.6g", value)
    }
}

extension AlertSource {
    fileprivate var fromWhere: String {
        switch self {
        case .rules, .data: ""
        case .prometheus: ", received from Prometheus"
        case .alertmanager: ", received from Alertmanager"
        case .grafana: ", received from Grafana"
        case .failure: ", left by the failed daemon"
        case .drill: ", as a drill"
        }
    }
}
