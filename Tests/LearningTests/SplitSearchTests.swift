import Testing

@testable import Learning

@Suite("Split search")
struct SplitSearchTests {
    @Test("A numeric slot is split where the gain of all cuts is largest", arguments: [0.0, 0.7])
    func numeric(l1: Double) {
        var random = RandomStream(seed: 11)
        for round in 0..<300 {
            let bins = 2 + random.index(below: 254)
            let rows = 1 + random.index(below: 3_000)
            let search = SplitSearch(
                gradientUnit: 0.001, hessianUnit: 0.002, l1: l1, l2: round % 3 == 0 ? 0 : 1.5,
                minimumRows: 1 + round % 20,
                minimumHessian: 1e-3, categorySmoothing: 10, categoryL2: 10, dispersion: 1)
            var histogram = [Int64](repeating: 0, count: GradientHistogram.slotWidth)
            for _ in 0..<rows {
                // Few rows leave bins empty, and a third of the slots misses no value.
                let bin = random.index(below: bins)
                let gradient = Int64(random.index(below: 2_001)) - 1_000 + Int64(8 * bin / bins)
                histogram[bin == 0 && round % 3 == 1 ? 1 : bin] += gradient << 32 + Int64(1 + random.index(below: 500))
            }
            let total = histogram.reduce(0, +)
            var found = BinSplit()
            search.searchNumeric(histogram, count: bins, slot: 3, total: total, rows: rows, best: &found)
            let best = bestCut(histogram, bins, total, rows, search)
            #expect(found.isFound == (best != nil))
            guard found.isFound, let best else { continue }
            #expect(abs(found.gain - best) <= 1e-12 * best)
            let left = (1...found.bin).map { histogram[$0] }.reduce(found.missingLeft ? histogram[0] : 0, +)
            #expect(found.leftSum == left && found.slot == 3)
        }
    }

    /// The largest gain of all cuts, with missing rows on either side; nil where none leaves enough on both.
    private func bestCut(
        _ histogram: [Int64], _ bins: Int, _ total: Int64, _ rows: Int, _ search: SplitSearch
    ) -> Double? {
        let least = search.leastHessian(total: total, rows: rows)
        var best: Double?
        for missingLeft in [false, true] {
            for bin in 1..<bins {
                let left = histogram[1...bin].reduce(missingLeft ? histogram[0] : 0, +)
                let isEnough = left & 0xFFFF_FFFF >= least && (total - left) & 0xFFFF_FFFF >= least
                let gain = search.score(left) + search.score(total - left)
                if isEnough, gain > best ?? 0 { best = gain }
            }
        }
        return best
    }
}
