import Foundation
import Shared

extension AlertPipeline {
    /// Stage 6: decides for each incident whether it is told, and writes the reason into its timeline when it is a new one.
    mutating func notify(_ line: inout [AlertPassage]) {
        for index in line.indices {
            guard let change = line[index].change else { continue }
            line[index].change = settle(
                change, heldBackBy: line[index].heldBackBy, waitsUntil: line[index].waitsUntil, at: line[index].now)
        }
    }

    /// Completes a change with the decision and keeps the incident.
    mutating func settle(
        _ change: IncidentChange, heldBackBy: NotifyReason?, waitsUntil: Date?, at now: Date
    ) -> IncidentChange {
        var change = change
        let decision = decide(change, heldBackBy: heldBackBy, waitsUntil: waitsUntil, at: now)
        let isNewDecision = decided[change.incident.key] != decision
        change.reason = decision
        change.intent = intent(decision, change, isNewDecision: isNewDecision)
        if decision.tells, decision != .stateChanged {
            change.incident.toldAt = now
            change.entries.append(change.incident.add(.queued, at: now, by: IncidentJournal.daemon, decision.text))
        } else if isNewDecision, decision.isShownOnce {
            change.entries.append(change.incident.add(.suppressed, at: now, by: IncidentJournal.daemon, decision.text))
        }
        if change.incident.isOpen {
            decided[change.incident.key] = decision
            open[change.incident.key] = change.incident
        } else {
            decided[change.incident.key] = nil
            open[change.incident.key] = nil
            let value = firing.values.first { $0.key == change.incident.key }?.alert.value
            resolved[change.incident.key] = Settlement(at: now, value: value)
        }
        return change
    }

    /// The one place where it is decided whether anyone is told.
    private func decide(
        _ change: IncidentChange, heldBackBy: NotifyReason?, waitsUntil: Date?, at now: Date
    ) -> NotifyReason {
        let incident = change.incident
        if incident.isForLogOnly { return .logOnly }
        // What receivers have seen must not stand there wrong: a change of state is told in spite of a silence.
        if change.intent == .status, incident.toldAt != nil { return .stateChanged }
        if !incident.isOpen { return .toldAlready }
        if let heldBackBy { return heldBackBy }
        if change.reason == .acknowledgementExpired { return .acknowledgementExpired }
        if incident.record.state == .acknowledged { return .acknowledged }
        guard let toldAt = incident.toldAt else { return decideFirst(incident, waitsUntil: waitsUntil, at: now) }
        if incident.quietSince != nil { return .toldAlready }
        let sinceTold = now.timeIntervalSince(toldAt)
        return sinceTold >= settings.repeatIntervalSeconds
            ? .repeatInterval(seconds: sinceTold.rounded()) : .toldAlready
    }

    /// The decision for an incident that nobody has been told of.
    private func decideFirst(_ incident: Incident, waitsUntil: Date?, at now: Date) -> NotifyReason {
        let end = waitsUntil ?? incident.record.openedAt.addingTimeInterval(settings.groupWaitSeconds)
        switch decided[incident.key] {
        case .silenced: return incident.quietSince == nil ? .silenceEnded : .quiet
        case .inhibited: return incident.quietSince == nil ? .inhibitionEnded : .quiet
        case .quiet where incident.quietSince != nil: return .quiet
        case .waitsForGroup(let seconds) where now < end: return .waitsForGroup(seconds: seconds)
        default: return now < end ? .waitsForGroup(seconds: end.timeIntervalSince(now)) : .firstTime
        }
    }

    private func intent(_ decision: NotifyReason, _ change: IncidentChange, isNewDecision: Bool) -> NotificationIntent {
        switch decision {
        case .firstTime, .silenceEnded, .inhibitionEnded, .stateChanged: .status
        case .repeatInterval, .acknowledgementExpired: .reminder
        case .logOnly: change.entries.isEmpty && !isNewDecision ? .none : .log
        default: .none
        }
    }
}

extension NotifyReason {
    /// Whether it stands in the timeline when it begins to hold.
    fileprivate var isShownOnce: Bool {
        switch self {
        case .silenced, .inhibited, .logOnly, .waitsForGroup: true
        default: false
        }
    }
}
