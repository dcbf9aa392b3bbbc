/// One key a value, ascending, as a distance from a base.
struct SortedKeys<Word: KeyWord>: OrderedNumbers {
    private let words: [Word]
    private let base: UInt64
    private let meaning: NumberKeys

    /// - Complexity: O(words), a radix sort
    init(sorting unsorted: consuming [Word], base: UInt64, _ meaning: NumberKeys) {
        RadixSort.sort(words: &unsorted)
        words = unsorted
        self.base = base
        self.meaning = meaning
    }

    var count: Int { words.count }

    func key(at rank: Int) -> UInt64 { key(words[rank]) }

    @inline(__always)
    private func key(_ word: Word) -> UInt64 { base &+ UInt64(word) }

    func count(below bound: Double, including: Bool) -> Int {
        var low = 0
        var high = words.count
        while low < high {
            let middle = (low + high) / 2
            let value = meaning.double(key(at: middle))
            if value < bound || including && value == bound { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func repeats() -> Repeats {
        var result = Repeats()
        words.withUnsafeBufferPointer { words in
            var start = 0
            for index in 1..<max(1, words.count) where words[index] != words[index - 1] {
                result.take(key(words[start]), count: index - start)
                start = index
            }
            if let last = words.last { result.take(key(last), count: words.count - start) }
        }
        return result
    }

    func forEachBlock(_ body: (UnsafeBufferPointer<Double>, UnsafeBufferPointer<UInt64>?) -> Void) {
        words.withUnsafeBufferPointer { words in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: KeyList.blockKeys) { values in
                KeyList.blocks(words, base) { keys in
                    meaning.doubles(keys, to: values)
                    body(UnsafeBufferPointer(rebasing: values[0..<keys.count]), nil)
                }
            }
        }
    }
}
