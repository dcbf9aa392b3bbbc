/// Different keys, ascending, each with how often it comes.
struct CountedKeys: OrderedNumbers {
    private let keys: [UInt64]
    private let counts: [UInt64]
    /// Values up to and with each key.
    private let sums: [Int]
    private let meaning: NumberKeys

    init(keys: [UInt64], counts: [UInt64], _ meaning: NumberKeys) {
        self.keys = keys
        self.counts = counts
        self.meaning = meaning
        var sum = 0
        sums = counts.map { count in
            sum += Int(count)
            return sum
        }
    }

    var count: Int { sums.last ?? 0 }

    func key(at rank: Int) -> UInt64 { keys[firstIndex { sums[$0] > rank }] }

    func count(below bound: Double, including: Bool) -> Int {
        let index = firstIndex { place in
            let value = meaning.double(keys[place])
            return value > bound || !including && value == bound
        }
        return index == 0 ? 0 : sums[index - 1]
    }

    /// The first place that meets a condition which all later ones meet too.
    private func firstIndex(_ meets: (Int) -> Bool) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if meets(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    func repeats() -> Repeats {
        var result = Repeats()
        for index in keys.indices { result.take(keys[index], count: Int(counts[index])) }
        return result
    }

    func forEachBlock(_ body: (UnsafeBufferPointer<Double>, UnsafeBufferPointer<UInt64>?) -> Void) {
        let values = [Double](unsafeUninitializedCapacity: keys.count) { values, initialized in
            keys.withUnsafeBufferPointer { meaning.doubles($0, to: values) }
            initialized = keys.count
        }
        values.withUnsafeBufferPointer { values in counts.withUnsafeBufferPointer { body(values, $0) } }
    }
}
