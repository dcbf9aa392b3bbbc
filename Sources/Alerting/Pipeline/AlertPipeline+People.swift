import Foundation
import Shared

extension AlertPipeline {
    /// Acknowledges an unresolved incident.
    ///
    /// - Throws: as `IncidentJournal.acknowledge`; `.unknownNumber` for a number that is not among the unresolved ones, which the caller
    ///   tells from a resolved one by looking into the store.
    package mutating func acknowledge(
        _ number: Int, _ request: AcknowledgeRequest, by: String, at now: Date
    ) throws(IncidentError) -> IncidentChange {
        keep(try IncidentJournal.acknowledge(try unresolved(number), request, by: by, at: now), at: now)
    }

    /// Adds a note to an unresolved incident; for a resolved one use `IncidentJournal.note`.
    package mutating func note(
        _ number: Int, _ request: NoteRequest, by: String, at now: Date
    ) throws(IncidentError) -> IncidentChange {
        keep(try IncidentJournal.note(try unresolved(number), request, by: by, at: now), at: now)
    }

    /// Resolves an incident. Its alert may go on firing: the next time it arrives, a new incident opens.
    package mutating func resolve(
        _ number: Int, _ request: ResolveRequest, by: String, at now: Date
    ) throws(IncidentError) -> IncidentChange {
        keep(try IncidentJournal.resolve(try unresolved(number), request, by: by, at: now), at: now)
    }

    /// Writes into the timeline of an unresolved incident what became of a message; nil when it has been resolved since.
    package mutating func record(_ entry: TimelineEntry, on number: Int) -> Incident? {
        guard var incident = open.values.first(where: { $0.number == number }) else { return nil }
        incident.record.timeline.append(entry)
        open[incident.key] = incident
        return incident
    }

    private func unresolved(_ number: Int) throws(IncidentError) -> Incident {
        guard let incident = open.values.first(where: { $0.number == number }) else { throw .unknownNumber(number) }
        return incident
    }

    /// A step by a person keeps the last decision about repeats; only its own message is decided.
    private mutating func keep(_ change: IncidentChange, at now: Date) -> IncidentChange {
        guard change.intent != .none else {
            open[change.incident.key] = change.incident
            return change
        }
        let held = silence(of: change.incident.record.rule, change.incident.record.labels, at: now)
        return settle(change, heldBackBy: held, waitsUntil: nil, at: now)
    }
}
