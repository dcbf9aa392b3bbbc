/// Sorts unsigned keys by their bytes, least significant first; bytes in which all keys agree are skipped.
enum RadixSort {
    /// - Complexity: O(keys) for each byte in which keys differ; as much memory again as `keys`.
    static func sort(_ keys: inout [UInt64]) {
        guard keys.count > 1 else { return }
        var least = UInt64.max
        var greatest = UInt64.min
        for key in keys {
            least = min(least, key)
            greatest = max(greatest, key)
        }
        let passes = (64 - (greatest - least).leadingZeroBitCount + 7) / 8
        var other = [UInt64](repeating: 0, count: keys.count)
        for pass in 0..<passes {
            let shift = UInt64(pass * 8)
            var starts = [Int](repeating: 0, count: 256)
            // Safety: places are running sums of the counts of the same keys, so each is within `other`, once.
            keys.withUnsafeBufferPointer { source in
                other.withUnsafeMutableBufferPointer { target in
                    starts.withUnsafeMutableBufferPointer { starts in
                        for key in source { starts[Int((key &- least) &>> shift & 255)] &+= 1 }
                        var sum = 0
                        for digit in 0..<256 { (starts[digit], sum) = (sum, sum + starts[digit]) }
                        for key in source {
                            let digit = Int((key &- least) &>> shift & 255)
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
