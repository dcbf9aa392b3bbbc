import Foundation

/// The population stability index.
package enum StabilityIndex {
    /// From here on a distribution has moved.
    package static let moderate = 0.1
    /// From here on it has moved a lot.
    package static let marked = 0.2
    /// Empty bins would make the logarithm infinite.
    private static let least = 1e-4

    /// Sum of (found - expected) * ln(found / expected) over bins; 0 for the same shares.
    package static func of(expected: [Double], found: [Double]) -> Double {
        zip(expected, found).reduce(0) { sum, pair in
            let (a, b) = (max(least, pair.0), max(least, pair.1))
            return sum + (b - a) * log(b / a)
        }
    }
}
