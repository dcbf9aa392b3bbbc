import Foundation
import Shared

/// For a time, alerts that meet all its matchers open incidents that nobody is told of.
package struct Silence: Sendable, Equatable {
    package let id: String
    package let matchers: [AlertMatcher]
    package let startsAt: Date
    package private(set) var endsAt: Date
    package let by: String
    package let comment: String

    /// Makes a silence of a request.
    ///
    /// - Parameter id: made by the caller, unique for ever.
    /// - Throws: `.silenceWithoutMatcher`, `.silenceOfEverything`, `.badMatcher`, `.badDuration`, `.textTooLong`.
    package init(_ request: SilenceRequest, id: String, by: String, at now: Date) throws(IncidentError) {
        guard request.durationSeconds >= 1, request.durationSeconds <= 7_776_000 else {
            throw .badDuration(seconds: request.durationSeconds)
        }
        let startsAt = max(request.startsAt ?? now, now)
        try self.init(
            SilenceReply(
                id: id, state: .pending, matchers: request.matchers, startsAt: startsAt,
                endsAt: startsAt.addingTimeInterval(request.durationSeconds), by: by, comment: request.comment ?? ""))
        if self.comment.utf8.count > IncidentJournal.textLimitBytes {
            throw .textTooLong(field: "comment", limit: IncidentJournal.textLimitBytes)
        }
    }

    /// Takes a silence up again from the store.
    package init(_ stored: SilenceReply) throws(IncidentError) {
        guard !stored.matchers.isEmpty, stored.matchers.count <= 32 else { throw .silenceWithoutMatcher }
        var matchers: [AlertMatcher] = []
        for matcher in stored.matchers { matchers.append(try AlertMatcher(matcher)) }
        guard !matchers.allSatisfy({ $0.accepts("") }) else { throw .silenceOfEverything }
        id = stored.id
        self.matchers = matchers
        startsAt = stored.startsAt
        endsAt = stored.endsAt
        by = stored.by
        comment = stored.comment
    }

    package func state(at now: Date) -> SilenceState {
        now >= endsAt ? .expired : now >= startsAt ? .active : .pending
    }

    /// Ends it now; one that has ended keeps its end.
    package mutating func expire(at now: Date) { endsAt = min(endsAt, now) }

    /// As the wire and the store have it.
    package func reply(at now: Date) -> SilenceReply {
        SilenceReply(
            id: id, state: state(at: now), matchers: matchers.map(\.wire), startsAt: startsAt, endsAt: endsAt, by: by,
            comment: comment)
    }
}
