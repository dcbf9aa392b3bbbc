/// Numbers of eight neighbouring rows in one vector.
enum EightRows {
    /// Eight values of a buffer, 0 behind the first `count`.
    // Safety: buffers have a line to spare behind their end.
    @inline(__always)
    static func load(_ buffer: AlignedBuffer<Float>, _ place: Int, _ count: Int) -> SIMD8<Float> {
        var values = UnsafeRawPointer(buffer.start + place).loadUnaligned(as: SIMD8<Float>.self)
        if count < 8 { for lane in count..<8 { values[lane] = 0 } }
        return values
    }

    /// Stores the first `count` lanes.
    // Safety: they are inside the buffer.
    @inline(__always)
    static func store<Vector: SIMD>(
        _ values: Vector, _ buffer: UnsafeMutablePointer<Vector.Scalar>, _ count: Int
    ) where Vector.Scalar: BitwiseCopyable, Vector: BitwiseCopyable {
        if count == 8 {
            UnsafeMutableRawPointer(buffer).storeBytes(of: values, as: Vector.self)
        } else {
            for lane in 0..<count { buffer[lane] = values[lane] }
        }
    }

    private static let lanes = SIMD8<UInt32>(0, 1, 2, 3, 4, 5, 6, 7)

    /// Gradients and hessians in units, rounded down after 0...1 was added to each, which keeps the expectation of sums.
    @inline(__always)
    static func words(
        _ gradient: SIMD8<Float>, _ hessian: SIMD8<Float>, row: Int, _ salt: UInt32, roundsHessians: Bool
    ) -> SIMD8<UInt32> {
        var mixed = ((lanes &+ UInt32(truncatingIfNeeded: row)) ^ salt) &* 0x9E37_79B1
        mixed = (mixed ^ (mixed &>> 15)) &* 0x85EB_CA77
        // Bits of 1...2, less 1.5: rounding to nearest then is rounding down after adding 0...1.
        let noise = unsafeBitCast((mixed &>> 9) | 0x3F80_0000, to: SIMD8<Float>.self) - 1.5
        let high = VectorExponential.nearestInteger(gradient + noise)
        // Before they are integers, whose lanes would be compared and replaced one by one.
        var units = roundsHessians ? hessian + noise : hessian
        units.replace(with: 0, where: units .< 0)
        let low = VectorExponential.nearestInteger(units)
        return unsafeBitCast((high &<< 16) | low, to: SIMD8<UInt32>.self)
    }
}
