import Foundation
import GRDB
import Shared
import Synchronization
import Tabular

/// The one durable store: `csvand.db` with everything but the cells, and the directory of segment files that hold those.
///
/// Every method is synchronous and durable when it returns: a write has been synced (`synchronous=FULL`). Callers on the concurrency
/// pool go through `offload`, so that a sync never occupies one of its threads.
package final class Catalogue: Sendable {
    package let directory: StateDirectory
    package let segments: SegmentStore
    package let activity = CatalogueActivity()
    let pool: DatabasePool
    let identifiers: Identifiers
    private let checkpointer: Checkpointer
    /// Tables by what they were asked for.
    let tables = TableCache()
    /// Grows with every change of what a reference to a model stands for.
    let modelChanges = Atomic<Int>(0)
    /// What was being written when a sync first failed.
    private let unsynced = Mutex<String?>(nil)
    private let queue = DispatchQueue(label: "csvand.storage", attributes: .concurrent)

    /// Takes the directory, opens and checks the database, migrates it, and removes segment files that no version names.
    ///
    /// Throws: `locked` for a second daemon, `damaged` for a database that fails its check, `newer` for one of a later release, `io` or
    /// `full` for what the system refuses.
    package init(
        directory path: String, identifiers: Identifiers = .system, cacheBytes: Int = 64 << 20
    ) throws(StorageError) {
        directory = try StateDirectory(path)
        self.identifiers = identifiers
        do {
            pool = try Self.openPool(directory.databasePath)
            checkpointer = try Checkpointer(databasePath: directory.databasePath, activity: activity)
        } catch {
            throw StorageError(error, doing: "opening \(directory.databasePath)")
        }
        let named: Set<String>
        do {
            named = try pool.read { try String.fetchSet($0, sql: "SELECT id FROM segment_file") }
        } catch {
            throw StorageError(error, doing: "reading the catalogue")
        }
        segments = try SegmentStore(
            path: directory.segmentsPath, named: named, identifiers: identifiers, cacheBytes: cacheBytes)
        checkpointer.start()
    }

    private static func openPool(_ path: String) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "csvand.db"
        configuration.maximumReaderCount = 4
        // Checkpoints and outside readers hold locks for moments only: wait for them rather than fail.
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            // The catalogue is read by key: a large cache only costs memory.
            try database.execute(sql: "PRAGMA cache_size = -4096")
            // Sorting a few hundred records needs no temporary file.
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
            // A function in a schema that somebody else put into the file must not run.
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { database in
            // GRDB leaves NORMAL, which acknowledges commits before they are synced.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // Checkpoints run on a connection of their own, so that no request waits for one.
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
            // A log that grew during a burst gives its space back.
            try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
        }
        // The check reads every page: with models worth more than this it would keep the daemon from being ready.
        let size = (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        if size <= 256 << 20 {
            try pool.read { database in
                if let fault = try String.fetchOne(database, sql: "PRAGMA quick_check(1)"), fault != "ok" {
                    throw StorageError.damaged(what: path, detail: fault)
                }
            }
        }
        let migrator = Migrations.migrator
        if let unknown = try pool.read({ try migrator.appliedIdentifiers($0) }).subtracting(migrator.migrations).min() {
            throw StorageError.newer(migration: unknown)
        }
        try migrator.migrate(pool)
        return pool
    }

    /// Copies the log into the database and closes; the last call before the process ends.
    package func close() {
        checkpointer.stop()
        // What is not copied now is copied at the next opening.
        _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try? pool.close()
    }
}

extension Catalogue {
    /// Runs `body` in one transaction that is synced when this returns.
    func write<T>(_ doing: String, _ body: (Database) throws -> T) throws(StorageError) -> T {
        if let since = unsynced.withLock({ $0 }) { throw .unsynced(since: since) }
        let start = ContinuousClock.now
        defer {
            tables.invalidate()
            activity.countWrite(since: start)
        }
        do {
            return try pool.write(body)
        } catch {
            if (error as? DatabaseError)?.resultCode == .SQLITE_BUSY { activity.countBusy() }
            let error = StorageError(error, doing: doing)
            // After a failed sync the kernel may have dropped the pages and call the next sync a success.
            if error.isSyncFailure { unsynced.withLock { $0 = $0 ?? doing } }
            throw error
        }
    }

    /// Runs `body` on a snapshot; never waits for a writer.
    func read<T>(_ doing: String, _ body: (Database) throws -> T) throws(StorageError) -> T {
        activity.countRead()
        do { return try pool.read(body) } catch { throw StorageError(error, doing: doing) }
    }

    /// Runs blocking work on a thread outside the concurrency pool.
    package func offload<T: Sendable>(_ work: @escaping @Sendable (Catalogue) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work(self) }) }
        }
    }

    /// What stopped writing, if a sync failed since the start; reading still works.
    package var degraded: String? { unsynced.withLock { $0 } }

    /// A write, its sync, and a read: throws what a client's write would get now.
    package func probe(at now: Date) throws(StorageError) {
        try setSetting("probe", to: WireTime.text(now))
    }

    /// Pages of the database that hold nothing.
    package func freelistPages() throws(StorageError) -> Int {
        try read("counting free pages") { try Int.fetchOne($0, sql: "PRAGMA freelist_count") ?? 0 }
    }

    /// Bytes of the write-ahead log.
    package var logBytes: Int {
        var status = stat()
        return stat(directory.databasePath + "-wal", &status) == 0 ? Int(status.st_size) : 0
    }

    /// Bytes of the catalogue and its log on disk.
    package var databaseBytes: Int {
        [directory.databasePath, directory.databasePath + "-wal"].reduce(0) { sum, path in
            var status = stat()
            return sum + (stat(path, &status) == 0 ? Int(status.st_size) : 0)
        }
    }

    /// The version of the SQLite library in use.
    package static var sqliteVersion: String { String(cString: sqliteLibraryVersion()) }
}
