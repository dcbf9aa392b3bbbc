import Foundation
import Shared
import Storage
import Tabular

/// What a client changes about a dataset.
package struct DatasetChange: Codable, Sendable {
    package var name: String?
    package var description: String?
    /// New types by column; makes a new version.
    package var types: [String: Retyping]?
}

/// The dataset after a change, and what became of the cells of columns with new types.
package struct DatasetChangeReply: Encodable, Sendable {
    package var dataset: DatasetReply
    package var steps: [TransformReport]?

    private enum CodingKeys: String, CodingKey { case steps }

    /// The dataset's own fields, with these beside them.
    package func encode(to encoder: any Encoder) throws {
        try dataset.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(steps, forKey: .steps)
    }
}

extension Workspace {
    package func dataset(_ reference: String, version: Int? = nil) throws -> DatasetReply {
        let (dataset, version) = try catalogue.datasetVersion(reference, version: version)
        return dataset.reply(version)
    }

    /// Newest first.
    package func datasets(after cursor: String?, limit: Int) throws -> Page<DatasetReply> {
        let records = try catalogue.datasets(before: try Cursor.number(cursor), limit: limit)
        let items = try records.map { $0.reply(try catalogue.version(nil, of: $0.id)) }
        return Page(items: items, next: Cursor.next(records.map(\.number), limit: limit))
    }

    package func versions(of reference: String) throws -> [VersionReply] { try catalogue.versions(of: reference) }

    package func deleteDataset(_ reference: String) throws {
        try catalogue.deleteDataset(reference)
        logger.notice(
            "Dataset \(reference) deleted",
            metadata: ["message_id": "\(LogMessage.datasetDeleted.id)", "dataset": "\(reference)"])
    }

    /// Makes all of the change, or none.
    package func change(_ reference: String, _ change: DatasetChange) throws -> DatasetChangeReply {
        let naming = DatasetNaming(name: change.name, description: change.description)
        if let types = change.types, !types.isEmpty {
            let (dataset, steps) = try retype(reference, types, naming: naming)
            return DatasetChangeReply(dataset: dataset, steps: steps)
        }
        let dataset = try catalogue.updateDataset(reference, naming)
        return DatasetChangeReply(dataset: dataset.reply(try catalogue.version(nil, of: dataset.id)))
    }

    package func profile(of reference: String, version: Int?) throws -> ProfileReply {
        let table = try catalogue.table(reference, version: version)
        if var stored = try catalogue.profile(of: table.version) {
            stored.dataset = table.dataset.name
            stored.version = table.version.version
            return stored
        }
        let profile = try makeProfile(of: table)
        try catalogue.putProfile(profile, of: table.version)
        return profile
    }

    package func profile(of reference: String, column: String, version: Int?) throws -> ColumnProfileReply {
        let profile = try profile(of: reference, version: version)
        guard let found = profile.columns.first(where: { $0.name == column }) else {
            throw StorageError.columnNotFound(
                column, dataset: profile.dataset,
                nearest: Spelling.nearest(to: column, among: profile.columns.map(\.name)))
        }
        return found
    }

    private func makeProfile(of table: StoredTable) throws -> ProfileReply {
        let version = table.version
        let profiles = try Parallel.map(version.columns.count, threads: settings.datasets.parserThreads) { column in
            let described = version.columns[column]
            var profiler = ColumnProfiler(
                name: described.name, type: described.type, columns: version.columns.count, rows: version.rows)
            for group in 0..<table.groups { profiler.add(try table.chunk(column: column, group: group)) }
            return profiler.finish()
        }
        return ProfileReply(
            dataset: table.dataset.name, version: version.version, rows: version.rows, columns: profiles,
            warnings: ProfileWarnings.of(profiles))
    }

    package func rejects(of reference: String, version: Int?, after: Int, limit: Int) throws -> Page<RejectReply> {
        let (_, version) = try catalogue.datasetVersion(reference, version: version)
        let items = try catalogue.rejects(of: version, after: after, limit: limit)
        return Page(items: items, next: items.count == limit ? items.last.map { String($0.number) } : nil)
    }
}

/// Cursors of lists that are paged by a falling number.
enum Cursor {
    static func number(_ cursor: String?) throws(Problem) -> Int? {
        guard let cursor else { return nil }
        guard let number = Int(cursor), number > 0 else {
            throw Problem.badParameter("after", cursor, expected: "the next of an earlier page")
        }
        return number
    }

    static func next(_ numbers: [Int], limit: Int) -> String? {
        numbers.count == limit ? numbers.last.map(String.init) : nil
    }
}
