/// A small deterministic stream of random numbers; equal seeds give equal streams on every machine.
///
/// Source: SplitMix64, Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
package struct RandomStream: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// An independent stream for one part of the work, such as one tree.
    package init(seed: UInt64, part: Int) {
        var mixer = RandomStream(seed: seed ^ (UInt64(bitPattern: Int64(part)) &* 0xD6E8_FEB8_6659_FD93))
        state = mixer.next()
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number in `0 ..< bound`; 0 when the bound is not positive.
    package mutating func index(below bound: Int) -> Int {
        guard bound > 0 else { return 0 }
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A number in `0 ..< 1`.
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// `count` different numbers below `bound`, ascending. Complexity: O(bound).
    package mutating func sample(_ count: Int, below bound: Int) -> [Int32] {
        var chosen: [Int32] = []
        chosen.reserveCapacity(max(0, min(count, bound)))
        var needed = min(count, bound)
        for index in 0..<max(0, bound) where needed > 0 {
            if self.index(below: bound - index) < needed {
                chosen.append(Int32(index))
                needed -= 1
            }
        }
        return chosen
    }
}
