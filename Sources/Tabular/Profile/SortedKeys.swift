/// One key a value, ascending.
struct SortedKeys: OrderedNumbers {
    private let keys: [UInt64]
    private let meaning: NumberKeys

    /// - Complexity: O(keys), a radix sort
    init(sorting unsorted: consuming [UInt64], _ meaning: NumberKeys) {
        RadixSort.sort(&unsorted)
        keys = unsorted
        self.meaning = meaning
    }

    var count: Int { keys.count }

    func key(at rank: Int) -> UInt64 { keys[rank] }

    func count(below bound: Double, including: Bool) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            let value = meaning.double(keys[middle])
            if value < bound || including && value == bound { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func repeats() -> Repeats {
        var result = Repeats()
        keys.withUnsafeBufferPointer { keys in
            var start = 0
            for index in 1..<max(1, keys.count) where keys[index] != keys[index - 1] {
                result.take(keys[start], count: index - start)
                start = index
            }
            if let last = keys.last { result.take(last, count: keys.count - start) }
        }
        return result
    }

    func forEachBlock(_ body: (UnsafeBufferPointer<Double>, UnsafeBufferPointer<UInt64>?) -> Void) {
        keys.withUnsafeBufferPointer { keys in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: 1024) { values in
                var start = 0
                while start < keys.count {
                    let block = UnsafeBufferPointer(rebasing: keys[start..<min(start + values.count, keys.count)])
                    meaning.doubles(block, to: values)
                    body(UnsafeBufferPointer(rebasing: values[0..<block.count]), nil)
                    start += block.count
                }
            }
        }
    }
}
