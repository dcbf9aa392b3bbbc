import Foundation
import GRDB
import Synchronization

/// Copies the write-ahead log into the database every second, on a connection and a thread of its own.
///
/// A passive checkpoint neither waits for nor stops writers and readers, so a request never pays for it.
final class Checkpointer: Sendable {
    private let database: DatabaseQueue
    private let queue = DispatchQueue(label: "csvand.checkpoint", qos: .utility)
    private let stopped = Atomic(false)
    private let logPath: String

    private let activity: CatalogueActivity

    init(databasePath: String, activity: CatalogueActivity) throws {
        self.activity = activity
        var configuration = Configuration()
        configuration.label = "csvand.db checkpoint"
        database = try DatabaseQueue(path: databasePath, configuration: configuration)
        logPath = databasePath + "-wal"
    }

    func start() {
        queue.asyncAfter(deadline: .now() + 1) { [weak self] in
            guard let self, !self.stopped.load(ordering: .relaxed) else { return }
            self.run()
            self.start()
        }
    }

    func stop() {
        stopped.store(true, ordering: .relaxed)
        // Waits for a running checkpoint.
        queue.sync { try? database.close() }
    }

    private func run() {
        var status = stat()
        // Fewer than 256 pages are not worth the two syncs.
        guard stat(logPath, &status) == 0, status.st_size > 1 << 20 else { return }
        // A failure leaves the log as it is: it is tried again in a second, and writers report what is wrong with the disk.
        if (try? database.writeWithoutTransaction { try $0.checkpoint(.passive) }) != nil { activity.countCheckpoint() }
    }
}
