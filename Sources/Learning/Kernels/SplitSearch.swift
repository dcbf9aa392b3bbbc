/// The best way found to split a leaf.
struct BinSplit: Sendable {
    var gain = 0.0
    var slot = -1
    /// Last bin that goes left, for a numeric split.
    var bin = 0
    var missingLeft = false
    /// Whether rows of the leaf miss the feature.
    var hasMissing = false
    var isCategorical = false
    /// Bins that go left, for a categorical split.
    var categories = BinSet()
    /// Sum over the rows that go left.
    var leftSum: Int64 = 0

    var isFound: Bool { slot >= 0 }

    /// Whether all numbers go left and only missing ones right, in a split whose cut lies where it stays.
    var partsMissingOnly: Bool { !isCategorical && bin == BinSplit.lastBin }

    static let lastBin = 255

    /// Whether a bin goes left: as `left.contains`, without making the set for one look-up.
    @inline(__always)
    func goesLeft(_ value: UInt8) -> Bool {
        if isCategorical { return categories.contains(value) }
        return value == 0 ? missingLeft : Int(value) <= bin
    }

    /// Bins that go left.
    var left: BinSet { isCategorical ? categories : BinSet(through: bin, missing: missingLeft) }
}

/// Finds the best split of one slot's bins.
///
/// The gain is that of second-order boosting: Chen and Guestrin, "XGBoost", 2016, equation 7, with L1 as in their implementation.
struct SplitSearch: Sendable {
    /// Real gradient of one unit of an integer gradient.
    var gradientUnit: Double
    /// Real hessian of one unit of an integer hessian.
    var hessianUnit: Double
    var l1: Double
    var l2: Double
    var minimumRows: Int
    var minimumHessian: Double
    var categorySmoothing: Double
    var categoryL2: Double
    /// Squared gradients over hessians of the rows of the tree, in real units: what noise gains a category.
    var dispersion: Double
    /// Chance in which of the slots' best splits is taken.
    var noise = SplitNoise.none

    /// Most bins on the smaller side of a categorical split.
    private static let categoryLimit = 32

    @inline(__always)
    func shrunk(_ gradient: Double) -> Double {
        l1 == 0 ? gradient : (gradient > l1 ? gradient - l1 : (gradient < -l1 ? gradient + l1 : 0))
    }

    /// Half of what the best constant takes off the loss, times two.
    @inline(__always)
    func score(_ sum: Int64, extraL2: Double = 0) -> Double {
        let gradient = shrunk(GradientHistogram.gradient(sum) * gradientUnit)
        let hessian = GradientHistogram.hessian(sum) * hessianUnit + l2 + extraL2
        return hessian > 0 ? gradient * gradient / hessian : 0
    }

    /// The constant that minimises the leaf's loss.
    func leafValue(_ sum: Int64) -> Double {
        let gradient = shrunk(GradientHistogram.gradient(sum) * gradientUnit)
        let hessian = GradientHistogram.hessian(sum) * hessianUnit + l2
        return hessian > 0 ? -gradient / hessian : 0
    }

    /// Least hessian of a child in integer units: rows are counted by their share of the leaf's hessian.
    func leastHessian(total: Int64, rows: Int) -> Int64 {
        let perRow = Double(total & 0xFFFF_FFFF) / Double(max(1, rows))
        let byRows = perRow * Double(minimumRows)
        let byHessian = hessianUnit > 0 ? minimumHessian / hessianUnit : 0
        return Int64(max(1, max(byRows - 0.5, byHessian)).rounded(.up))
    }

    /// Improves `best` with the splits of a numeric slot.
    // Safety: histogram has 256 bins, count of which are used.
    func searchNumeric(
        _ histogram: UnsafePointer<Int64>, count: Int, slot: Int, total: Int64, rows: Int, best: inout BinSplit
    ) {
        let least = leastHessian(total: total, rows: rows)
        let missing = histogram[0]
        var filter = GainFilter(self, total: total, least: best.gain)
        // Without missing rows the larger side takes them later.
        for missingLeft in missing == 0 ? [false] : [false, true] {
            var left: Int64 = missingLeft ? missing : 0
            let end = count - (missing == 0 || missingLeft ? 1 : 0)
            var bin = 0
            while bin &+ 1 < end {
                bin &+= 1
                // An empty bin has the gain of the one before, which a branch would cost more to tell.
                left &+= histogram[bin]
                if left & 0xFFFF_FFFF < least { continue }
                let right = total &- left
                if right & 0xFFFF_FFFF < least { break }
                guard filter.mayPass(left) else { continue }
                let gain = score(left) + score(right)
                if gain > best.gain {
                    best.gain = gain
                    best.slot = slot
                    best.bin = bin
                    best.missingLeft = missingLeft
                    best.hasMissing = missing != 0
                    best.isCategorical = false
                    best.leftSum = left
                    filter = GainFilter(self, total: total, least: gain)
                }
            }
        }
    }

