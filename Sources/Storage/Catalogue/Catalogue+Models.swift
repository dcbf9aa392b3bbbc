import Foundation
import GRDB
import Shared
import Synchronization
import Tabular

/// A model as listed: what clients see of it, and its place in the order of creation.
package struct ModelRecord: Sendable, Hashable {
    package var number: Int
    package var reply: ModelReply
    package var id: String { reply.id }
}

extension Catalogue {
    /// Stores a model with its artifact and documents (JSON by kind: `leaderboard`, `report`, ...) in one transaction.
    ///
    /// The id is made here; a name that exists gets the next version. `dataset` should be the dataset's id.
    package func storeModel(
        _ model: ModelReply, artifact: [UInt8], documents: [String: String] = [:]
    ) throws(StorageError) -> ModelRecord {
        try Self.checkModelName(model.name)
        let id = identifiers.next("model")
        defer { modelChanges.add(1, ordering: .releasing) }
        return try write("storing model \(model.name.quotedForMessage)") { database in
            var model = model
            let last = try Int.fetchOne(
                database, sql: "SELECT max(version) FROM model WHERE name = ?", arguments: [model.name])
            model.id = id
            model.version = (last ?? 0) + 1
            model.bytes = artifact.count
            try database.execute(
                sql: """
                    INSERT INTO model (id, name, version, dataset, dataset_version, record, artifact_bytes,
                        artifact_checksum, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, model.name, model.version, model.dataset, model.datasetVersion, try StoredValue.json(model),
                    artifact.count, Int64(bitPattern: Checksum64.of(artifact)), WireTime.text(model.createdAt),
                ])
            let number = Int(database.lastInsertedRowID)
            try database.execute(
                sql: "INSERT INTO model_artifact VALUES (?, ?)", arguments: [id, Data(artifact)])
            for (kind, body) in documents {
                try database.execute(sql: "INSERT INTO model_document VALUES (?, ?, ?)", arguments: [id, kind, body])
            }
            return ModelRecord(number: number, reply: model)
        }
    }

    private static func checkModelName(_ name: String) throws(StorageError) {
        do { try checkName(name) } catch {
            if case .datasetName(let name, let reason) = error { throw .modelName(name, reason: reason) }
            throw error
        }
    }

    /// The model with this id, or the newest (or given) version of the model with this name.
    ///
    /// Throws: `modelNotFound`.
    package func model(_ reference: String, version: Int? = nil) throws(StorageError) -> ModelRecord {
        try read("looking up model \(reference.quotedForMessage)") { database in
            try Self.model(reference, version: version, in: database)
        }
    }

    /// A number that differs when a reference may stand for another model, or another name, than before: an answer of `model` that
    /// was asked for after this number was read is right for as long as the number is the same.
    package var modelState: Int { modelChanges.load(ordering: .acquiring) }

    /// Models, newest first. `before` is the `number` of the last record of the page before.
    package func models(before: Int? = nil, limit: Int = 100) throws(StorageError) -> [ModelRecord] {
        try read("listing models") { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM model WHERE number < ? ORDER BY number DESC LIMIT ?",
                arguments: [before ?? .max, limit]
            ).map(ModelRecord.init)
        }
    }

    /// How many models there are, versions counted singly.
    package func modelCount() throws(StorageError) -> Int {
        try read("counting models") { try Int.fetchOne($0, sql: "SELECT count(*) FROM model") ?? 0 }
    }

    /// The artifact of a model.
    ///
    /// Throws: `modelNotFound`, `damaged` if the bytes are not those that were stored.
    package func artifact(of id: String) throws(StorageError) -> [UInt8] {
        try read("reading a model's artifact") { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT artifact, artifact_checksum FROM model_artifact a JOIN model m ON m.id = a.model WHERE m.id = ?
                    """, arguments: [id])
            guard let row else { throw StorageError.modelNotFound(id, nearest: nil) }
            let bytes = [UInt8](row["artifact"] as Data)
            guard Int64(bitPattern: Checksum64.of(bytes)) == row["artifact_checksum"] else {
                throw StorageError.damaged(what: "the artifact of model \(id)", detail: "its checksum does not match")
            }
            return bytes
        }
    }

    /// A document of a model as JSON; nil if it has none of that kind.
    package func modelDocument(_ kind: String, of id: String) throws(StorageError) -> String? {
        try read("reading a model's \(kind)") {
            try String.fetchOne(
                $0, sql: "SELECT body FROM model_document WHERE model = ? AND kind = ?", arguments: [id, kind])
        }
    }

    /// Stores a document of a model, in place of an earlier one; nothing for a model that is gone.
    package func putModelDocument(_ kind: String, of id: String, body: String) throws(StorageError) {
        try write("storing a model's \(kind)") {
            try $0.execute(
                sql: "INSERT OR REPLACE INTO model_document SELECT id, ?, ? FROM model WHERE id = ?",
                arguments: [kind, body, id])
        }
    }

    /// Removes a document of a model, if it has one of that kind.
    package func removeModelDocument(_ kind: String, of id: String) throws(StorageError) {
        try write("removing a model's \(kind)") {
            try $0.execute(sql: "DELETE FROM model_document WHERE model = ? AND kind = ?", arguments: [id, kind])
        }
    }

    /// Renames all versions of a model.
    ///
    /// Throws: `modelExists` if another model has the name.
    package func renameModel(_ reference: String, to name: String) throws(StorageError) -> ModelRecord {
        try Self.checkModelName(name)
        defer { modelChanges.add(1, ordering: .releasing) }
        return try write("renaming model \(reference.quotedForMessage)") { database in
            let record = try Self.model(reference, version: nil, in: database)
            let other = try Row.fetchOne(
                database, sql: "SELECT name FROM model WHERE name = ? AND name <> ?",
                arguments: [name, record.reply.name])
            if other != nil { throw StorageError.modelExists(name) }
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM model WHERE name = ?", arguments: [record.reply.name])
            for row in rows {
                var version = try ModelRecord(row).reply
                version.name = name
                try database.execute(
                    sql: "UPDATE model SET name = ?, record = ? WHERE id = ?",
                    arguments: [name, try StoredValue.json(version), version.id])
            }
            return try Self.model(record.id, version: nil, in: database)
        }
    }

    /// Deletes the version with this id, or the newest version of the model with this name.
    ///
    /// Throws: `modelNotFound`
    package func deleteModel(_ reference: String) throws(StorageError) {
        defer { modelChanges.add(1, ordering: .releasing) }
        try write("deleting model \(reference.quotedForMessage)") { database in
            let record = try Self.model(reference, version: nil, in: database)
            try database.execute(sql: "DELETE FROM model WHERE id = ?", arguments: [record.id])
        }
    }

    private static func model(_ reference: String, version: Int?, in database: Database) throws -> ModelRecord {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT * FROM model WHERE (id = ? OR name = ?) AND (? IS NULL OR version = ?)
                ORDER BY version DESC LIMIT 1
                """, arguments: [reference, reference, version, version])
        if let row { return try ModelRecord(row) }
        let names = try String.fetchAll(database, sql: "SELECT DISTINCT name FROM model LIMIT 1000")
        throw StorageError.modelNotFound(reference, nearest: Spelling.nearest(to: reference, among: names))
    }
}

extension ModelRecord {
    init(_ row: Row) throws { self.init(number: row["number"], reply: try row.json("record")) }
}
