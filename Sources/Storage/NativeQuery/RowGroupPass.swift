import Foundation
import Synchronization

/// Runs a query's row groups on several threads and joins what they found in the order of the row groups.
struct RowGroupPass {
    /// Row groups of the scanned table.
    let groups: Int
    let clock: QueryClock

    /// Row groups whose results wait to be joined.
    private static let batchSize = 16
    private static let threads = max(1, min(ProcessInfo.processInfo.activeProcessorCount, 16))

    /// - Parameters:
    ///   - makeWorker: one for each thread at a time; kept for the next batch.
    ///   - work: what one row group gives; nil for nothing.
    ///   - join: called in the order of the row groups, on the caller's thread.
    func run<Worker: AnyObject, Found>(
        makeWorker: @escaping () -> Worker, work: @escaping (Worker, Int) throws -> Found?,
        join: (Found) throws -> Void
    ) throws {
        let pool = WorkerPool(makeWorker: makeWorker, work: work)
        var start = 0
        while start < groups {
            if clock.mustStop { throw clock.stopped ?? .cancelled }
            // The first batch is small: what it finds lets the later ones skip.
            let count = min(start == 0 ? Self.threads : Self.batchSize, groups - start)
            pool.open(first: start, count: count)
            if count == 1 || Self.threads == 1 {
                for place in 0..<count { pool.run(place) }
            } else {
                DispatchQueue.concurrentPerform(iterations: count) { pool.run($0) }
            }
            for found in try pool.results() { try join(found) }
            start += count
        }
    }
}

/// Workers that are not shared by two threads at once, and what they found.
// Safety: workers and results are handed out under the lock; a worker is with one thread at a time, and the closures touch nothing else
// that changes while a batch runs.
private final class WorkerPool<Worker: AnyObject, Found>: @unchecked Sendable {
    private let makeWorker: () -> Worker
    private let work: (Worker, Int) throws -> Found?
    private let lock = NSLock()
    private var idle: [Worker] = []
    private var found: [Result<Found?, any Error>] = []
    private var first = 0

    init(makeWorker: @escaping () -> Worker, work: @escaping (Worker, Int) throws -> Found?) {
        self.makeWorker = makeWorker
        self.work = work
    }

    func open(first: Int, count: Int) {
        self.first = first
        found = Array(repeating: .success(nil), count: count)
    }

    func run(_ place: Int) {
        let worker = lock.withLock { idle.popLast() } ?? makeWorker()
        let result = Result { try work(worker, first + place) }
        lock.withLock {
            found[place] = result
            idle.append(worker)
        }
    }

    func results() throws -> [Found] { try found.compactMap { try $0.get() } }
}
