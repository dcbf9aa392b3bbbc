import Foundation
import GRDB
import Shared

/// The state of an alert between two evaluations, as its evaluator wrote it.
package struct AlertStateRecord: Sendable, Hashable {
    /// Of the rule and the labels.
    package var fingerprint: String
    package var rule: String
    /// JSON
    package var document: String

    package init(fingerprint: String, rule: String, document: String) {
        self.fingerprint = fingerprint
        self.rule = rule
        self.document = document
    }
}

extension Catalogue {
    /// Stores the states of all alerts in place of those stored before.
    package func replaceAlertStates(_ states: [AlertStateRecord], at now: Date) throws(StorageError) {
        try write("storing alert states") { database in
            try database.execute(sql: "DELETE FROM alert_state")
            for state in states {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO alert_state VALUES (?, ?, ?, ?)",
                    arguments: [state.fingerprint, state.rule, state.document, WireTime.text(now)])
            }
        }
    }

    /// The stored states of all alerts.
    package func alertStates() throws(StorageError) -> [AlertStateRecord] {
        try read("reading alert states") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM alert_state ORDER BY fingerprint").map {
                AlertStateRecord(fingerprint: $0["fingerprint"], rule: $0["rule"], document: $0["document"])
            }
        }
    }

    /// Stores a silence and returns it with its id.
    package func createSilence(_ silence: SilenceReply) throws(StorageError) -> SilenceReply {
        var silence = silence
        silence.id = identifiers.next("silence")
        let stored = silence
        try write("storing a silence") { database in
            try database.execute(
                sql: "INSERT INTO silence VALUES (?, ?, ?, ?)",
                arguments: [
                    stored.id, try StoredValue.json(stored), WireTime.text(stored.startsAt),
                    WireTime.text(stored.endsAt),
                ])
        }
        return stored
    }

    /// Silences that end after `since`, those that end last first; `state` is as of `now`.
    package func silences(endingAfter since: Date, now: Date) throws(StorageError) -> [SilenceReply] {
        try read("reading silences") { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM silence WHERE ends_at > ? ORDER BY ends_at DESC, id",
                arguments: [WireTime.text(since)]
            ).map { row in
                var silence: SilenceReply = try row.json("document")
                silence.endsAt = try row.time("ends_at")
                silence.state = silence.endsAt <= now ? .expired : silence.startsAt > now ? .pending : .active
                return silence
            }
        }
    }

    /// Ends a silence now.
    ///
    /// Throws: `silenceNotFound`.
    package func expireSilence(_ id: String, at now: Date) throws(StorageError) {
        try write("ending a silence") { database in
            try database.execute(
                sql: "UPDATE silence SET ends_at = min(ends_at, ?) WHERE id = ?", arguments: [WireTime.text(now), id])
            if database.changesCount == 0 { throw StorageError.silenceNotFound(id) }
        }
    }
}
