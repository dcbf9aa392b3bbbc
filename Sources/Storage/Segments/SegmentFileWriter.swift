import Foundation
import GRDBSQLite
import Synchronization
import Tabular

/// A segment file that is whole, synced and under its final name, but not yet named by the catalogue.
package struct SealedSegmentFile: Sendable, Hashable {
    package var id: String
    package var bytes: Int
    /// Rows of each row group, in order.
    package var rowCounts: [Int]
}

/// Writes a segment file: an SQLite file of its own, in one transaction, without a journal, under a temporary name.
///
/// Several threads may append at a time; each encodes its chunks before, so the lock is held for the insertion only. The file becomes
/// visible by `seal`; until a catalogue row names it, the next start removes it.
package final class SegmentFileWriter: Sendable {
    package let id: String
    private let directory: String
    private let state: Mutex<OpenFile>

    /// Makes `ID.db.tmp` in `directory`.
    init(directory: String, id: String) throws(StorageError) {
        self.id = id
        self.directory = directory
        state = Mutex(try OpenFile(path: directory + "/" + id + ".db.tmp"))
    }

    deinit { abandon() }

    private var temporaryPath: String { directory + "/" + id + ".db.tmp" }

    /// Inserts a segment. Each pair of column and row group is appended once.
    package func append(column: Int, rowGroup: Int, _ segment: EncodedSegment) throws(StorageError) {
        try insert([(column, rowGroup, segment)], replacing: false)
    }

    /// Inserts the segments of one row group, one a column, in column order: one lock for all.
    package func append(rowGroup: Int, _ segments: [EncodedSegment]) throws(StorageError) {
        try insert(segments.enumerated().map { ($0.offset, rowGroup, $0.element) }, replacing: false)
    }

    /// Puts a segment in place of the one that was appended, for a chunk whose type changed.
    package func replace(column: Int, rowGroup: Int, with segment: EncodedSegment) throws(StorageError) {
        try insert([(column, rowGroup, segment)], replacing: true)
    }

    /// The segment as appended, decoded: for a chunk that has to be recast.
    package func chunk(column: Int, rowGroup: Int) throws(StorageError) -> ChunkBox {
        let key = SegmentKey(file: id, column: column, rowGroup: rowGroup)
        do {
            return try state.withLock { try ChunkBox(SegmentStatement.read($0.database, key)) }
        } catch {
            throw StorageError(error, doing: "reading \(temporaryPath)")
        }
    }

    private func insert(
        _ segments: [(column: Int, rowGroup: Int, segment: EncodedSegment)], replacing: Bool
    ) throws(StorageError) {
        let path = temporaryPath
        do {
            try state.withLock { file in
                for item in segments {
                    try file.insert(item.segment, column: item.column, rowGroup: item.rowGroup, replacing: replacing)
                }
            }
        } catch {
            throw StorageError(error, doing: "writing \(path)")
        }
    }

    /// Commits, syncs the file, gives it its name, syncs the directory. Every row group must have the same columns and rows.
    ///
    /// When this returns the file survives power loss; what remains is to name it in the catalogue.
    package func seal() throws(StorageError) -> SealedSegmentFile {
        let final = directory + "/" + id + ".db"
        do {
            let counts = try state.withLock { try $0.finish() }
            guard rename(temporaryPath, final) == 0 else { throw StorageError(errno: errno, doing: "naming \(final)") }
            try SegmentStore.sync(directory)
            var status = stat()
            guard stat(final, &status) == 0 else { throw StorageError(errno: errno, doing: "reading \(final)") }
            return SealedSegmentFile(id: id, bytes: Int(status.st_size), rowCounts: counts)
        } catch {
            abandon()
            throw StorageError(error, doing: "sealing \(final)")
        }
    }

    /// Closes and removes the file, unless it is sealed.
    package func abandon() {
        state.withLock { $0.close() }
        unlink(temporaryPath)
    }
}

/// The connection and descriptor of a file being written; used under its writer's lock.
private struct OpenFile: ~Copyable {
    private(set) var database: OpaquePointer?
    private var insertion: OpaquePointer?
    /// Open since before the first byte, so that a failed write-back is reported to this descriptor's sync.
    private var descriptor: Int32 = -1
    private let path: String

