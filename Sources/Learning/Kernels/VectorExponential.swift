/// The exponential of eight floats at once; relative error below 3e-7.
///
/// Source: Cephes `expf`, S. Moshier. The C library's function would be called once a lane, which took most of a round's time.
enum VectorExponential {
    private static let roundingBias: Float = 12_582_912

    /// Nearest integers; magnitudes up to 2 to the 22nd.
    @inline(__always)
    static func nearestInteger(_ value: SIMD8<Float>) -> SIMD8<Int32> {
        let biased = value + roundingBias
        // Safety: both vectors are eight lanes of 32 bits, and every bit pattern is an integer.
        return unsafeBitCast(biased, to: SIMD8<Int32>.self) &- Int32(bitPattern: roundingBias.bitPattern)
    }

    @inline(__always)
    static func exponential(_ value: SIMD8<Float>) -> SIMD8<Float> {
        // Not `clamped`, which is a call a vector.
        var bounded = value.replacing(with: -87, where: value .< -87)
        bounded.replace(with: 87, where: bounded .> 87)
        let biased = bounded * 1.442_695_04 + roundingBias
        let power = unsafeBitCast(biased, to: SIMD8<Int32>.self) &- Int32(bitPattern: roundingBias.bitPattern)
        let whole = biased - roundingBias
        let rest = bounded - whole * 0.693_359_375 + whole * 2.121_944_4e-4
        var sum = rest * 1.987_569_15e-4 + 1.398_199_95e-3
        sum = sum * rest + 8.333_451_9e-3
        sum = sum * rest + 4.166_579_6e-2
        sum = sum * rest + 1.666_666_55e-1
        sum = sum * rest + 0.5
        sum = sum * rest * rest + rest + 1
        return sum * unsafeBitCast((power &+ 127) &<< 23, to: SIMD8<Float>.self)
    }

    @inline(__always)
    static func sigmoid(_ value: SIMD8<Float>) -> SIMD8<Float> { 1 / (1 + exponential(-value)) }
}
