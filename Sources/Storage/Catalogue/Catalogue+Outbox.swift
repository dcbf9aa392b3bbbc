import Foundation
import GRDB
import Shared

extension Catalogue {
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

    /// Queues again what a receiver was not told of incidents that are still open, because it can be reached in another way now.
    ///
    /// - Returns: how many messages.
    package func requeueDeadMessages(to receiver: String, at now: Date) throws(StorageError) -> Int {
        try write("queueing messages again") { database in
            try database.execute(
                sql: """
                    UPDATE outbox SET state = 'queued', attempts = 0, next_attempt_at = ?
                    WHERE state = 'dead' AND receiver = ? AND kind = 'status'
                        AND incident IN (SELECT number FROM incident WHERE state <> 'resolved')
                    """, arguments: [WireTime.text(now), receiver])
            return database.changesCount
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
