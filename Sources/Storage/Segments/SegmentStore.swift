import Foundation
import GRDBSQLite
import Shared
import Synchronization
import Tabular

/// The directory of segment files: makes, reads and removes them.
package final class SegmentStore: Sendable {
    private let path: String
    private let identifiers: Identifiers
    private let cache: ChunkCache<ChunkBox>
    private let scanned: ChunkCache<ScanColumn>
    private let packed: ChunkCache<PackedSegment>
    /// Bounds of columns' row groups that queries have asked for.
    private let zonesSeen = Mutex<[ZonesKey: [SegmentZone]]>([:])
    /// Backups under way, and the files that were to be unlinked meanwhile.
    private let holds = Mutex((count: 0, waiting: [String]()))
    private let connections = Mutex<[SegmentConnection]>([])
    /// Idle connections that are kept; each holds one descriptor.
    private let idleLimit = 8

    /// Opens the directory and removes the files in it that are not `named`.
    init(
        path: String, named: Set<String>, identifiers: Identifiers, cacheBytes: Int
    ) throws(StorageError) {
        self.path = path
        self.identifiers = identifiers
        // Scans have the most of it: they come again, while profiles, training and downloads read everything once.
        cache = ChunkCache(limit: cacheBytes / 4)
        scanned = ChunkCache(limit: cacheBytes)
        packed = ChunkCache(limit: cacheBytes / 2)
        let entries: [String]
        do {
            entries = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw StorageError(error, doing: "listing \(path)")
        }
        for entry in entries where !(entry.hasSuffix(".db") && named.contains(String(entry.dropLast(3)))) {
            unlink(path + "/" + entry)
        }
    }

    /// Starts a new file under a temporary name.
    package func makeFile() throws(StorageError) -> SegmentFileWriter {
        try SegmentFileWriter(directory: path, id: identifiers.next("seg"))
    }

    /// Removes a sealed file that was not named after all.
    package func discard(_ file: SealedSegmentFile) { remove([file.id]) }

    /// Unlinks files that no version names any more. Readers that have one open read on to their end.
    func remove(_ files: [String]) {
        guard !files.isEmpty else { return }
        let held = holds.withLock { holds in
            if holds.count > 0 { holds.waiting += files }
            return holds.count > 0
        }
        if !held { for file in files { unlink(filePath(file)) } }
        cache.drop(files: Set(files))
        scanned.drop(files: Set(files))
        packed.drop(files: Set(files))
        zonesSeen.withLock { seen in seen = seen.filter { !files.contains($0.key.file) } }
        let closed = connections.withLock { idle in
            let closed = idle.filter { files.contains($0.file) }
            idle.removeAll { files.contains($0.file) }
            return closed
        }
        for connection in closed { connection.close() }
    }

    /// Runs `body` while no file is unlinked; what is removed meanwhile goes after it.
    func holdingFiles<T>(_ body: () throws -> T) rethrows -> T {
        holds.withLock { $0.count += 1 }
        defer {
            let freed = holds.withLock { holds in
                holds.count -= 1
                guard holds.count == 0 else { return [String]() }
                defer { holds.waiting = [] }
                return holds.waiting
            }
            for file in freed { unlink(filePath(file)) }
        }
        return try body()
    }

    func filePath(_ file: String) -> String { path + "/" + file + ".db" }

    /// A decoded chunk, from the cache when it is there.
    func chunk(_ key: SegmentKey) throws(StorageError) -> ChunkBox {
        if let known = cache[key] { return known }
        let chunk = try withConnection(key.file) { database throws(StorageError) in
            ChunkBox(try SegmentStatement.read(database, key))
        }
        cache.insert(chunk, for: key)
        return chunk
    }

    /// A chunk in the type of its column, for scans; from the cache when it is there.
    func scanColumn(_ key: SegmentKey, as type: ColumnType) throws(StorageError) -> ScanColumn {
        if let known = scanned[key], known.type == type { return known }
        let chunk = try withConnection(key.file) { database throws(StorageError) in
            try SegmentStatement.read(database, key)
        }
        guard chunk.type == type else { return ScanColumn(chunk.recast(to: type).chunk) }
        let column = ScanColumn(chunk)
        scanned.insert(column, for: key)
        return column
    }

    /// Some rows of a chunk in the type of its column, and the row that is the first of the column returned.
    ///
    /// A full cache is left to scans: pages of large datasets, a few rows of each group, would only put each other out. Then the segments are
    /// kept as they are stored, and no more is decoded than the blocks that hold the rows.
    func scanColumn(_ key: SegmentKey, as type: ColumnType, rows: Range<Int>) throws(StorageError) -> (ScanColumn, Int)
    {
        if let known = scanned[key], known.type == type { return (known, 0) }
        guard scanned.isFull else { return (try scanColumn(key, as: type), 0) }
        let chunk = try packedSegment(key).chunk(rows)
        // What a narrower type could not hold is in the exceptions.
        guard chunk.type == type else { return (try scanColumn(key, as: type), 0) }
        let column = ScanColumn(chunk)
        if chunk.rows == rows.count { return (column, rows.lowerBound) }
        scanned.insert(column, for: key)
        return (column, 0)
    }

    private func packedSegment(_ key: SegmentKey) throws(StorageError) -> PackedSegment {
        if let known = packed[key] { return known }
        let segment = try withConnection(key.file) { database throws(StorageError) in
            try SegmentStatement.packed(database, key)
        }
        packed.insert(segment, for: key)
        return segment
    }

    func zones(file: String, column: Int, first: Int, groups: Int) throws(StorageError) -> [SegmentZone] {
        let key = ZonesKey(file: file, column: column, first: first, groups: groups)
        if let known = zonesSeen.withLock({ $0[key] }) { return known }
        let zones = try withConnection(file) { database throws(StorageError) in
            try SegmentStatement.zones(database, file: file, column: column, first: first, groups: groups)
        }
        zonesSeen.withLock { seen in
            // Few bytes each: a bound against thousands of wide datasets, not a cache's policy.
            if seen.count >= 4096 { seen.removeAll() }
            seen[key] = zones
        }
        return zones
    }

    private func withConnection<T>(
        _ file: String, _ body: (OpaquePointer?) throws(StorageError) -> T
    ) throws(StorageError) -> T {
        let idle = connections.withLock { idle -> SegmentConnection? in
            idle.lastIndex { $0.file == file }.map { idle.remove(at: $0) }
        }
        let connection: SegmentConnection
        if let idle { connection = idle } else { connection = try SegmentConnection(file: file, path: filePath(file)) }
        do throws(StorageError) {
            let result = try body(connection.database)
            let surplus = connections.withLock { idle -> SegmentConnection? in
                idle.append(connection)
                return idle.count > idleLimit ? idle.removeFirst() : nil
            }
            surplus?.close()
            return result
        } catch {
            connection.close()
            throw error
        }
    }

    /// Syncs a file, or a directory so that the names in it survive power loss.
    static func sync(_ path: String) throws(StorageError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageError(errno: errno, doing: "opening \(path)") }
        let code = fsync(descriptor)
        let reason = errno
        close(descriptor)
        guard code == 0 else { throw StorageError(errno: reason, doing: "syncing \(path)") }
    }
}

