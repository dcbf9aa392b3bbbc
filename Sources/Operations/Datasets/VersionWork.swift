import Foundation
import Shared
import Storage
import Tabular

/// How a version came about, as it is stored beside it.
struct VersionStep: Codable, Sendable {
    /// The version that this one was made from; what an undo goes back to.
    var base: Int?
    /// The version whose cells this one has again, by an undo or a redo.
    var restored: Int?
    /// For an undo: the version that it took back, which a redo brings again.
    var undone: Int?
    /// The version that `steps` apply to, where it is not `base`: an edited recipe is applied from the start.
    var start: Int?
    var steps: [JSONValue]?
    var types: [String: ColumnType]?
}

/// Makes a version of a dataset. Segments that its columns already have are named again, never copied.
struct VersionWork {
    let workspace: Workspace
    /// What the version is made from.
    let base: StoredTable
    /// The newest version when the work began. Another one stored meanwhile refuses this one, so that no change is lost unseen.
    let current: Int

    private var catalogue: Catalogue { workspace.catalogue }

    /// Names a version with the table's cells. Rows that were kept aside are kept aside still.
    func store(
        _ table: ChunkedTable, on shelf: VersionShelf, origin: String, step: VersionStep,
        naming: DatasetNaming = .init()
    ) throws -> (DatasetRecord, VersionRecord) {
        let columns = try shelf.seal(table)
        return try name(
            columns, table.rowCounts, files: shelf.takeFiles(named: columns), origin: origin, step: step,
            rejects: try catalogue.rejects(of: base.version, after: 0, limit: Int(Int32.max)), naming: naming)
    }

    /// Names a version whose segments are all stored.
    func name(
        _ columns: [ColumnRecord], _ rowCounts: [Int], files: [SealedSegmentFile], origin: String, step: VersionStep,
        rejects: [RejectReply], naming: DatasetNaming = .init()
    ) throws -> (DatasetRecord, VersionRecord) {
        do {
            let (dataset, stored) = try catalogue.addVersion(
                try version(columns, rowCounts, files: files, origin: origin, step: step, rejects: rejects),
                to: base.dataset.id, ifCurrent: current, naming: naming, at: Date())
            workspace.checkDataRules(dataset, stored)
            return (dataset, stored)
        } catch {
            for file in files { catalogue.segments.discard(file) }
            throw error
        }
    }

    func version(
        _ columns: [ColumnRecord], _ rowCounts: [Int], files: [SealedSegmentFile], origin: String, step: VersionStep,
        rejects: [RejectReply] = []
    ) throws -> NewVersion {
        let old = base.version
        return NewVersion(
            columns: columns, rowCounts: rowCounts, bytes: old.bytes, origin: origin,
            step: String(decoding: try WireJSON.encode(step), as: UTF8.self), dialect: old.dialect,
            warnings: [], rejects: rejects, files: files)
    }
}
