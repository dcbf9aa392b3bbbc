import Tabular

/// Integers in the order of doubles, which a radix sort takes. -0 is 0; NaN is beyond the infinities.
enum OrderedBits {
    @inline(__always)
    static func of(_ value: Double) -> UInt64 {
        let bits = (value + 0).bitPattern
        return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }

    @inline(__always)
    static func value(_ key: UInt64) -> Double {
        Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
    }

    /// The numbers in ascending order, without NaN.
    static func sorted(_ values: [Double]) -> [Double] {
        var keys: [UInt64] = []
        keys.reserveCapacity(values.count)
        for value in values where !value.isNaN { keys.append(of(value)) }
        RadixSort.sort(&keys)
        return keys.map(value)
    }
}
