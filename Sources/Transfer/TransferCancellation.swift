import Synchronization

/// Ends a running exchange from another thread; it stops within a second with `TransferError.cancelled`.
package final class TransferCancellation: Sendable {
    private let flag = Atomic(false)

    package init() {}

    package var isCancelled: Bool { flag.load(ordering: .relaxed) }

    package func cancel() { flag.store(true, ordering: .relaxed) }
}
