import Foundation
import Shared
import Storage
import Tabular

/// The chunks of a transformation: those of stored versions are read from their segments when they are needed, those that steps make
/// wait encoded in a spool.
///
/// It knows for every chunk whether it is stored already, so a version names the segments of what did not change and only the rest
/// is written.
final class VersionShelf: ChunkShelf {
    private enum Place: Sendable {
        case stored(table: Int, column: Int, group: Int)
        case held(ChunkSpool.Entry)
        /// Held, and since in a sealed file of this transformation.
        case sealed(ChunkSpool.Entry, file: String, group: Int)
    }

    private struct State: Sendable {
        var tables: [StoredTable] = []
        var places: [Place] = []
        var files: [SealedSegmentFile] = []
    }

    private let catalogue: Catalogue
    private let spool: ChunkSpool
    private let state = Locked(State())

    /// - Throws: `SpoolError` when the spool cannot be made.
    init(catalogue: Catalogue) throws {
        self.catalogue = catalogue
        spool = try ChunkSpool(directory: catalogue.directory.spoolPath)
    }

    /// The version as a table on this shelf. Nothing is read.
    func place(_ table: StoredTable) -> ChunkedTable {
        let first = state.withLock { state in
            let number = state.tables.count
            let first = state.places.count
            state.tables.append(table)
            for column in table.version.columns.indices {
                for group in 0..<table.groups {
                    state.places.append(.stored(table: number, column: column, group: group))
                }
            }
            return first
        }
        return ChunkedTable(
            columns: table.version.columns.enumerated().map { position, column in
                ChunkedColumn(
                    name: column.name, type: column.type, format: column.format,
                    chunks: (0..<table.groups).map { ChunkID(first + position * table.groups + $0) })
            }, rowCounts: table.version.rowCounts, shelf: self)
    }

    func chunk(_ id: ChunkID) throws -> ColumnChunk {
        switch place(of: id) {
        case .stored(let table, let column, let group):
            return try state.withLock { $0.tables[table] }.chunk(column: column, group: group)
        case .held(let entry), .sealed(let entry, _, _): return try SegmentCodec.decode(try spool.segment(entry))
        }
    }

    func nulls(_ id: ChunkID) throws -> Int {
        switch place(of: id) {
        case .stored(let table, let column, let group):
            return try state.withLock { $0.tables[table] }.nullCount(column: column, group: group)
        case .held(let entry), .sealed(let entry, _, _): return entry.segment.nulls
        }
    }

    func keep(_ chunk: ColumnChunk) throws -> ChunkID {
        let entry = try spool.append(SegmentCodec.encode(chunk))
        return state.withLock { state in
            state.places.append(.held(entry))
            return ChunkID(state.places.count - 1)
        }
    }

    private func place(of id: ChunkID) -> Place { state.withLock { $0.places[id.number] } }

    // MARK: Storing

    /// The columns of a table as a version names them. Chunks that are in no segment file yet are written into one.
    ///
    /// The file has one column, and each of its row groups is one chunk: so any chunk of any column may be shared or not.
    func seal(_ table: ChunkedTable) throws -> [ColumnRecord] {
        try writeHeld(table)
        return try table.columns.map { column in
            var runs: [SegmentRun] = []
            for (group, id) in column.chunks.enumerated() {
                var run = try run(of: id)
                run.firstGroup = group
                if let last = runs.last, last.file == run.file, last.fileColumn == run.fileColumn,
                    last.fileGroup + last.groups == run.fileGroup
                {
                    runs[runs.count - 1].groups += 1
                } else {
                    runs.append(run)
                }
            }
            return ColumnRecord(
                name: column.name, type: column.type, nullable: try column.chunks.contains { try nulls($0) > 0 },
                format: column.format, runs: runs)
        }
    }

    private func run(of id: ChunkID) throws -> SegmentRun {
        switch place(of: id) {
        case .stored(let table, let column, let group):
            return try state.withLock { $0.tables[table] }.segment(column: column, group: group)
        case .sealed(_, let file, let group):
            return SegmentRun(firstGroup: 0, groups: 1, file: file, fileColumn: 0, fileGroup: group)
        case .held: throw StorageError.invalid("a chunk was not written")
        }
    }

    private func writeHeld(_ table: ChunkedTable) throws {
        var held: [(id: ChunkID, entry: ChunkSpool.Entry)] = []
        var seen = Set<ChunkID>()
        for id in table.columns.flatMap(\.chunks) {
            if case .held(let entry) = place(of: id), seen.insert(id).inserted { held.append((id, entry)) }
        }
        if held.isEmpty { return }
        let writer = try catalogue.segments.makeFile()
        do {
            for (group, item) in held.enumerated() {
                try writer.append(column: 0, rowGroup: group, try spool.segment(item.entry))
            }
            let file = try writer.seal()
            state.withLock { state in
                state.files.append(file)
                for (group, item) in held.enumerated() {
                    state.places[item.id.number] = .sealed(item.entry, file: file.id, group: group)
                }
            }
        } catch {
            writer.abandon()
            throw error
        }
    }

    /// The table as the SQL sandbox reads it, under the dataset's name.
    func stored(_ table: ChunkedTable, as base: StoredTable) throws -> StoredTable {
        var version = base.version
        version.columns = try seal(table)
        version.rowCounts = table.rowCounts
        version.rows = table.rows
        return catalogue.table(base.dataset, version)
    }

    /// Takes over the sealed files that the columns name; the others are removed.
    func takeFiles(named columns: [ColumnRecord]) -> [SealedSegmentFile] {
        let files = state.withLock { state in
            defer { state.files = [] }
            return state.files
        }
        let named = Set(columns.flatMap { $0.runs.map(\.file) })
        for file in files where !named.contains(file.id) { catalogue.segments.discard(file) }
        return files.filter { named.contains($0.id) }
    }

    /// Removes whatever was written and not taken.
    deinit { for file in state.current.files { catalogue.segments.discard(file) } }
}
