import Tabular

/// Scores of two kinds of rows, lowest first.
///
/// A score and its kind are one key of 64 bits, the kind in the place of the score's last bit, so that a plain radix sort does: scores
/// that differ by no more than that bit count as tied.
struct RankedScores {
    private let keys: [UInt64]

    /// - Parameter scores: without NaN.
    init(_ scores: [Double], isPositive: (Int) -> Bool) {
        var keys: [UInt64] = []
        keys.reserveCapacity(scores.count)
        for (row, score) in scores.enumerated() {
            keys.append(OrderedBits.of(score) & ~1 | (isPositive(row) ? 1 : 0))
        }
        RadixSort.sort(&keys)
        self.keys = keys
    }

    var count: Int { keys.count }

    func score(_ place: Int) -> Double { OrderedBits.value(keys[place] & ~1) }

    func isPositive(_ place: Int) -> Bool { keys[place] & 1 == 1 }

    /// The end of the rows that are tied with the first of them.
    func tieEnd(_ start: Int) -> Int {
        var end = start + 1
        while end < keys.count, keys[end] & ~1 == keys[start] & ~1 { end += 1 }
        return end
    }

    /// The probability that a positive row scores above a negative one, ties counted half (Mann-Whitney).
    ///
    /// - Returns: NaN when one of the kinds does not occur.
    var areaUnderCurve: Double {
        var (won, negatives, positives) = (0.0, 0, 0)
        var start = 0
        while start < keys.count {
            let end = tieEnd(start)
            let hits = keys[start..<end].reduce(0) { $0 + Int($1 & 1) }
            let misses = end - start - hits
            won += Double(hits) * (Double(negatives) + Double(misses) / 2)
            positives += hits
            negatives += misses
            start = end
        }
        guard positives > 0, negatives > 0 else { return .nan }
        return won / (Double(positives) * Double(negatives))
    }
}
