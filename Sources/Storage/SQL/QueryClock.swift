import Foundation

/// The time limit and the cancellation of one query; asked by one thread at a time.
///
/// It runs from the start; while it pauses, no time is counted.
final class QueryClock {
    private let limit: UInt64
    private let isCancelled: @Sendable () -> Bool
    private(set) var stopped: SQLError?
    private let seconds: Double
    private var spent: UInt64 = 0
    /// Nil while it pauses.
    private var started: UInt64? = DispatchTime.now().uptimeNanoseconds

    init(seconds: Double, isCancelled: @escaping @Sendable () -> Bool) {
        // A client's number: anything that is no sensible duration is the shortest or a day.
        self.seconds = seconds.isFinite ? min(max(seconds, 0), 86_400) : 86_400
        limit = UInt64(self.seconds * 1e9)
        self.isCancelled = isCancelled
    }

    /// True once the time is over or the query is cancelled.
    var mustStop: Bool {
        if stopped != nil { return true }
        if isCancelled() {
            stopped = .cancelled
        } else if nanoseconds >= limit {
            stopped = .timeout(seconds: seconds)
        }
        return stopped != nil
    }

    /// Goes on after a pause.
    func start() { if started == nil { started = DispatchTime.now().uptimeNanoseconds } }

    func pause() {
        spent = nanoseconds
        started = nil
    }

    var elapsedSeconds: Double { Double(nanoseconds) / 1e9 }

    private var nanoseconds: UInt64 {
        spent &+ (started.map { DispatchTime.now().uptimeNanoseconds &- $0 } ?? 0)
    }
}
