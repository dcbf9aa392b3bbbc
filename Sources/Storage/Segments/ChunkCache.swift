import Synchronization

/// Values of a segment in memory.
protocol CachedValues: AnyObject, Sendable {
    /// Memory they hold.
    var bytes: Int { get }
}

/// Decoded segments, the least recently used of which go when their memory passes a limit.
final class ChunkCache<Box: CachedValues>: Sendable {
    private struct Entry {
        var box: Box
        var used: UInt64
    }

    private struct State {
        var entries: [SegmentKey: Entry] = [:]
        var bytes = 0
        var clock: UInt64 = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    /// `limit` is in bytes of decoded values.
    init(limit: Int) { self.limit = limit }

    subscript(key: SegmentKey) -> Box? {
        state.withLock { state in
            state.clock += 1
            state.entries[key]?.used = state.clock
            return state.entries[key]?.box
        }
    }

    /// - Complexity: O(1) amortised; a full cache drops its older quarter at once.
    func insert(_ box: Box, for key: SegmentKey) {
        guard box.bytes <= limit / 4 else { return }
        state.withLock { state in
            state.clock += 1
            if let old = state.entries.updateValue(Entry(box: box, used: state.clock), forKey: key) {
                state.bytes -= old.box.bytes
            }
            state.bytes += box.bytes
            guard state.bytes > limit else { return }
            for (key, entry) in state.entries.sorted(by: { $0.value.used < $1.value.used }) {
                if state.bytes <= limit / 4 * 3 { break }
                state.entries[key] = nil
                state.bytes -= entry.box.bytes
            }
        }
    }

    /// Another entry would soon put others out.
    var isFull: Bool { state.withLock { $0.bytes > limit / 4 * 3 } }

    func drop(files: Set<String>) {
        state.withLock { state in
            for (key, entry) in state.entries where files.contains(key.file) {
                state.entries[key] = nil
                state.bytes -= entry.box.bytes
            }
        }
    }
}
