import Foundation
import GRDB
import Shared
import Tabular

extension Catalogue {
    /// A version of a dataset, the current one without a number.
    package func version(_ version: Int? = nil, of dataset: String) throws(StorageError) -> VersionRecord {
        try read("reading dataset \(dataset.quotedForMessage)") { database in
            let record = try Self.find(dataset, in: database)
            return try Self.version(version ?? record.currentVersion, of: record, in: database)
        }
    }

    /// A dataset and one of its versions, from one snapshot.
    package func datasetVersion(
        _ reference: String, version: Int? = nil
    ) throws(StorageError) -> (DatasetRecord, VersionRecord) {
        try read("reading dataset \(reference.quotedForMessage)") { database in
            let record = try Self.find(reference, in: database)
            return (record, try Self.version(version ?? record.currentVersion, of: record, in: database))
        }
    }

    /// The versions of a dataset, newest first.
    package func versions(of reference: String) throws(StorageError) -> [VersionReply] {
        try read("listing versions of \(reference.quotedForMessage)") { database in
            let record = try Self.find(reference, in: database)
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT version, rows, created_at, origin,
                        (SELECT count(*) FROM version_column c WHERE c.version = v.number) AS columns
                    FROM dataset_version v WHERE dataset = ? ORDER BY version DESC
                    """, arguments: [record.id]
            ).map {
                VersionReply(
                    version: $0["version"], rows: $0["rows"], columns: $0["columns"],
                    createdAt: try $0.time("created_at"), origin: $0["origin"])
            }
        }
    }

    /// Adds a version to a dataset that exists and makes it the current one.
    ///
    /// - Parameters:
    ///   - base: the version that must still be the current one, since the new one was made from it
    ///   - naming: what the dataset is called from then on, in the same transaction
    /// - Throws: `conflict` when another version was stored meanwhile; `datasetName` and `datasetExists` for a new name
    @discardableResult
    package func addVersion(
        _ new: NewVersion, to reference: String, ifCurrent base: Int? = nil, naming: DatasetNaming = .init(),
        at now: Date
    ) throws(StorageError) -> (DatasetRecord, VersionRecord) {
        try write("storing a version of \(reference.quotedForMessage)") { database in
            let dataset = try Self.find(reference, in: database)
            if let base, base != dataset.currentVersion {
                throw StorageError.conflict(dataset: dataset.name, base: base, current: dataset.currentVersion)
            }
            try Self.apply(naming, to: dataset.id, in: database)
            return try Self.addVersion(new, to: dataset.id, at: now, in: database)
        }
    }

    /// The steps that led to a version, oldest first: its origin and, for transformations, the recipe step as JSON.
    package func history(of reference: String) throws(StorageError) -> [(version: Int, origin: String, step: String?)] {
        try read("reading the history of \(reference.quotedForMessage)") { database in
            let record = try Self.find(reference, in: database)
            return try Row.fetchAll(
                database, sql: "SELECT version, origin, step FROM dataset_version WHERE dataset = ? ORDER BY version",
                arguments: [record.id]
            ).map { ($0["version"], $0["origin"], $0["step"]) }
        }
    }

    static func addVersion(
        _ new: NewVersion, to id: String, at now: Date, in database: Database
    ) throws -> (DatasetRecord, VersionRecord) {
        try new.check()
        for file in new.files {
            try database.execute(
                sql: "INSERT INTO segment_file (id, bytes, created_at) VALUES (?, ?, ?)",
                arguments: [file.id, file.bytes, WireTime.text(now)])
        }
        let files = Set(new.columns.flatMap { $0.runs.map(\.file) })
        var storedBytes = 0
        for file in files {
            let bytes = try Int.fetchOne(
                database, sql: "SELECT bytes FROM segment_file WHERE id = ?", arguments: [file])
            guard let bytes else { throw StorageError.invalid("segment file \(file) is not in the catalogue") }
            storedBytes += bytes
        }
        try database.execute(
            sql: "UPDATE dataset SET last_version = last_version + 1, current_version = last_version + 1 WHERE id = ?",
            arguments: [id])
        try database.execute(
            sql: """
                INSERT INTO dataset_version
                    (dataset, version, rows, bytes, stored_bytes, rejected, origin, step, dialect, warnings, row_counts,
                     created_at)
                SELECT id, last_version, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM dataset WHERE id = ?
                """,
            arguments: [
                new.rowCounts.reduce(0, +), new.bytes, storedBytes, new.rejects.count, new.origin, new.step,
                try StoredValue.json(new.dialect), try StoredValue.json(new.warnings),
                try StoredValue.json(new.rowCounts), WireTime.text(now), id,
            ])
        let number = Int(database.lastInsertedRowID)
        try insertColumns(new.columns, of: number, in: database)
        let record = try find(id, in: database)
        try insertRejects(new.rejects, of: number, upload: record.currentVersion, in: database)
        if let profile = new.profile { try putProfile(profile, of: number, in: database) }
        return (record, try version(record.currentVersion, of: record, in: database))
    }

    private static func insertColumns(_ columns: [ColumnRecord], of version: Int, in database: Database) throws {
        let column = try database.makeStatement(
            sql:
                "INSERT INTO version_column (version, position, name, type, nullable, format) VALUES (?, ?, ?, ?, ?, ?)"
        )
        let run = try database.makeStatement(sql: "INSERT INTO version_run VALUES (?, ?, ?, ?, ?, ?, ?)")
        for (position, record) in columns.enumerated() {
            try column.execute(arguments: [
                version, position, record.name, record.type.rawValue, record.nullable, record.format,
            ])
            for part in record.runs {
                try run.execute(arguments: [
                    version, position, part.firstGroup, part.groups, part.file, part.fileColumn, part.fileGroup,
                ])
            }
        }
    }

    static func version(_ version: Int, of dataset: DatasetRecord, in database: Database) throws -> VersionRecord {
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM dataset_version WHERE dataset = ? AND version = ?",
            arguments: [dataset.id, version])
        guard let row else {
            throw StorageError.versionNotFound(dataset: dataset.name, version: version, last: dataset.currentVersion)
        }
        let number: Int = row["number"]
        var runs: [Int: [SegmentRun]] = [:]
        let runRows = try Row.fetchCursor(
            database, sql: "SELECT * FROM version_run WHERE version = ? ORDER BY position, first_group",
            arguments: [number])
        while let run = try runRows.next() {
            runs[run["position"], default: []].append(
                SegmentRun(
                    firstGroup: run["first_group"], groups: run["groups"], file: run["file"],
                    fileColumn: run["file_column"], fileGroup: run["file_group"]))
        }
        let columns = try Row.fetchAll(
            database, sql: "SELECT * FROM version_column WHERE version = ? ORDER BY position", arguments: [number]
        ).map {
            ColumnRecord(
                name: $0["name"], type: try $0.code("type"), nullable: $0["nullable"], format: $0["format"],
                runs: runs[$0["position"]] ?? [])
        }
        return VersionRecord(
            number: number, dataset: dataset.id, version: version, rows: row["rows"], bytes: row["bytes"],
            storedBytes: row["stored_bytes"], rejected: row["rejected"], origin: row["origin"], step: row["step"],
            dialect: try row.json("dialect"), warnings: try row.json("warnings"),
            rowCounts: try row.json("row_counts"), columns: columns, createdAt: try row.time("created_at"))
    }
}

extension NewVersion {
    /// Throws `invalid` unless every column's runs cover exactly the version's row groups.
    func check() throws(StorageError) {
        for column in columns {
            var next = 0
            for run in column.runs {
                guard run.firstGroup == next, run.groups > 0 else {
                    throw .invalid("column \(column.name.quotedForMessage) has a gap before row group \(next)")
                }
                next += run.groups
            }
            guard next == rowCounts.count else {
                throw .invalid("column \(column.name.quotedForMessage) has \(next) row groups of \(rowCounts.count)")
            }
        }
    }

    /// The version with `earlier`'s row groups first. A column whose types differ takes the type that holds both.
    func appended(to earlier: VersionRecord, of dataset: String) throws(StorageError) -> NewVersion {
        guard columns.count == earlier.columns.count else {
            throw .incompatible(
                dataset: dataset, detail: "it has \(columns.count) columns where there are \(earlier.columns.count)")
        }
        var joined = self
        for (position, old) in earlier.columns.enumerated() {
            let column = columns[position]
            guard column.name == old.name else {
                throw .incompatible(
                    dataset: dataset,
                    detail:
                        "column \(position + 1) is \(column.name.quotedForMessage) where there is \(old.name.quotedForMessage)"
                )
            }
            joined.columns[position].type = column.type.joined(with: old.type)
            joined.columns[position].nullable = column.nullable || old.nullable
            joined.columns[position].runs =
                old.runs
                + column.runs.map {
                    SegmentRun(
                        firstGroup: $0.firstGroup + earlier.rowCounts.count, groups: $0.groups, file: $0.file,
                        fileColumn: $0.fileColumn, fileGroup: $0.fileGroup)
                }
        }
        joined.rowCounts = earlier.rowCounts + rowCounts
        joined.bytes += earlier.bytes
        // A profile of the new rows only would be wrong for the whole.
        joined.profile = nil
        return joined
    }
}
