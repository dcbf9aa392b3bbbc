import Shared
import Dispatch

/// Independent pieces of work on a few threads, answered in the order of the pieces.
enum Lanes {
    /// Runs `work` for `0 ..< count` on at most `lanes` threads.
    static func map<T: Sendable>(_ count: Int, lanes: Int, _ work: @Sendable (Int) -> T) -> [T] {
        guard lanes > 1, count > 1 else { return (0..<count).map(work) }
        let next = Locked(0)
        let results = Locked([T?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: min(lanes, count)) { _ in
            while true {
                var piece = count
                next.withLock {
                    piece = $0
                    $0 += 1
                }
                guard piece < count else { return }
                let result = work(piece)
                results.withLock { $0[piece] = result }
            }
        }
        return results.current.compactMap(\.self)
    }
}