/// Consecutive row groups of a column of a file.
private struct ZonesKey: Hashable, Sendable {
    var file: String
    var column: Int
    var first: Int
    var groups: Int
}

/// A read-only connection to one segment file, used by one thread at a time.
// Safety: the store hands a connection to one caller at a time, under its lock.
final class SegmentConnection: @unchecked Sendable {
    let file: String
    private(set) var database: OpaquePointer?

    init(file: String, path: String) throws(StorageError) {
        self.file = file
        // Sealed files never change: no locks, no journal to look for.
        let uri =
            "file:" + (path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path) + "?immutable=1"
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX
        let code = sqlite3_open_v2(uri, &database, flags, nil)
        guard code == SQLITE_OK else {
            let message = database.map { String(cString: sqlite3_errmsg($0)) } ?? ""
            close()
            // A named file that cannot be opened because it is not there is damage, not a passing fault.
            if access(path, F_OK) != 0 { throw .damaged(what: "segment file \(file)", detail: "it is missing") }
            throw StorageError(sqlite: code, message: message, doing: "opening segment file \(file)")
        }
        // Chunks are cached decoded: pages need not be.
        sqlite3_exec(database, "PRAGMA cache_size = -1024", nil, nil, nil)
    }

    func close() {
        sqlite3_close_v2(database)
        database = nil
    }
}
