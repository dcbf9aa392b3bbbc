/// Sorts unsigned keys by eleven bits at a time, least significant first; digits in which all keys agree are skipped.
enum RadixSort {
    private static let bits: UInt64 = 11
    private static let buckets = 1 << 11

    /// - Complexity: O(keys) for each digit in which keys differ; as much memory again as `keys`.
    static func sort(_ keys: inout [UInt64]) {
        guard keys.count > 1 else { return }
        var least = UInt64.max
        var greatest = UInt64.min
        for key in keys {
            least = min(least, key)
            greatest = max(greatest, key)
        }
        let passes = (64 - (greatest - least).leadingZeroBitCount + Int(bits) - 1) / Int(bits)
        guard passes > 0 else { return }
        let count = keys.count
        // One reading counts the digits of all passes.
        var starts = [Int](repeating: 0, count: passes * buckets)
        for key in keys {
            var rest = key &- least
            var table = 0
            while table < starts.count {
                starts[table + Int(rest & UInt64(buckets - 1))] &+= 1
                rest &>>= bits
                table += buckets
            }
        }
        var other = [UInt64](unsafeUninitializedCapacity: count) { _, initialized in initialized = count }
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
            let shift = UInt64(pass) * bits
            // Safety: places are running sums of the counts of the same keys, so each is within `other`, once.
            keys.withUnsafeBufferPointer { source in
                other.withUnsafeMutableBufferPointer { target in
                    starts.withUnsafeMutableBufferPointer { starts in
                        for key in source {
                            let digit = table &+ Int((key &- least) &>> shift & UInt64(buckets - 1))
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
