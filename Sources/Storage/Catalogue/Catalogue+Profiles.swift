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
        try read("listing rejected rows") { database in
            try Row.fetchAll(
                database,
                sql:
                    "SELECT *, CAST(text AS BLOB) AS bytes FROM reject WHERE version = ? AND number > ? ORDER BY number LIMIT ?",
                arguments: [version.number, after, limit]
            ).map(RejectReply.init)
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
    static func insertRejects(_ rejects: [RejectReply], of version: Int, in database: Database) throws {
        let statement = try database.makeStatement(sql: "INSERT INTO reject VALUES (?, ?, ?, ?, ?, ?, CAST(? AS TEXT))")
        for reject in rejects {
            try statement.execute(arguments: [
                version, reject.number, reject.line, reject.byte, reject.column, reject.reason, Data(reject.text.utf8),
            ])
        }
    }
}

extension RejectReply {
    init(_ row: Row) {
        self.init(
            number: row["number"], line: row["line"], byte: row["byte"], column: row["column_name"],
            reason: row["reason"], text: String(decoding: row["bytes"] as Data, as: UTF8.self))
    }
}
