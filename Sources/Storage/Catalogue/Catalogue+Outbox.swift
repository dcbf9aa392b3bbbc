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