    /// Improves `best` with one-against-the-rest splits when categories are few, else with the prefixes and suffixes of the categories
    /// in order of their smoothed gradient ratio, less what the order gains by chance. Missing and rare categories go right.
    ///
    /// Source: Fisher, "On grouping for maximum homogeneity", 1958, as in LightGBM; `ChanceGain` for the chance.
    // Safety: histogram has 256 bins, count of which are used.
    func searchCategorical(
        _ histogram: UnsafePointer<Int64>, count: Int, slot: Int, total: Int64, rows: Int, best: inout BinSplit
    ) {
        searchCategorical(histogram, count: count, slot: slot, total: total, rows: rows, best: &best) {
            score($0, extraL2: $2) + score($1, extraL2: $2)
        }
    }

    /// The same with any gain.
    ///
    /// - Parameter gain: of the sums that go left and right, with what is added to `l2`. Inlined, or the call would cost as much.
    // Safety: histogram has 256 bins, count of which are used.
    @inline(__always)
    func searchCategorical(
        _ histogram: UnsafePointer<Int64>, count: Int, slot: Int, total: Int64, rows: Int, best: inout BinSplit,
        gain scored: (Int64, Int64, Double) -> Double
    ) {
        let least = leastHessian(total: total, rows: rows)
        if count <= 5 {
            for bin in 1..<max(1, count) {
                let left = histogram[bin]
                guard left & 0xFFFF_FFFF >= least, (total &- left) & 0xFFFF_FFFF >= least else { continue }
                take([bin], left, gain: scored(left, total &- left, 0), slot: slot, best: &best)
            }
            return
        }
        // The ratio in an order of integers, and the bin in its last byte: plain integers sort in half the time of pairs.
        var ordered: [UInt64] = []
        ordered.reserveCapacity(count)
        var allRoots = 0.0
        for bin in 1..<count where histogram[bin] & 0xFFFF_FFFF > 0 {
            let gradient = GradientHistogram.gradient(histogram[bin]) * gradientUnit
            let hessian = GradientHistogram.hessian(histogram[bin]) * hessianUnit
            allRoots += GradientHistogram.hessian(histogram[bin]).squareRoot()
            ordered.append(OrderedBits.of(gradient / (hessian + categorySmoothing)) & ~0xFF | UInt64(bin))
        }
        ordered.sort()
        let chance = ChanceGain(roots: allRoots, total: GradientHistogram.hessian(total), dispersion: dispersion)
        for isReversed in [false, true] {
            func bin(_ position: Int) -> Int {
                Int(ordered[isReversed ? ordered.count - 1 - position : position] & 0xFF)
            }
            var left: Int64 = 0
            var roots = 0.0
            for position in 0..<min(SplitSearch.categoryLimit, ordered.count) {
                left &+= histogram[bin(position)]
                roots += GradientHistogram.hessian(histogram[bin(position)]).squareRoot()
                if left & 0xFFFF_FFFF < least { continue }
                let right = total &- left
                if right & 0xFFFF_FFFF < least { break }
                let gain = scored(left, right, categoryL2) - chance(roots)
                if gain > best.gain {
                    take((0...position).map(bin), left, gain: gain, slot: slot, best: &best)
                }
            }
        }
    }

    private func take(_ bins: some Sequence<Int>, _ left: Int64, gain: Double, slot: Int, best: inout BinSplit) {
        guard gain > best.gain else { return }
        best = BinSplit(gain: gain, slot: slot, isCategorical: true, leftSum: left)
        for bin in bins { best.categories.insert(bin) }
    }
}

/// Tells without a division, and but for rounding, whether the scores of a split's sides add up to more than some gain: divisions would
/// be most of a scan.
private struct GainFilter {
    /// Of the leaf, in integer units; hessians with L2 for each side.
    private let gradient: Double
    private let hessian: Double
    private let l2: Double
    private let least: Double

    /// - Parameter least: gain that must be exceeded.
    init(_ search: SplitSearch, total: Int64, least gain: Double) {
        l2 = search.l2 / search.hessianUnit
        gradient = GradientHistogram.gradient(total)
        hessian = GradientHistogram.hessian(total) + 2 * l2
        // What L1 takes off is left to the exact gain.
        least = search.l1 == 0 ? gain * search.hessianUnit / (search.gradientUnit * search.gradientUnit) : -1
    }

    @inline(__always)
    func mayPass(_ left: Int64) -> Bool {
        let (leftGradient, leftHessian) = (GradientHistogram.gradient(left), GradientHistogram.hessian(left) + l2)
        let (rightGradient, rightHessian) = (gradient - leftGradient, hessian - leftHessian)
        return leftGradient * leftGradient * rightHessian + rightGradient * rightGradient * leftHessian
            > least * leftHessian * rightHessian
    }
}
