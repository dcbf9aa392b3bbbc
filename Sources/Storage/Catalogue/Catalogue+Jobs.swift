import Foundation
import GRDB
import Shared

/// A job as stored: what was asked, how far it is, how it ended.
package struct JobRecord: Sendable {
    /// Place in the order of creation; the key of paging.
    package var number: Int
    package var id: String
    package var kind: String
    package var state: JobState
    /// What was asked, as JSON.
    package var request: String
    /// 0 ... 1
    package var progress: Double
    package var step: String?
    package var model: String?
    package var best: JobReply.Best?
    package var trials: Int
    package var error: Problem?
    package var budgetSeconds: Double
    /// Seconds worked so far, over all restarts.
    package var elapsedSeconds: Double
    package var createdAt: Date
    package var startedAt: Date?
    package var finishedAt: Date?

    /// The job as clients see it.
    package var reply: JobReply {
        var reply = JobReply(
            id: id, kind: kind, state: state, progress: progress, trials: trials, elapsedSeconds: elapsedSeconds,
            remainingSeconds: state == .queued || state == .running ? max(0, budgetSeconds - elapsedSeconds) : 0,
            createdAt: createdAt)
        reply.model = model
        reply.best = best
        reply.error = error
        reply.step = step
        return reply
    }
}

/// One fitted candidate of a training, as the search wrote it.
package struct TrialRecord: Sendable, Hashable {
    /// From 0, in the order of the search.
    package var number: Int
    /// JSON
    package var record: String
    package var artifact: [UInt8]?

    package init(number: Int, record: String, artifact: [UInt8]? = nil) {
        self.number = number
        self.record = record
        self.artifact = artifact
    }
}

extension Catalogue {
    /// Queues a job; `request` is what was asked, as JSON.
    package func createJob(
        kind: String, request: String, budgetSeconds: Double, at now: Date
    ) throws(StorageError) -> JobRecord {
        let id = identifiers.next("job")
        return try write("queueing a job") { database in
            try database.execute(
                sql: """
                    INSERT INTO job
                        (id, kind, state, request, progress, trials, budget_seconds, elapsed_seconds, created_at)
                    VALUES (?, ?, 'queued', ?, 0, 0, ?, 0, ?)
                    """, arguments: [id, kind, request, budgetSeconds, WireTime.text(now)])
            return try Self.job(id, in: database)
        }
    }

    /// Throws: `jobNotFound`.
    package func job(_ id: String) throws(StorageError) -> JobRecord {
        try read("reading a job") { try Self.job(id, in: $0) }
    }

    /// Jobs, newest first; all states without `state`. `before` is the `number` of the last record of the page before.
    package func jobs(
        state: JobState? = nil, before: Int? = nil, limit: Int = 100
    ) throws(StorageError) -> [JobRecord] {
        try read("listing jobs") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM job WHERE number < ? AND (? IS NULL OR state = ?) ORDER BY number DESC LIMIT ?
                    """, arguments: [before ?? .max, state?.rawValue, state?.rawValue, limit]
            ).map(JobRecord.init)
        }
    }

    /// Changes a job in one transaction and returns it as stored: `change` gets the stored record.
    @discardableResult
    package func updateJob(_ id: String, _ change: (inout JobRecord) -> Void) throws(StorageError) -> JobRecord {
        try write("changing a job") { database in
            var record = try Self.job(id, in: database)
            change(&record)
            try Self.update(record, in: database)
            return record
        }
    }

    /// How many jobs there are in each state; states without one are absent.
    package func jobCounts() throws(StorageError) -> [JobState: Int] {
        try read("counting jobs") { database in
            var counts: [JobState: Int] = [:]
            for row in try Row.fetchAll(database, sql: "SELECT state, count(*) AS jobs FROM job GROUP BY state") {
                if let state = JobState(rawValue: row["state"]) { counts[state] = row["jobs"] }
            }
            return counts
        }
    }

    /// Puts jobs that ran when the process ended back into the queue; returns all queued jobs, oldest first.
    package func requeueJobs() throws(StorageError) -> [JobRecord] {
        try write("queueing interrupted jobs") { database in
            try database.execute(sql: "UPDATE job SET state = 'queued' WHERE state = 'running'")
            return try Row.fetchAll(database, sql: "SELECT * FROM job WHERE state = 'queued' ORDER BY number")
                .map(JobRecord.init)
        }
    }

    /// Stores a trial, in place of one of the same number, and counts it.
    package func putTrial(_ trial: TrialRecord, of job: String) throws(StorageError) {
        try write("storing a trial") { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO trial (job, number, record, artifact) VALUES (?, ?, ?, ?)",
                arguments: [job, trial.number, trial.record, trial.artifact.map { Data($0) }])
            try database.execute(
                sql: "UPDATE job SET trials = (SELECT count(*) FROM trial WHERE job = ?) WHERE id = ?",
                arguments: [job, job])
        }
    }

    /// The trials of a job by number.
    package func trials(of job: String, withArtifacts: Bool = true) throws(StorageError) -> [TrialRecord] {
        try read("reading trials") { database in
            try Row.fetchAll(
                database,
                sql: withArtifacts
                    ? "SELECT number, record, artifact FROM trial WHERE job = ? ORDER BY number"
                    : "SELECT number, record, NULL AS artifact FROM trial WHERE job = ? ORDER BY number",
                arguments: [job]
            ).map {
                TrialRecord(
                    number: $0["number"], record: $0["record"], artifact: ($0["artifact"] as Data?).map(Array.init))
            }
        }
    }

    /// Forgets the trials of a job, which only a job that may go on needs.
    package func dropTrials(of job: String) throws(StorageError) {
        try write("dropping trials") { try $0.execute(sql: "DELETE FROM trial WHERE job = ?", arguments: [job]) }
    }

    private static func job(_ id: String, in database: Database) throws -> JobRecord {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM job WHERE id = ?", arguments: [id]) else {
            throw StorageError.jobNotFound(id)
        }
        return try JobRecord(row)
    }

    private static func update(_ job: JobRecord, in database: Database) throws {
        try database.execute(
            sql: """
                UPDATE job SET state = ?, progress = ?, step = ?, model = ?, best = ?, error = ?, budget_seconds = ?,
                    elapsed_seconds = ?, started_at = ?, finished_at = ? WHERE id = ?
                """,
            arguments: [
                job.state.rawValue, job.progress, job.step, job.model, try StoredValue.optionalJSON(job.best),
                try StoredValue.optionalJSON(job.error), job.budgetSeconds, job.elapsedSeconds,
                job.startedAt.map(WireTime.text), job.finishedAt.map(WireTime.text), job.id,
            ])
    }
}

extension JobRecord {
    init(_ row: Row) throws {
        self.init(
            number: row["number"], id: row["id"], kind: row["kind"], state: try row.code("state"),
            request: row["request"], progress: row["progress"], step: row["step"], model: row["model"],
            best: try row.optionalJSON("best"), trials: row["trials"], error: try row.optionalJSON("error"),
            budgetSeconds: row["budget_seconds"], elapsedSeconds: row["elapsed_seconds"],
            createdAt: try row.time("created_at"), startedAt: try row.optionalTime("started_at"),
            finishedAt: try row.optionalTime("finished_at"))
    }
}
