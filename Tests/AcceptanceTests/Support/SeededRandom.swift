import Foundation

/// Random numbers that a seed repeats.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
struct SeededRandom {
    /// `CSVAND_TEST_SEED`, or one that is always the same. Failures print it.
    static let seed = ProcessInfo.processInfo.environment["CSVAND_TEST_SEED"].flatMap { UInt64($0) } ?? 20_261_126

    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }
}
