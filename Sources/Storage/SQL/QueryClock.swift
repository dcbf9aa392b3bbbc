import Foundation

/// The time limit and the cancellation of one query; asked from its own thread only.
final class QueryClock {
    private let deadline: UInt64
    private let isCancelled: @Sendable () -> Bool
    private(set) var stopped: SQLError?
    private let seconds: Double

    init(seconds: Double, isCancelled: @escaping @Sendable () -> Bool) {
        // A client's number: anything that is no sensible duration is the shortest or a day.
        self.seconds = seconds.isFinite ? min(max(seconds, 0), 86_400) : 86_400
        deadline = DispatchTime.now().uptimeNanoseconds &+ UInt64(self.seconds * 1e9)
        self.isCancelled = isCancelled
    }

    /// True once the time is over or the query is cancelled.
    var mustStop: Bool {
        if stopped != nil { return true }
        if isCancelled() {
            stopped = .cancelled
        } else if DispatchTime.now().uptimeNanoseconds >= deadline {
            stopped = .timeout(seconds: seconds)
        }
        return stopped != nil
    }
}