    init(path: String) throws(StorageError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError(errno: errno, doing: "making \(path)") }
        do {
            try start()
        } catch {
            close()
            unlink(path)
            throw error
        }
    }

    private mutating func start() throws(StorageError) {
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX
        try check(sqlite3_open_v2(path, &database, flags, nil))
        let script = """
            -- A chunk of 64 K rows fills several pages of this size, and its zone map stands on one of them.
            PRAGMA page_size = 16384;
            -- The file is thrown away unless it is sealed whole.
            PRAGMA journal_mode = OFF;
            -- seal() syncs once.
            PRAGMA synchronous = OFF;
            -- Nobody else opens a file that has no name yet.
            PRAGMA locking_mode = EXCLUSIVE;
            -- Pages are written once: hold few.
            PRAGMA cache_size = -4096;
            BEGIN;
            CREATE TABLE segment (
                id INTEGER PRIMARY KEY, -- column << 32 | row_group
                encoding INTEGER NOT NULL,
                version INTEGER NOT NULL, -- of the payload's format
                rows INTEGER NOT NULL,
                nulls INTEGER NOT NULL,
                min ANY,
                max ANY,
                checksum INTEGER NOT NULL,
                payload BLOB NOT NULL
            ) STRICT;
            CREATE TABLE row_group (
                row_group INTEGER PRIMARY KEY,
                first_row INTEGER NOT NULL,
                rows INTEGER NOT NULL
            ) STRICT;
            """
        try check(sqlite3_exec(database, script, nil, nil, nil))
        try check(
            sqlite3_prepare_v2(database, "INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", -1, &insertion, nil))
    }

    mutating func insert(
        _ segment: EncodedSegment, column: Int, rowGroup: Int, replacing: Bool
    ) throws(StorageError) {
        guard database != nil else { throw .invalid("the segment file \(path) is closed") }
        guard (0..<1 << 20).contains(column), (0..<1 << 31).contains(rowGroup) else {
            throw .invalid("there is no segment of column \(column) and row group \(rowGroup)")
        }
        let key = Int64(column) << 32 | Int64(rowGroup)
        if replacing { try check(sqlite3_exec(database, "DELETE FROM segment WHERE id = \(key)", nil, nil, nil)) }
        sqlite3_bind_int64(insertion, 1, key)
        sqlite3_bind_int64(insertion, 2, Int64(segment.encoding))
        sqlite3_bind_int64(insertion, 3, Int64(segment.version))
        sqlite3_bind_int64(insertion, 4, Int64(segment.rows))
        sqlite3_bind_int64(insertion, 5, Int64(segment.nulls))
        SegmentStatement.bind(segment.min, to: insertion, at: 6)
        SegmentStatement.bind(segment.max, to: insertion, at: 7)
        sqlite3_bind_int64(insertion, 8, Int64(bitPattern: segment.checksum))
        let code = segment.payload.withUnsafeBytes { bytes in
            // The memory outlives the step, and the binding is cleared right after it.
            sqlite3_bind_blob64(insertion, 9, bytes.baseAddress, UInt64(bytes.count), nil)
            let code = sqlite3_step(insertion)
            sqlite3_reset(insertion)
            sqlite3_clear_bindings(insertion)
            return code
        }
        try check(code == SQLITE_DONE ? SQLITE_OK : code)
    }

    /// Writes the row starts, commits, closes and syncs; returns the rows of each group.
    mutating func finish() throws -> [Int] {
        guard database != nil else { throw StorageError.invalid("the segment file \(path) is closed") }
        let script = """
            INSERT INTO row_group
                SELECT id & 0xFFFFFFFF, sum(rows) OVER (ORDER BY id) - rows, rows FROM segment WHERE id < 1 << 32;
            """
        try check(sqlite3_exec(database, script, nil, nil, nil))
        let counts = try SegmentStatement.rowCounts(database)
        let ragged = try SegmentStatement.integers(
            database,
            """
            SELECT count(*) FROM segment s LEFT JOIN row_group g ON g.row_group = s.id & 0xFFFFFFFF
                WHERE g.rows IS NOT s.rows
            UNION ALL SELECT count(*) % max(1, (SELECT count(*) FROM row_group)) FROM segment
            UNION ALL SELECT coalesce(max(row_group) + 1, 0) - count(*) FROM row_group
            """)
        guard ragged.allSatisfy({ $0 == 0 }) else {
            throw StorageError.invalid("the columns of segment file \(path) do not have the same row groups")
        }
        try check(sqlite3_exec(database, "COMMIT", nil, nil, nil))
        sqlite3_finalize(insertion)
        insertion = nil
        try check(sqlite3_close(database))
        database = nil
        guard fsync(descriptor) == 0 else { throw StorageError(errno: errno, doing: "syncing \(path)") }
        close()
        return counts
    }

    mutating func close() {
        sqlite3_finalize(insertion)
        sqlite3_close_v2(database)
        if descriptor >= 0 { _ = Foundation.close(descriptor) }
        insertion = nil
        database = nil
        descriptor = -1
    }

    private func check(_ code: Int32) throws(StorageError) {
        guard code != SQLITE_OK else { return }
        throw StorageError(
            sqlite: sqlite3_extended_errcode(database),
            message: database.map { String(cString: sqlite3_errmsg($0)) } ?? "",
            doing: "writing \(path)")
    }
}
