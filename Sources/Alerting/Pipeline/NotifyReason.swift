import Shared

/// Why a receiver is told of an incident, or is not. Its text stands in the timeline.
package enum NotifyReason: Sendable, Hashable {
    // Told
    case firstTime
    case repeatInterval(seconds: Double)
    case acknowledgementExpired
    case silenceEnded
    case inhibitionEnded
    /// Acknowledged, resolved, quiet, raised: the message is edited.
    case stateChanged

    // Not told
    case waitsForGroup(seconds: Double)
    case silenced(id: String, by: String)
    /// `by` is the key of the incident that holds it back.
    case inhibited(by: String)
    case logOnly
    case acknowledged
    case toldAlready
    /// Held back until now and quiet since.
    case quiet

    /// Whether a receiver hears of it.
    package var tells: Bool {
        switch self {
        case .firstTime, .repeatInterval, .acknowledgementExpired, .silenceEnded, .inhibitionEnded, .stateChanged: true
        case .waitsForGroup, .silenced, .inhibited, .logOnly, .acknowledged, .toldAlready, .quiet: false
        }
    }

    /// The stable name, for labels and logs.
    package var name: String {
        switch self {
        case .firstTime: "first_time"
        case .repeatInterval: "repeat_interval"
        case .acknowledgementExpired: "acknowledgement_expired"
        case .silenceEnded: "silence_ended"
        case .inhibitionEnded: "inhibition_ended"
        case .stateChanged: "state_changed"
        case .waitsForGroup: "waits_for_group"
        case .silenced: "silenced"
        case .inhibited: "inhibited"
        case .logOnly: "log_only"
        case .acknowledged: "acknowledged"
        case .toldAlready: "told_already"
        case .quiet: "quiet"
        }
    }

    /// Reads back from a timeline by what an incident was last held back, so that a restart neither forgets nor repeats it.
    init?(lastHeldBack timeline: [TimelineEntry]) {
        guard let text = timeline.last(where: { $0.kind == TimelineKind.suppressed.rawValue })?.text else { return nil }
        if let match = text.wholeMatch(of: /silenced: by silence (\S+) \((.*)\)/) {
            self = .silenced(id: String(match.1), by: String(match.2))
        } else if let match = text.wholeMatch(of: /inhibited: the critical incident (.*) is open/) {
            self = .inhibited(by: String(match.1))
        } else if text.hasPrefix("log_only: ") {
            self = .logOnly
        } else {
            return nil
        }
    }

    /// The sentence in the timeline.
    package var text: String {
        switch self {
        case .firstTime: "first_time: first notification"
        case .repeatInterval(let seconds):
            "repeat_interval: still firing \(IncidentJournal.shortNumber(seconds)) s after the last notification"
        case .acknowledgementExpired:
            "acknowledgement_expired: nobody resolved it within the time of the acknowledgement"
        case .silenceEnded: "silence_ended: still firing after the silence"
        case .inhibitionEnded: "inhibition_ended: still firing without the critical incident that held it back"
        case .stateChanged: "state_changed: the message is brought up to date"
        case .waitsForGroup(let seconds):
            "waits_for_group: sent in \(IncidentJournal.shortNumber(seconds)) s together with others of its rule"
        case .silenced(let id, let by): "silenced: by silence \(id) (\(by))"
        case .inhibited(let key): "inhibited: the critical incident \(key) is open"
        case .logOnly: "log_only: the rule's label notify=log keeps it from every receiver"
        case .acknowledged: "acknowledged: someone has taken it on"
        case .toldAlready: "told_already: within the repeat interval"
        case .quiet: "quiet: its alert stopped firing"
        }
    }
}
