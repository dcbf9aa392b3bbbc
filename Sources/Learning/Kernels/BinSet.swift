/// A set of bins, 256 bits.
struct BinSet: Sendable, Equatable {
    private var words = SIMD4<UInt64>.zero

    init() {}

    /// Bins `1 ... last`, and bin 0 when asked.
    init(through last: Int, missing: Bool) {
        for bin in 1..<max(2, last + 1) where bin <= last { insert(bin) }
        if missing { insert(0) }
    }

    @inline(__always)
    func contains(_ bin: UInt8) -> Bool { (words[Int(bin >> 6)] >> UInt64(bin & 63)) & 1 != 0 }

    mutating func insert(_ bin: Int) { words[(bin >> 6) & 3] |= 1 << UInt64(bin & 63) }

    mutating func remove(_ bin: Int) { words[(bin >> 6) & 3] &= ~(1 << UInt64(bin & 63)) }
}
