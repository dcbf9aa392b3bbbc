/// HyperLogLog with 16,384 registers.
///
/// Source: Flajolet et al. 2007 for the registers; Ertl 2017, "New cardinality estimation algorithms for HyperLogLog sketches",
/// algorithm 6, for an estimate without bias between few and many values, where the first one is off by some per cent.
struct DistinctSketch: Sendable {
    /// Three times the standard error of 1.04 / sqrt(16,384).
    static let error = 3 * 1.04 / 128
    private var registers = [UInt8](repeating: 0, count: 1 << 14)
    /// Bits of a hash that do not choose the register.
    private static let restBits = 50

    /// - Parameter value: equal for equal values; its bits may be as uneven as they like.
    mutating func add(_ value: UInt64) {
        let hash = Self.mixed(value)
        let register = Int(hash >> 50)
        let rank = UInt8(min(51, (hash << 14 | 1 << 13).leadingZeroBitCount + 1))
        if registers[register] < rank { registers[register] = rank }
    }

    /// Each bit of the result depends on all of `value` (the finaliser of SplitMix64, Steele et al. 2014).
    private static func mixed(_ value: UInt64) -> UInt64 {
        var hash = value &+ 0x9E37_79B9_7F4A_7C15
        hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ hash >> 27) &* 0x94D0_49BB_1331_11EB
        return hash ^ hash >> 31
    }

    func estimate(atMost limit: Int) -> Int {
        var counts = [Double](repeating: 0, count: Self.restBits + 2)
        for register in registers { counts[Int(register)] += 1 }
        let size = Double(registers.count)
        var sum = size * Self.tau(1 - counts[Self.restBits + 1] / size)
        for rank in stride(from: Self.restBits, to: 0, by: -1) { sum = 0.5 * (sum + counts[rank]) }
        sum += size * Self.sigma(counts[0] / size)
        let estimate = 0.721_347_520_444_481_7 * size * size / sum
        return estimate.isFinite ? min(limit, Int(min(9e18, estimate.rounded()))) : 0
    }

    /// Infinite for 1: no value at all.
    private static func sigma(_ share: Double) -> Double {
        if share == 1 { return .infinity }
        var (power, factor, sum, before) = (share, 1.0, share, -1.0)
        while sum != before {
            power *= power
            before = sum
            sum += power * factor
            factor += factor
        }
        return sum
    }

    private static func tau(_ share: Double) -> Double {
        if share == 0 || share == 1 { return 0 }
        var (root, factor, sum, before) = (share, 1.0, 1 - share, -1.0)
        while sum != before {
            root = root.squareRoot()
            before = sum
            factor *= 0.5
            sum -= (1 - root) * (1 - root) * factor
        }
        return sum / 3
    }
}
