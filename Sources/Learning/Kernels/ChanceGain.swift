import Foundation

/// The gain that a split by sets of categories has when the categories say nothing: they are put in order by the same gradients that
/// judge the split, so chance alone sets them apart, the more of them there are.
///
/// Of K equal categories whose gradients are noise of variance `dispersion` times their hessian, the lowest share q has a gain of K times
/// `dispersion` times d(q)² / (q (1 - q)), d being the normal density at the quantile q; at q = 1/2 that is 2/pi, the share of a normal's
/// variance that two groups explain. Source: Hartigan, "Asymptotic distributions for clustering criteria", 1978. Unequal categories
/// count as (sum of the roots of their hessians)² over the hessian of the leaf.
struct ChanceGain {
    /// Gain for a share of 1, before the factor of the share.
    private let scale: Double
    private let roots: Double

    private static let steps = 200

    /// d(q)² / (q (1 - q)) for q in steps.
    private static let factors: [Double] = (0...steps).map { step in
        let share = Double(step) / Double(steps)
        guard share > 0, share < 1 else { return 0 }
        var (low, high) = (-8.0, 8.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if 0.5 * erfc(-middle / 2.0.squareRoot()) < share { low = middle } else { high = middle }
        }
        return exp(-low * low) / (2 * Double.pi) / (share * (1 - share))
    }

    /// - Parameters:
    ///   - roots: sum of the square roots of the categories' hessians, in integer units as `total`.
    ///   - total: hessian of the leaf.
    ///   - dispersion: squared gradient over hessian of rows whose gradients are noise, as gains count it.
    init(roots: Double, total: Double, dispersion: Double) {
        self.roots = roots
        scale = total > 0 ? dispersion * roots * roots / total : 0
    }

    /// - Parameter part: sum of the roots of the categories on one side.
    func callAsFunction(_ part: Double) -> Double {
        guard roots > 0 else { return 0 }
        let step = (part / roots * Double(Self.steps)).rounded()
        return scale * Self.factors[Int(max(0, min(Double(Self.steps), step)))]
    }
}
