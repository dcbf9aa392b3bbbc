/// Sorts unsigned keys by eleven bits at a time, least significant first; digits in which all keys agree are skipped.
package enum RadixSort {
    private static let bits = 11
    private static let buckets = 1 << bits
    /// The counters alone cost as much as sorting so many by comparison.
    private static let fewKeys = 256

    /// For other modules, which the general form would not be specialised for.
    package static func sort(_ keys: inout [UInt32]) { sort(words: &keys) }
    package static func sort(_ keys: inout [UInt64]) { sort(words: &keys) }

    /// - Complexity: O(keys) for each digit in which keys differ; as much memory again as `keys`.
    static func sort<Word: KeyWord>(words keys: inout [Word]) {
        guard keys.count > fewKeys else { return keys.sort() }
        var least = Word.max
        var greatest = Word.min
        for key in keys {
            least = min(least, key)
            greatest = max(greatest, key)
        }
        let passes = (Word.bitWidth - (greatest - least).leadingZeroBitCount + bits - 1) / bits
        guard passes > 0 else { return }
        let count = keys.count
        // One reading counts the digits of all passes.
        var starts = [Int](repeating: 0, count: passes * buckets)
        for key in keys {
            var rest = key &- least
            var table = 0
            while table < starts.count {
                starts[table &+ Int(truncatingIfNeeded: rest) & (buckets - 1)] &+= 1
                rest &>>= Word(truncatingIfNeeded: bits)
                table += buckets
            }
        }
        var other = [Word](unsafeUninitializedCapacity: count) { _, initialized in initialized = count }
        LargeMemory.advise(&other)
        for pass in 0..<passes {
            let table = pass * buckets
            var sum = 0
            var isShared = false
            for digit in table..<table + buckets {
                isShared = isShared || starts[digit] == count
                (starts[digit], sum) = (sum, sum + starts[digit])
            }
            if isShared { continue }
            let shift = Word(truncatingIfNeeded: pass * bits)
            // Safety: places are running sums of the counts of the same keys, so each is within `other`, once.
            keys.withUnsafeBufferPointer { source in
                other.withUnsafeMutableBufferPointer { target in
                    starts.withUnsafeMutableBufferPointer { starts in
                        for key in source {
                            let digit = table &+ Int(truncatingIfNeeded: (key &- least) &>> shift) & (buckets - 1)
                            target[starts[digit]] = key
                            starts[digit] &+= 1
                        }
                    }
                }
            }
            swap(&keys, &other)
        }
    }
}
