import CIntrinsics
import Foundation
import Synchronization

/// A few threads that run one body at a time together; the calling thread is the first of them.
///
/// Fits last from milliseconds to minutes and meet the barrier hundreds of times a second, which the cooperative pool must not be
/// blocked for. Waiting spins for some microseconds, then sleeps.
final class ThreadTeam {
    let threads: Int
    private let board = Board()

    /// - Parameter threads: at least 1; 1 starts none.
    init(threads: Int) {
        self.threads = max(1, min(threads, 64))
        for index in 1..<max(2, self.threads) where index < self.threads {
            let board = board
            let thread = Thread { board.work(as: index) }
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    deinit { board.post(nil, workers: threads - 1) }

    /// Calls the body once in each thread with the thread's index and returns when all are through.
    func run(_ body: @escaping (Int) -> Void) {
        guard threads > 1 else { return body(0) }
        board.post(Job(body: body), workers: threads - 1)
        body(0)
        board.waitForWorkers()
    }

    /// Hands out `0 ..< count` in chunks to whichever thread is free; the chunks must not depend on each other.
    func forChunks(of size: Int, count: Int, _ body: @escaping (_ thread: Int, _ range: Range<Int>) -> Void) {
        guard count > 0 else { return }
        guard threads > 1, count > size else { return body(0, 0..<count) }
        let board = board
        board.nextChunk.store(0, ordering: .relaxed)
        run { thread in
            while true {
                let begin = board.nextChunk.wrappingAdd(size, ordering: .relaxed).oldValue
                if begin >= count { return }
                body(thread, begin..<min(begin + size, count))
            }
        }
    }
}

/// One body to run.
// Safety: `ThreadTeam.run` waits for every thread, and bodies write disjoint memory.
private struct Job: @unchecked Sendable {
    let body: (Int) -> Void
}

/// Where jobs are posted; outlives the team until its threads have seen the end.
// Safety: `job` is written under the lock before `round` changes, and read by a worker only after it saw the change.
private final class Board: @unchecked Sendable {
    private let condition = NSCondition()
    private let round = Atomic<Int>(0)
    private let pending = Atomic<Int>(0)
    let nextChunk = Atomic<Int>(0)
    private var job: Job?

    func post(_ job: Job?, workers: Int) {
        guard workers > 0 else { return }
        condition.lock()
        self.job = job
        pending.store(workers, ordering: .releasing)
        round.wrappingAdd(1, ordering: .releasing)
        condition.broadcast()
        condition.unlock()
    }

    func waitForWorkers() {
        for _ in 0..<4_000 {
            if pending.load(ordering: .acquiring) == 0 { return }
            csvand_pause()
        }
        condition.lock()
        while pending.load(ordering: .acquiring) != 0 { condition.wait() }
        condition.unlock()
    }

    func work(as index: Int) {
        var seen = 0
        while true {
            seen = nextRound(after: seen)
            guard let job else { return }
            job.body(index)
            if pending.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
                condition.lock()
                condition.broadcast()
                condition.unlock()
            }
        }
    }

    private func nextRound(after seen: Int) -> Int {
        for _ in 0..<2_000 {
            let found = round.load(ordering: .acquiring)
            if found != seen { return found }
            csvand_pause()
        }
        condition.lock()
        defer { condition.unlock() }
        while round.load(ordering: .acquiring) == seen { condition.wait() }
        return round.load(ordering: .acquiring)
    }
}
