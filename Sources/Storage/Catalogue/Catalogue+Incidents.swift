import Foundation
import GRDB
import Shared

extension Catalogue {
    /// Throws: `incidentNotFound`.
    package func incident(_ number: Int) throws(StorageError) -> IncidentReply {
        try read("reading incident \(number)") { try Self.incident(number, in: $0) }
    }

    /// Incidents, newest first, in all states if `states` is empty; with their timelines.
    ///
    /// `before` is the number of the last incident of the page before.
    package func incidents(
        states: Set<IncidentState> = [], before: Int? = nil, limit: Int = 100
    ) throws(StorageError) -> [IncidentReply] {
        let wanted = (states.isEmpty ? Set(IncidentState.allCases) : states).map(\.rawValue)
        return try read("listing incidents") { database in
            let marks = databaseQuestionMarks(count: wanted.count)
            let numbers = try Int.fetchAll(
                database,
                sql:
                    "SELECT number FROM incident WHERE state IN (\(marks)) AND number < ? ORDER BY number DESC LIMIT ?",
                arguments: StatementArguments(wanted) + [before ?? .max, limit])
            return try numbers.map { try Self.incident($0, in: database) }
        }
    }

    /// How many incidents there are by state and severity.
    package func incidentCounts() throws(StorageError) -> [(state: IncidentState, severity: Severity, count: Int)] {
        try read("counting incidents") { database in
            try Row.fetchAll(
                database, sql: "SELECT state, severity, count(*) AS n FROM incident GROUP BY state, severity"
            ).map { (try $0.code("state"), try $0.code("severity"), $0["n"]) }
        }
    }

    static func append(_ entries: [TimelineEntry], to incident: Int, in database: Database) throws {
        for entry in entries {
            try database.execute(
                sql: "INSERT INTO timeline (incident, at, kind, by, text) VALUES (?, ?, ?, ?, ?)",
                arguments: [incident, WireTime.text(entry.at), entry.kind, entry.by, entry.text])
        }
    }

    static func incident(_ number: Int, in database: Database) throws -> IncidentReply {
        let row = try Row.fetchOne(database, sql: "SELECT * FROM incident WHERE number = ?", arguments: [number])
        guard let row else { throw StorageError.incidentNotFound(number) }
        let timeline = try Row.fetchAll(
            database, sql: "SELECT * FROM timeline WHERE incident = ? ORDER BY number", arguments: [number]
        ).map { TimelineEntry(at: try $0.time("at"), kind: $0["kind"], by: $0["by"], text: $0["text"]) }
        let messages = try Row.fetchAll(
            database, sql: "SELECT * FROM outbox WHERE incident = ? ORDER BY number", arguments: [number]
        ).map {
            NotificationReply(
                receiver: $0["receiver"], state: $0["state"], attempts: $0["attempts"], lastError: $0["last_error"],
                messageId: $0["message_id"])
        }
        return IncidentReply(
            number: row["number"], state: try row.code("state"), severity: try row.code("severity"), key: row["key"],
            title: row["title"], openedAt: try row.time("opened_at"),
            acknowledgedAt: try row.optionalTime("acknowledged_at"), resolvedAt: try row.optionalTime("resolved_at"),
            rule: row["rule"], labels: try row.json("labels"), annotations: try row.optionalJSON("annotations"),
            evidence: try row.json("evidence"), timeline: timeline, cause: row["cause"], impact: row["impact"],
            actions: row["actions"], prevention: row["prevention"], notifications: messages)
    }
}
