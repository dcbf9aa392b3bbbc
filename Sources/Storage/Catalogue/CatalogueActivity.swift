import Synchronization

/// What the catalogue's connections did since it was last asked, for metrics.
package final class CatalogueActivity: Sendable {
    /// Counts since the last `take`.
    package struct Counts: Sendable, Equatable {
        package var reads = 0
        package var writes = 0
        /// Transactions that met a lock and gave up.
        package var busy = 0
        package var checkpoints = 0
        /// How long write transactions took, sync included; of more than `mostDurations` the first ones.
        package var writeSeconds: [Double] = []
    }

    private static let mostDurations = 10_000
    private let counts = Mutex(Counts())

    /// The counts so far; the next ones begin at 0.
    package func take() -> Counts {
        counts.withLock { counts in
            defer { counts = Counts() }
            return counts
        }
    }

    func countRead() { counts.withLock { $0.reads += 1 } }
    func countBusy() { counts.withLock { $0.busy += 1 } }
    func countCheckpoint() { counts.withLock { $0.checkpoints += 1 } }

    func countWrite(since start: ContinuousClock.Instant) {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        counts.withLock { counts in
            counts.writes += 1
            if counts.writeSeconds.count < Self.mostDurations { counts.writeSeconds.append(seconds) }
        }
    }
}
