import Foundation
import GRDB
import Shared

extension Catalogue {
    /// Stores one step of an incident in one transaction: its fields, what its timeline gained, and the messages it asks for. After a
    /// crash all of it is there, or none.
    ///
    /// Messages with number 0 are inserted, others replaced.
    ///
    /// Throws: `invalid` when a new incident does not get the number it was made with; `incidentNotFound`.
    package func putIncident(
        _ record: IncidentReply, acknowledgedUntil: Date?, isNew: Bool, entries: [TimelineEntry],
        messages: [MessageRecord]
    ) throws(StorageError) {
        try write("storing incident \(record.number)") { database in
            if isNew {
                try database.execute(
                    sql: """
                        INSERT INTO incident (key, state, severity, title, rule, labels, annotations, evidence, opened_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        record.key, record.state.rawValue, record.severity.rawValue, record.title, record.rule,
                        try StoredValue.json(record.labels), try StoredValue.optionalJSON(record.annotations),
                        try StoredValue.json(record.evidence), WireTime.text(record.openedAt),
                    ])
                guard database.lastInsertedRowID == Int64(record.number) else {
                    throw StorageError.invalid(
                        "incident \(record.number) would be stored as \(database.lastInsertedRowID)")
                }
            }
            try database.execute(
                sql: """
                    UPDATE incident SET state = ?, severity = ?, acknowledged_at = ?, acknowledged_until = ?, resolved_at = ?,
                        cause = ?, impact = ?, actions = ?, prevention = ? WHERE number = ?
                    """,
                arguments: [
                    record.state.rawValue, record.severity.rawValue, record.acknowledgedAt.map(WireTime.text),
                    acknowledgedUntil.map(WireTime.text), record.resolvedAt.map(WireTime.text), record.cause,
                    record.impact,
                    record.actions, record.prevention, record.number,
                ])
            guard database.changesCount == 1 else { throw StorageError.incidentNotFound(record.number) }
            try Self.append(entries, to: record.number, in: database)
            for message in messages { try Self.put(message, in: database) }
        }
    }

    /// Incidents that are not resolved, with the ends of their acknowledgements.
    package func unresolvedIncidents() throws(StorageError) -> [(incident: IncidentReply, acknowledgedUntil: Date?)] {
        try read("reading incidents") { database in
            try Row.fetchAll(
                database,
                sql: "SELECT number, acknowledged_until FROM incident WHERE state <> 'resolved' ORDER BY number"
            ).map { (try Self.incident($0["number"], in: database), try $0.optionalTime("acknowledged_until")) }
        }
    }

    /// When the newest resolved incident of each key was resolved, for those resolved since a time.
    package func resolutions(since: Date) throws(StorageError) -> [String: Date] {
        try read("reading incidents") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT key, max(resolved_at) AS resolved_at FROM incident
                    WHERE state = 'resolved' AND resolved_at >= ? GROUP BY key
                    """, arguments: [WireTime.text(since)])
            return try Dictionary(uniqueKeysWithValues: rows.map { ($0["key"], try $0.time("resolved_at")) })
        }
    }

    /// The highest number that an incident ever had, 0 before the first.
    package func lastIncidentNumber() throws(StorageError) -> Int {
        try read("reading incidents") { database in
            try Int.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'incident'") ?? 0
        }
    }

    /// The newest message of a kind for an incident and a receiver.
    package func message(of incident: Int, receiver: String, kind: String) throws(StorageError) -> MessageRecord? {
        try read("reading the outbox") { database in
            try Row.fetchOne(
                database,
                sql:
                    "SELECT * FROM outbox WHERE incident = ? AND receiver = ? AND kind = ? ORDER BY number DESC LIMIT 1",
                arguments: [incident, receiver, kind]
            ).map(MessageRecord.init)
        }
    }

    /// Every message that waits to be sent, oldest first, at most 1,000.
    package func queuedMessages() throws(StorageError) -> [MessageRecord] {
        try read("reading the outbox") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM outbox WHERE state = 'queued' ORDER BY number LIMIT 1000")
                .map(MessageRecord.init)
        }
    }

    /// Changes a message after a try, seeing what it has become meanwhile, and adds to its incident's timeline, in one transaction.
    ///
    /// - Parameter body: gets the message as stored; nil leaves it as it is.
    package func settleMessage(
        _ number: Int, _ body: (MessageRecord) -> (MessageRecord, TimelineEntry?)?
    ) throws(StorageError) {
        try write("noting a try to send a message") { database in
            let row = try Row.fetchOne(database, sql: "SELECT * FROM outbox WHERE number = ?", arguments: [number])
            guard let stored = try row.map(MessageRecord.init), let (message, entry) = body(stored) else { return }
            try Self.put(message, in: database)
            if let entry, let incident = stored.incident { try Self.append([entry], to: incident, in: database) }
        }
    }

    private static func put(_ message: MessageRecord, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO outbox
                    (number, incident, receiver, kind, payload, nonce, state, attempts, next_attempt_at, last_error, message_id,
                     created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (number) DO UPDATE SET
                    payload = excluded.payload, state = excluded.state, attempts = excluded.attempts,
                    next_attempt_at = excluded.next_attempt_at, last_error = excluded.last_error,
                    message_id = excluded.message_id
                """,
            arguments: [
                message.number == 0 ? nil : message.number, message.incident, message.receiver, message.kind,
                message.payload,
                message.nonce, message.state.rawValue, message.attempts, WireTime.text(message.nextAttemptAt),
                message.lastError, message.messageId, WireTime.text(message.createdAt),
            ])
    }
}
