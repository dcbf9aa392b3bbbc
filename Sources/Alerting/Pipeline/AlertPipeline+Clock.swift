import Foundation
import Shared

extension AlertPipeline {
    /// What time alone brings about: groups whose wait is over, repeats, acknowledgements, silences and foreign alerts that end.
    ///
    /// Call it once an evaluation, after `take`.
    package mutating func tick(at now: Date) -> [IncidentChange] {
        var changes = endForeignAlerts(at: now)
        for key in open.keys.sorted() {
            guard let incident = open[key] else { continue }
            var change = IncidentChange(incident, [])
            if let until = incident.acknowledgedUntil, until <= now {
                change = IncidentJournal.expireAcknowledgement(incident, at: now)
            }
            let alert = firing.values.first { $0.key == key }?.alert
            let held =
                alert.flatMap { inhibitor(of: $0) }
                ?? silence(of: incident.record.rule, incident.record.labels, at: now)
            let end = (groups[incident.record.rule] ?? incident.record.openedAt).addingTimeInterval(
                settings.groupWaitSeconds)
            change = settle(change, heldBackBy: held, waitsUntil: end, at: now)
            if !change.entries.isEmpty || change.intent != .none { changes.append(change) }
        }
        silences.removeAll { $0.state(at: now) == .expired }
        closeGroups(at: now)
        resolved = resolved.filter { now.timeIntervalSince($0.value.at) < settings.repeatIntervalSeconds }
        return changes
    }

    /// Marks quiet what was open before a start and does not fire any more.
    ///
    /// Call it once after a start, when every rule has been evaluated long enough for its `for` to be over.
    package mutating func settleAfterStart(at now: Date) -> [IncidentChange] {
        let firingKeys = Set(firing.values.map(\.key))
        return open.keys.sorted().compactMap { key in
            guard let incident = open[key], !firingKeys.contains(key), incident.quietSince == nil else { return nil }
            let change = IncidentJournal.quiet(
                incident, at: now, because: "the alert was no longer firing when the daemon started")
            return settle(change, heldBackBy: nil, waitsUntil: nil, at: now)
        }
    }

    /// When `tick` has something to do next, if nothing comes in before.
    package var nextDeadline: Date? {
        let incidents = open.values.flatMap { incident -> [Date] in
            var dates = [incident.acknowledgedUntil].compactMap(\.self)
            if let toldAt = incident.toldAt {
                dates.append(toldAt.addingTimeInterval(settings.repeatIntervalSeconds))
            } else {
                let start = groups[incident.record.rule] ?? incident.record.openedAt
                dates.append(start.addingTimeInterval(settings.groupWaitSeconds))
            }
            return dates
        }
        return (incidents + silences.map(\.endsAt) + firing.values.compactMap(\.alert.endsAt)).min()
    }

    /// Foreign senders repeat what fires; one that stops doing so has its alerts taken for quiet at the end it named.
    private mutating func endForeignAlerts(at now: Date) -> [IncidentChange] {
        let ended = firing.filter { $0.value.alert.isQuiet(at: now) }
        for identity in ended.keys { firing[identity] = nil }
        let still = Set(firing.values.map(\.key))
        return Set(ended.values.map(\.key)).subtracting(still).sorted().compactMap { key in
            guard let incident = open[key] else { return nil }
            let change = IncidentJournal.quiet(
                incident, at: now, because: "the sender stopped repeating the alert")
            return change.entries.isEmpty ? nil : settle(change, heldBackBy: nil, waitsUntil: nil, at: now)
        }
    }
}
