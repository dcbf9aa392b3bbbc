/// The keys of a column one after the other: as 32-bit distances from a base while their range allows it, else whole.
///
/// Most columns of numbers span less than 2^32 units in their last place; half the memory holds twice the rows, and sorts faster.
struct KeyList: Sendable {
    enum Words: Sendable {
        /// Keys are `base` plus an offset.
        case offsets([UInt32], base: UInt64)
        case keys([UInt64])
    }

    private(set) var words: Words
    private var least = UInt64.max
    private var greatest = UInt64.min

    /// - Parameter expected: how many keys may come: a list that grows is copied several times over, each time to new memory.
    init(expected: Int) {
        var offsets: [UInt32] = []
        offsets.reserveCapacity(expected)
        LargeMemory.advise(&offsets)
        words = .offsets(offsets, base: 0)
    }

    var count: Int {
        switch words {
        case .offsets(let offsets, _): offsets.count
        case .keys(let keys): keys.count
        }
    }

    /// Bytes of the list once it has `keys` too.
    func bytes(with keys: UnsafeBufferPointer<UInt64>) -> Int {
        let isNarrow = if case .offsets = words { joined(Self.bounds(keys)) != nil } else { false }
        return (count + keys.count) * (isNarrow ? MemoryLayout<UInt32>.size : MemoryLayout<UInt64>.size)
    }

    mutating func append(_ keys: UnsafeBufferPointer<UInt64>) {
        guard !keys.isEmpty else { return }
        let (low, high) = Self.bounds(keys)
        if case .offsets = words {
            if let base = joined((low, high)) { move(to: base) } else { widen(adding: keys.count) }
        }
        (least, greatest) = (min(least, low), max(greatest, high))
        let last = words
        words = .keys([])
        switch consume last {
        case .offsets(var offsets, let base):
            offsets.append(contentsOf: keys.lazy.map { UInt32(truncatingIfNeeded: $0 &- base) })
            words = .offsets(offsets, base: base)
        case .keys(var whole):
            whole.append(contentsOf: keys)
            words = .keys(whole)
        }
    }

    /// Calls `body` with the keys in blocks, in the order in which they came.
    func forEachBlock(_ body: (UnsafeBufferPointer<UInt64>) -> Void) {
        switch words {
        case .offsets(let offsets, let base): offsets.withUnsafeBufferPointer { Self.blocks($0, base, body) }
        case .keys(let keys): keys.withUnsafeBufferPointer { Self.blocks($0, 0, body) }
        }
    }

    static let blockKeys = 1024

    /// Blocks of whole keys, of words that are distances from `base`.
    static func blocks<Word: KeyWord>(
        _ words: UnsafeBufferPointer<Word>, _ base: UInt64, _ body: (UnsafeBufferPointer<UInt64>) -> Void
    ) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: blockKeys) { keys in
            var start = 0
            while start < words.count {
                let count = min(blockKeys, words.count - start)
                for index in 0..<count { keys[index] = base &+ UInt64(words[start + index]) }
                body(UnsafeBufferPointer(rebasing: keys[0..<count]))
                start += count
            }
        }
    }

    /// The list with each key put through `change`; nil where that has no answer for one of them.
    func mapped(_ change: (UInt64) -> UInt64?) -> KeyList? {
        var result = KeyList(expected: count)
        var isWhole = true
        forEachBlock { keys in
            let changed = keys.compactMap(change)
            isWhole = isWhole && changed.count == keys.count
            changed.withUnsafeBufferPointer { result.append($0) }
        }
        return isWhole ? result : nil
    }

    private static func bounds(_ keys: UnsafeBufferPointer<UInt64>) -> (UInt64, UInt64) {
        var (low, high) = (UInt64.max, UInt64.min)
        for key in keys {
            low = min(low, key)
            high = max(high, key)
        }
        return (low, high)
    }

    /// A base from which all keys are within 32 bits, those of the bounds too; nil if there is none.
    private func joined(_ bounds: (UInt64, UInt64)) -> UInt64? {
        guard case .offsets(let offsets, let base) = words else { return nil }
        let low = min(least, bounds.0)
        let high = max(greatest, bounds.1)
        guard low <= high else { return base }
        let range = high - low
        guard range <= UInt64(UInt32.max) else { return nil }
        if !offsets.isEmpty, low >= base, high - base <= UInt64(UInt32.max) { return base }
        // Half of the room that is left goes below, so that a column that falls does not move with every block.
        let room = (UInt64(UInt32.max) - range) / 2
        return low > room ? low - room : 0
    }

    private mutating func move(to next: UInt64) {
        guard case .offsets(var offsets, let base) = words, next != base else { return }
        words = .keys([])
        let shift = UInt32(truncatingIfNeeded: base &- next)
        for index in offsets.indices { offsets[index] &+= shift }
        words = .offsets(offsets, base: next)
    }

    private mutating func widen(adding more: Int) {
        guard case .offsets(let offsets, let base) = words else { return }
        var keys: [UInt64] = []
        keys.reserveCapacity(max(offsets.capacity, offsets.count + more))
        LargeMemory.advise(&keys)
        for offset in offsets { keys.append(base &+ UInt64(offset)) }
        words = .keys(keys)
    }
}

/// A word of a list of keys.
protocol KeyWord: FixedWidthInteger, UnsignedInteger, BitwiseCopyable, Sendable {}
extension UInt32: KeyWord {}
extension UInt64: KeyWord {}
