import Foundation
import GRDB
import Shared

extension Catalogue {
    /// Queues a message that belongs to no incident.
    package func enqueue(_ message: NewMessage, at now: Date) throws(StorageError) {
        try write("queueing a message") { try enqueue([message], incident: nil, at: now, in: $0) }
    }

    /// Messages whose time has come, oldest first.
    package func dueMessages(at now: Date, limit: Int = 20) throws(StorageError) -> [MessageRecord] {
        try read("reading the outbox") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM outbox WHERE state = 'queued' AND next_attempt_at <= ? ORDER BY number LIMIT ?
                    """, arguments: [WireTime.text(now), limit]
            ).map(MessageRecord.init)
        }
    }

    /// When the next queued message is due; nil if none is queued.
    package func nextMessageDue() throws(StorageError) -> Date? {
        try read("reading the outbox") { database in
            try Row.fetchOne(
                database, sql: "SELECT min(next_attempt_at) AS due FROM outbox WHERE state = 'queued'"
            )?.optionalTime("due")
        }
    }

    /// How many messages are in each state.
    package func messageCounts() throws(StorageError) -> [MessageState: Int] {
        try read("counting messages") { database in
            var counts: [MessageState: Int] = [:]
            for row in try Row.fetchAll(database, sql: "SELECT state, count(*) AS n FROM outbox GROUP BY state") {
                counts[try row.code("state")] = row["n"]
            }
            return counts
        }
    }

    /// The newest message of an incident that a receiver got, for a change of the same message.
    package func sentMessage(of incident: Int, receiver: String) throws(StorageError) -> MessageRecord? {
        try read("reading the outbox") { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT * FROM outbox WHERE incident = ? AND receiver = ? AND message_id IS NOT NULL
                    ORDER BY number DESC LIMIT 1
                    """, arguments: [incident, receiver]
            ).map(MessageRecord.init)
        }
    }

    /// The receiver took the message, under `messageId` if it names one.
    package func markSent(
        _ number: Int, messageId: String?, timeline: [TimelineEntry] = [], at now: Date
    ) throws(StorageError) {
        try finish(number, state: .sent, error: nil, messageId: messageId, timeline: timeline, at: now)
    }

    /// The receiver will never take the message.
    package func markDead(
        _ number: Int, error: String, timeline: [TimelineEntry] = [], at now: Date
    ) throws(StorageError) {
        try finish(number, state: .dead, error: error, messageId: nil, timeline: timeline, at: now)
    }

    /// An attempt failed; the message is tried again at `next`.
    package func markFailed(_ number: Int, error: String, next: Date) throws(StorageError) {
        try write("noting a failed attempt") {
            try $0.execute(
                sql: """
                    UPDATE outbox SET attempts = attempts + 1, last_error = ?, next_attempt_at = ? WHERE number = ?
                    """, arguments: [error, WireTime.text(next), number])
        }
    }

    private func finish(
        _ number: Int, state: MessageState, error: String?, messageId: String?, timeline: [TimelineEntry], at now: Date
    ) throws(StorageError) {
        try write("noting the end of a message") { database in
            try database.execute(
                sql: """
                    UPDATE outbox SET state = ?, attempts = attempts + 1, last_error = coalesce(?, last_error),
                        message_id = ?, finished_at = ? WHERE number = ?
                    """, arguments: [state.rawValue, error, messageId, WireTime.text(now), number])
            let incident = try Int.fetchOne(
                database, sql: "SELECT incident FROM outbox WHERE number = ?", arguments: [number])
            if let incident { try Self.append(timeline, to: incident, in: database) }
        }
    }

    func enqueue(_ messages: [NewMessage], incident: Int?, at now: Date, in database: Database) throws {
        for message in messages {
            try database.execute(
                sql: """
                    INSERT INTO outbox
                        (incident, receiver, kind, payload, nonce, state, attempts, next_attempt_at, created_at)
                    VALUES (?, ?, ?, ?, ?, 'queued', 0, ?, ?)
                    """,
                arguments: [
                    incident, message.receiver, message.kind, message.payload, identifiers.next("msg"),
                    WireTime.text(message.notBefore ?? now), WireTime.text(now),
                ])
        }
    }
}

extension MessageRecord {
    init(_ row: Row) throws {
        self.init(
            number: row["number"], incident: row["incident"], receiver: row["receiver"], kind: row["kind"],
            payload: row["payload"], nonce: row["nonce"], state: try row.code("state"), attempts: row["attempts"],
            nextAttemptAt: try row.time("next_attempt_at"), lastError: row["last_error"],
            messageId: row["message_id"], createdAt: try row.time("created_at"))
    }
}
