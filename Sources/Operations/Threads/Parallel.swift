import Dispatch
import Shared

/// Spreads independent pieces of work over a few threads.
enum Parallel {
    /// The results of `body` for `0 ..< count`, in order. The first error ends the rest early.
    static func map<T: Sendable>(_ count: Int, threads: Int, _ body: @escaping @Sendable (Int) throws -> T) throws
        -> [T]
    {
        let results = Locked([T?](repeating: nil, count: count))
        let failure = Locked<(any Error)?>(nil)
        let next = Locked(0)
        DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
            while failure.current == nil {
                let index = next.withLock { next in
                    defer { next += 1 }
                    return next
                }
                guard index < count else { return }
                do {
                    let result = try body(index)
                    results.withLock { $0[index] = result }
                } catch {
                    failure.withLock { $0 = $0 ?? error }
                }
            }
        }
        if let error = failure.current { throw error }
        return results.current.compactMap { $0 }
    }
}
