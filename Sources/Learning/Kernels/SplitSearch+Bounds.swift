import Shared

/// The search where values of a leaf are bounded or a slot has a direction. It has loops of its own, so that fits without constraints
/// do not pay for them.
///
/// Gains are over the leaf as it is when it has bounds: sums of scores may then be negative and yet better than the leaf's. Without
/// bounds they are sums of scores, as those of slots without a direction.
extension SplitSearch {
    /// The constant within the bounds that minimises the leaf's loss.
    @inline(__always)
    func leafValue(_ sum: Int64, within bounds: LeafBounds, extraL2: Double = 0) -> Double {
        let gradient = shrunk(GradientHistogram.gradient(sum) * gradientUnit)
        let hessian = GradientHistogram.hessian(sum) * hessianUnit + l2 + extraL2
        return bounds.clamped(hessian > 0 ? -gradient / hessian : 0)
    }

    /// What a constant takes off the loss, times two: as much as `score` says for the best one, less for any other.
    @inline(__always)
    func score(_ sum: Int64, value: Double, extraL2: Double = 0) -> Double {
        let gradient = GradientHistogram.gradient(sum) * gradientUnit
        let hessian = GradientHistogram.hessian(sum) * hessianUnit + l2 + extraL2
        return -(2 * gradient * value + hessian * value * value + 2 * l1 * abs(value))
    }

    /// What the best constant within the bounds takes off the loss, times two.
    @inline(__always)
    func score(_ sum: Int64, within bounds: LeafBounds, extraL2: Double = 0) -> Double {
        score(sum, value: leafValue(sum, within: bounds, extraL2: extraL2), extraL2: extraL2)
    }

    /// What gains are counted from.
    private func start(_ total: Int64, within bounds: LeafBounds) -> Double {
        bounds.areSet ? score(total, within: bounds) : 0
    }

    /// Improves `best` with the splits of a numeric slot whose sides are in order.
    ///
    /// Missing rows on one side are bound by the order like the numbers there; on their own they are not.
    // Safety: histogram has 256 bins, count of which are used.
    func searchNumeric(
        _ histogram: UnsafePointer<Int64>, count: Int, slot: Int, total: Int64, rows: Int, within bounds: LeafBounds,
        direction: MonotoneDirection?, best: inout BinSplit
    ) {
        let least = leastHessian(total: total, rows: rows)
        let start = start(total, within: bounds)
        let missing = histogram[0]
        var last = count - 1
        while last > 0, histogram[last] == 0 { last -= 1 }
        for missingLeft in missing == 0 ? [false] : [false, true] {
            var left: Int64 = missingLeft ? missing : 0
            for bin in 1..<max(1, count - (missing == 0 || missingLeft ? 1 : 0)) {
                let sum = histogram[bin]
                if sum == 0 { continue }
                left &+= sum
                if left & 0xFFFF_FFFF < least { continue }
                let right = total &- left
                if right & 0xFFFF_FFFF < least { break }
                let leftValue = leafValue(left, within: bounds)
                let rightValue = leafValue(right, within: bounds)
                if let direction, bin < last, !direction.allows(leftValue, rightValue) { continue }
                let gain = score(left, value: leftValue) + score(right, value: rightValue) - start
                if gain > best.gain {
                    best = BinSplit(
                        gain: gain, slot: slot, bin: bin, missingLeft: missingLeft, hasMissing: missing != 0,
                        leftSum: left)
                }
            }
        }
    }

    /// Improves `best` with the splits of a categorical slot, values of leaves within bounds.
    // Safety: histogram has 256 bins, count of which are used.
    func searchCategorical(
        _ histogram: UnsafePointer<Int64>, count: Int, slot: Int, total: Int64, rows: Int, within bounds: LeafBounds,
        best: inout BinSplit
    ) {
        let start = start(total, within: bounds)
        searchCategorical(histogram, count: count, slot: slot, total: total, rows: rows, best: &best) {
            score($0, within: bounds, extraL2: $2) + score($1, within: bounds, extraL2: $2) - start
        }
    }
}
