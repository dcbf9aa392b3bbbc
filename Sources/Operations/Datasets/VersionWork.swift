import Foundation
import Shared
import Storage
import Tabular

/// How a version came about, as it is stored beside it.
struct VersionStep: Codable, Sendable {
    /// The version that this one was made from; what an undo goes back to.
    var base: Int?
    /// The version whose cells this one has again.
    var restored: Int?
    var steps: [JSONValue]?
    var types: [String: ColumnType]?
}

/// Makes a version of a dataset from a table in memory. Columns that are as they were keep their stored segments.
struct VersionWork {
    private static let groupRows = 65_536

    let catalogue: Catalogue
    let base: StoredTable
    let threads: Int

    func store(_ table: DataTable, origin: String, step: VersionStep) throws -> (DatasetRecord, VersionRecord) {
        let old = base.version
        let rowCounts = table.rows == base.rows ? old.rowCounts : Self.rowCounts(table.rows)
        let writer = try catalogue.segments.makeFile()
        do {
            var columns: [ColumnRecord] = []
            var written = 0
            for column in table.columns {
                if let kept = try unchanged(column, rowCounts) {
                    columns.append(kept)
                    continue
                }
                let chunks = Self.regrouped(column, rowCounts)
                for (group, chunk) in chunks.enumerated() {
                    try writer.append(column: written, rowGroup: group, SegmentCodec.encode(chunk))
                }
                columns.append(
                    ColumnRecord(
                        name: column.name, type: column.type,
                        nullable: chunks.contains { ($0.nulls?.nullCount ?? 0) > 0 },
                        format: old.columns.first { $0.name == column.name && $0.type == column.type }?.format,
                        runs: [SegmentRun(firstGroup: 0, groups: rowCounts.count, file: writer.id, fileColumn: written)]
                    ))
                written += 1
            }
            var files: [SealedSegmentFile] = []
            if written > 0, !rowCounts.isEmpty { files = [try writer.seal()] } else { writer.abandon() }
            return try name(columns, rowCounts, files: files, origin: origin, step: step, rejects: [])
        } catch {
            writer.abandon()
            throw error
        }
    }

    /// Names a version whose segments are all stored.
    func name(
        _ columns: [ColumnRecord], _ rowCounts: [Int], files: [SealedSegmentFile], origin: String, step: VersionStep,
        rejects: [RejectReply]
    ) throws -> (DatasetRecord, VersionRecord) {
        let old = base.version
        do {
            return try catalogue.addVersion(
                NewVersion(
                    columns: columns, rowCounts: rowCounts, bytes: old.bytes, origin: origin,
                    step: String(decoding: try WireJSON.encode(step), as: UTF8.self), dialect: old.dialect,
                    warnings: [], rejects: rejects, files: files),
                to: base.dataset.id, at: Date())
        } catch {
            for file in files { catalogue.segments.discard(file) }
            throw error
        }
    }

    /// The stored column when nothing about its cells has changed.
    private func unchanged(_ column: TableColumn, _ rowCounts: [Int]) throws -> ColumnRecord? {
        guard rowCounts == base.version.rowCounts,
            let position = base.version.columns.firstIndex(where: { $0.type == column.type && $0.name == column.name }),
            column.chunks.count == base.groups
        else { return nil }
        for group in 0..<base.groups where try base.chunk(column: position, group: group) != column.chunks[group] {
            return nil
        }
        return base.version.columns[position]
    }

    private static func rowCounts(_ rows: Int) -> [Int] {
        stride(from: 0, to: rows, by: groupRows).map { min(groupRows, rows - $0) }
    }

    /// The column's chunks cut to the row groups.
    private static func regrouped(_ column: TableColumn, _ rowCounts: [Int]) -> [ColumnChunk] {
        if column.chunks.map(\.rows) == rowCounts { return column.chunks }
        guard let whole = ColumnChunk.concatenated(column.chunks) else { return column.chunks }
        var start = 0
        return rowCounts.map { count in
            defer { start += count }
            return whole.slice(start..<start + count)
        }
    }
}
