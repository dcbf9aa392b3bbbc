/// Chance in which feature a leaf is split on: the root of each feature's gain is moved by a normal draw before they are compared.
///
/// Features whose gains differ by less than another sample of the rows would make them differ take turns, so no round repeats the
/// choices of the one before. Cuts, values of leaves and the order of leaves are those of the true gains. Source: the `random_strength`
/// of Prokhorenkova et al., "CatBoost: unbiased boosting with categorical features", 2018; here the draw is of the deviation that the
/// root of a gain has, not of the gradients', so it does not need to fade with the rounds.
struct SplitNoise: Sendable {
    /// Of the draws among a few features, in roots of gains; 0 for none.
    private let deviation: Double
    private let seed: UInt64
    /// With more, the largest of the draws would outweigh what features say: draws fade with the fourth root of their number.
    private static let fewFeatures = 32

    static let none = SplitNoise(strength: 0, dispersion: 0, seed: 0, tree: 0)

    /// - Parameters:
    ///   - strength: standard deviations of a gain's root.
    ///   - dispersion: squared gradients over hessians of the rows of the tree, which is the variance of the root of a gain that is noise.
    ///   - seed: of the fit; each tree has draws of its own.
    init(strength: Double, dispersion: Double, seed: UInt64, tree: Int) {
        deviation = strength * dispersion.squareRoot()
        // Not the seed that gradients are rounded by.
        var random = RandomStream(seed: ~seed, part: tree)
        self.seed = random.next()
    }

    /// The split to take of a leaf, the first of equals; none where none gains more than `least`.
    ///
    /// - Parameters:
    ///   - found: best split of each slot.
    ///   - own: score of the leaf as it is, which the gains contain.
    ///   - node: of the leaf, unique in the tree.
    func best(of found: UnsafeBufferPointer<BinSplit>, own: Double, node: Int32, least: Double) -> BinSplit {
        let few = Double(SplitNoise.fewFeatures) / Double(max(SplitNoise.fewFeatures, found.count))
        let deviation = deviation * few.squareRoot().squareRoot()
        var random = RandomStream(seed: seed, part: Int(node))
        var best = BinSplit()
        var highest = -Double.infinity
        for split in found where split.isFound && split.gain - own > least {
            var root = (split.gain - own).squareRoot()
            if deviation > 0 { root += deviation * random.normal() }
            guard root > highest else { continue }
            highest = root
            best = split
        }
        best.gain -= best.isFound ? own : 0
        return best
    }
}
