import Foundation
import GRDB
import Shared
import Tabular

extension Catalogue {
    /// Refuses names that could not be used everywhere a dataset is named.
    ///
    /// `@` separates a version in SQL, `ds_` begins an id, `sqlite_` and `pragma_` are SQLite's own.
    package static func checkName(_ name: String) throws(StorageError) {
        let reason: String? =
            if name.isEmpty || name.allSatisfy(\.isWhitespace) {
                "it is empty"
            } else if name.utf8.count > 128 {
                "it is longer than 128 bytes"
            } else if name.contains("@") {
                "it contains '@', which separates a version"
            } else if name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
                "it contains a control character"
            } else if name.contains("/") {
                "it contains '/'"
            } else if ["sqlite_", "pragma_", "ds_"].contains(where: { name.lowercased().hasPrefix($0) })
                || ["json_each", "json_tree"].contains(name.lowercased())
            {
                "names of this form are reserved"
            } else {
                nil
            }
        if let reason { throw .datasetName(name, reason: reason) }
    }

    /// Names a sealed version in one transaction: when this returns the dataset is there, whole, and synced.
    ///
    /// Throws: `datasetExists`, `datasetName`, `incompatible` (append with other columns), and what the disk refuses. After an error the
    /// version's files are unnamed: call `segments.discard`.
    @discardableResult
    package func store(
        _ new: NewVersion, as name: String, ifExists: ExistingDataset = .error, at now: Date
    ) throws(StorageError) -> (DatasetRecord, VersionRecord) {
        try Self.checkName(name)
        let doing = "storing dataset \(name.quotedForMessage)"
        let (result, orphans) = try write(doing) { database in
            try Self.store(new, as: name, ifExists: ifExists, at: now, id: identifiers.next("ds"), in: database)
        }
        segments.remove(orphans)
        return result
    }

    private static func store(
        _ new: NewVersion, as name: String, ifExists: ExistingDataset, at now: Date, id: String, in database: Database
    ) throws -> ((DatasetRecord, VersionRecord), orphans: [String]) {
        guard let old = try dataset(named: name, in: database) else {
            try database.execute(
                sql: """
                    INSERT INTO dataset (id, name, current_version, last_version, created_at) VALUES (?, ?, 0, 0, ?)
                    """, arguments: [id, name, WireTime.text(now)])
            return (try addVersion(new, to: id, at: now, in: database), [])
        }
        var new = new
        new.origin = ifExists.rawValue
        switch ifExists {
        case .error: throw StorageError.datasetExists(old.name)
        case .version: return (try addVersion(new, to: old.id, at: now, in: database), [])
        case .replace:
            let stored = try addVersion(new, to: old.id, at: now, in: database)
            try database.execute(
                sql: "DELETE FROM dataset_version WHERE dataset = ? AND number <> ?",
                arguments: [old.id, stored.1.number])
            return (stored, try forgetUnnamedFiles(in: database))
        case .append:
            let current = try version(old.currentVersion, of: old, in: database)
            var joined = try new.appended(to: current, of: old.name)
            joined.rejects = try rejects(of: current, followedBy: new.rejects, in: database)
            return (try addVersion(joined, to: old.id, at: now, in: database), [])
        }
    }

    /// The dataset with this id or name (names regardless of case).
    package func dataset(_ reference: String) throws(StorageError) -> DatasetRecord {
        try read("looking up dataset \(reference.quotedForMessage)") { try Self.find(reference, in: $0) }
    }

    /// Datasets in order of creation, newest first.
    ///
    /// `before` is the `number` of the last record of the page before.
    package func datasets(before: Int? = nil, limit: Int = 100) throws(StorageError) -> [DatasetRecord] {
        try read("listing datasets") { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM dataset WHERE number < ? ORDER BY number DESC LIMIT ?",
                arguments: [before ?? .max, limit]
            ).map(DatasetRecord.init)
        }
    }

    /// The names of all datasets.
    package func datasetNames() throws(StorageError) -> [String] {
        try read("listing datasets") { try String.fetchAll($0, sql: "SELECT name FROM dataset ORDER BY number") }
    }

    /// How many datasets there are, and the rows of their current versions.
    package func datasetTotals() throws(StorageError) -> (datasets: Int, rows: Int) {
        try read("counting datasets") { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT count(*) AS datasets, coalesce(sum(v.rows), 0) AS rows FROM dataset d
                    JOIN dataset_version v ON v.dataset = d.id AND v.version = d.current_version
                    """)
            return (row?["datasets"] ?? 0, row?["rows"] ?? 0)
        }
    }

    /// Renames or describes.
    ///
    /// Throws: `datasetName`, `datasetExists`
    @discardableResult
    package func updateDataset(_ reference: String, _ naming: DatasetNaming) throws(StorageError) -> DatasetRecord {
        try write("changing dataset \(reference.quotedForMessage)") { database in
            let old = try Self.find(reference, in: database)
            try Self.apply(naming, to: old.id, in: database)
            return try Self.find(old.id, in: database)
        }
    }

    /// Throws what `updateDataset` would, and changes nothing.
    package func checkNaming(_ naming: DatasetNaming, of dataset: DatasetRecord) throws(StorageError) {
        try read("looking up a name") { try Self.check(naming, of: dataset.id, in: $0) }
    }

    private static func check(_ naming: DatasetNaming, of id: String, in database: Database) throws {
        guard let name = naming.name else { return }
        try checkName(name)
        if let other = try dataset(named: name, in: database), other.id != id {
            throw StorageError.datasetExists(other.name)
        }
    }

    static func apply(_ naming: DatasetNaming, to id: String, in database: Database) throws {
        try check(naming, of: id, in: database)
        if let name = naming.name {
            try database.execute(sql: "UPDATE dataset SET name = ? WHERE id = ?", arguments: [name, id])
        }
        if let description = naming.description {
            try database.execute(
                sql: "UPDATE dataset SET description = ? WHERE id = ?",
                arguments: [description.isEmpty ? nil : description, id])
        }
    }

    /// Deletes a dataset with all its versions, and the segment files that no other version names.
    package func deleteDataset(_ reference: String) throws(StorageError) {
        let orphans = try write("deleting dataset \(reference.quotedForMessage)") { database in
            let record = try Self.find(reference, in: database)
            try database.execute(sql: "DELETE FROM dataset WHERE id = ?", arguments: [record.id])
            return try Self.forgetUnnamedFiles(in: database)
        }
        segments.remove(orphans)
    }

    static func dataset(named name: String, in database: Database) throws -> DatasetRecord? {
        try Row.fetchOne(database, sql: "SELECT * FROM dataset WHERE name = ?", arguments: [name])
            .map(DatasetRecord.init)
    }

    static func find(_ reference: String, in database: Database) throws -> DatasetRecord {
        if let record = try dataset(named: reference, in: database) { return record }
        if let row = try Row.fetchOne(database, sql: "SELECT * FROM dataset WHERE id = ?", arguments: [reference]) {
            return try DatasetRecord(row)
        }
        let names = try String.fetchAll(database, sql: "SELECT name FROM dataset ORDER BY number DESC LIMIT 1000")
        throw StorageError.datasetNotFound(reference, nearest: Spelling.nearest(to: reference, among: names))
    }

    /// Removes the rows of segment files that no version names any more, and returns their ids, to be unlinked after the commit.
    static func forgetUnnamedFiles(in database: Database) throws -> [String] {
        try String.fetchAll(
            database,
            sql: """
                DELETE FROM segment_file WHERE id NOT IN (SELECT file FROM version_run) RETURNING id
                """)
    }
}

extension DatasetRecord {
    init(_ row: Row) throws {
        self.init(
            number: row["number"], id: row["id"], name: row["name"], description: row["description"],
            currentVersion: row["current_version"], createdAt: try row.time("created_at"))
    }
}
