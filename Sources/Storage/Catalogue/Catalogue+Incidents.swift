import Foundation
import GRDB
import Shared

extension Catalogue {
    /// Opens an incident, writes the first line of its timeline and queues its messages in one transaction: either all are there
    /// after a crash, or none.
    ///
    /// If an unresolved incident has the key already, that one is returned with `isNew` false, and nothing is written. `messages` gets the
    /// number of the incident.
    package func openIncident(
        _ new: NewIncident, timeline: [TimelineEntry], at now: Date,
        messages: (_ number: Int) -> [NewMessage]
    ) throws(StorageError) -> (incident: IncidentReply, isNew: Bool) {
        try write("opening an incident") { database in
            let open = try Int.fetchOne(
                database, sql: "SELECT number FROM incident WHERE key = ? AND state <> 'resolved'", arguments: [new.key]
            )
            if let open { return (try Self.incident(open, in: database), false) }
            try database.execute(
                sql: """
                    INSERT INTO incident
                        (key, state, severity, title, rule, labels, annotations, evidence, opened_at)
                    VALUES (?, 'open', ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    new.key, new.severity.rawValue, new.title, new.rule, try StoredValue.json(new.labels),
                    try StoredValue.json(new.annotations), try StoredValue.json(new.evidence), WireTime.text(now),
                ])
            let number = Int(database.lastInsertedRowID)
            try Self.append(timeline, to: number, in: database)
            try enqueue(messages(number), incident: number, at: now, in: database)
            return (try Self.incident(number, in: database), true)
        }
    }

    /// Changes an incident, appends to its timeline and queues messages in one transaction. Nil fields stay as they are.
    ///
    /// Throws: `incidentNotFound`; `incidentState` for a state that does not follow: only an open incident is acknowledged, and a
    /// resolved one stays resolved.
    @discardableResult
    package func changeIncident(
        _ number: Int, _ change: IncidentChange, at now: Date
    ) throws(StorageError) -> IncidentReply {
        try write("changing incident \(number)") { database in
            let old = try Self.incident(number, in: database)
            let state = change.state ?? old.state
            guard old.state != .resolved || change.state == nil, !(old.state == .acknowledged && state == .open) else {
                throw StorageError.incidentState(number: number, state: old.state, wanted: state.rawValue)
            }
            let time = WireTime.text(now)
            try database.execute(
                sql: """
                    UPDATE incident SET state = ?, severity = ?,
                        acknowledged_at = CASE WHEN ? THEN coalesce(acknowledged_at, ?) ELSE acknowledged_at END,
                        acknowledged_until = coalesce(?, acknowledged_until),
                        resolved_at = CASE WHEN ? THEN ? ELSE resolved_at END,
                        cause = coalesce(?, cause), impact = coalesce(?, impact), actions = coalesce(?, actions),
                        prevention = coalesce(?, prevention)
                    WHERE number = ?
                    """,
                arguments: [
                    state.rawValue, (change.severity ?? old.severity).rawValue, change.state == .acknowledged, time,
                    change.acknowledgedUntil.map(WireTime.text), change.state == .resolved, time, change.cause,
                    change.impact, change.actions, change.prevention, number,
                ])
            try Self.append(change.timeline, to: number, in: database)
            try enqueue(change.messages, incident: number, at: now, in: database)
            return try Self.incident(number, in: database)
        }
    }

    /// Throws: `incidentNotFound`.
    package func incident(_ number: Int) throws(StorageError) -> IncidentReply {
        try read("reading incident \(number)") { try Self.incident(number, in: $0) }
    }

    /// The unresolved incident with this key.
    package func unresolvedIncident(key: String) throws(StorageError) -> IncidentReply? {
        try read("looking up an incident") { database in
            let number = try Int.fetchOne(
                database, sql: "SELECT number FROM incident WHERE key = ? AND state <> 'resolved'", arguments: [key])
            return try number.map { try Self.incident($0, in: database) }
        }
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
