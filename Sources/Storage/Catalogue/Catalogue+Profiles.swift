import Foundation
import GRDB
import Shared

extension Catalogue {
    /// The stored profile of a version; nil if none was computed yet.
    package func profile(of version: VersionRecord) throws(StorageError) -> ProfileReply? {
        try read("reading a profile") { database in
            try Row.fetchOne(
                database, sql: "SELECT profile FROM profile WHERE version = ?", arguments: [version.number]
            )?.json("profile")
        }
    }

    /// Stores a version's profile, in place of an earlier one.
    package func putProfile(_ profile: ProfileReply, of version: VersionRecord) throws(StorageError) {
        try write("storing a profile") { try Self.putProfile(profile, of: version.number, in: $0) }
    }

    static func putProfile(_ profile: ProfileReply, of version: Int, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO profile (version, profile) VALUES (?, ?)",
            arguments: [version, try StoredValue.json(profile)])
    }

    /// Rejected rows of a version by number, from 1.
    ///
    /// `after` is the number of the last row of the page before.
    package func rejects(
        of version: VersionRecord, after: Int = 0, limit: Int = 100
    ) throws(StorageError) -> [RejectReply] {
        try read("listing rejected rows") {
            try Self.rejects(of: version.number, after: after, limit: limit, in: $0)
        }
    }

    static func rejects(
        of version: Int, after: Int = 0, limit: Int = .max, in database: Database
    ) throws -> [RejectReply] {
        try Row.fetchAll(
            database,
            sql:
                "SELECT *, CAST(text AS BLOB) AS bytes FROM reject WHERE version = ? AND number > ? ORDER BY number LIMIT ?",
            arguments: [version, after, limit]
        ).map(RejectReply.init)
    }

    /// The rejected rows of `earlier` and, numbered behind all that the dataset ever had, those of an upload that is appended to it.
    static func rejects(
        of earlier: VersionRecord, followedBy new: [RejectReply], in database: Database
    ) throws -> [RejectReply] {
        let last = try Int.fetchOne(
            database,
            sql: """
                SELECT max(r.number) FROM reject r JOIN dataset_version v ON v.number = r.version WHERE v.dataset = ?
                """, arguments: [earlier.dataset])
        return try rejects(of: earlier.number, in: database)
            + new.map { reject in
                var reject = reject
                reject.number += last ?? 0
                return reject
            }
    }

    /// One rejected row.
    ///
    /// Throws: `rejectNotFound`.
    package func reject(_ number: Int, of version: VersionRecord, dataset: String) throws(StorageError) -> RejectReply {
        try read("reading a rejected row") { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT *, CAST(text AS BLOB) AS bytes FROM reject WHERE version = ? AND number = ?",
                arguments: [version.number, number])
            guard let row else { throw StorageError.rejectNotFound(dataset: dataset, number: number) }
            return RejectReply(row)
        }
    }

    // The texts travel as blobs because GRDB ends a string at its first NUL, which a rejected row may well hold.
    /// `upload` is the version's number in its dataset, for rows that its own upload brought.
    static func insertRejects(
        _ rejects: [RejectReply], of version: Int, upload: Int, in database: Database
    ) throws {
        let statement = try database.makeStatement(
            sql: """
                INSERT INTO reject (version, number, line, byte, column_name, reason, text, upload)
                VALUES (?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?)
                """)
        for reject in rejects {
            try statement.execute(arguments: [
                version, reject.number, reject.line, reject.byte, reject.column, reject.reason, Data(reject.text.utf8),
                reject.upload ?? upload,
            ])
        }
    }
}

extension RejectReply {
    init(_ row: Row) {
        self.init(
            number: row["number"], upload: row["upload"], line: row["line"], byte: row["byte"],
            column: row["column_name"],
            reason: row["reason"], text: String(decoding: row["bytes"] as Data, as: UTF8.self))
    }
}
