import Shared

/// How a column's numbers are held as unsigned keys in the order of their values, and back.
///
/// With a `scale` a key is a mantissa with its sign bit flipped, else the bits of a Double in their order.
struct NumberKeys: Sendable {
    let type: ColumnType
    /// nil for keys of Doubles.
    var scale: Int?
    /// Of the first chunk, for the zone of timestamps.
    var style = TextStyle.plain

    static func key(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ 1 << 63 }

    static func key(_ value: Double) -> UInt64 {
        let bits = value.bitPattern
        return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }

    static func integer(_ key: UInt64) -> Int64 { Int64(bitPattern: key ^ 1 << 63) }

    private static func bits(_ key: UInt64) -> UInt64 { key >> 63 == 1 ? key ^ 1 << 63 : ~key }

    /// The value; timestamps in seconds, as everywhere outside chunks.
    func double(_ key: UInt64) -> Double {
        guard let scale else { return Double(bitPattern: Self.bits(key)) }
        let value = Self.integer(key)
        return type == .timestamp ? Double(value) / 1e6 : decimalValue(mantissa: value, scale: scale)
    }

    /// The values of many keys: what is alike for all is decided once.
    func doubles(_ keys: UnsafeBufferPointer<UInt64>, to values: UnsafeMutableBufferPointer<Double>) {
        guard let scale else {
            for index in 0..<keys.count { values[index] = Double(bitPattern: Self.bits(keys[index])) }
            return
        }
        let isTime = type == .timestamp
        let power = isTime ? 1e6 : Double(integerPowersOfTen[scale])
        for index in 0..<keys.count {
            let value = Self.integer(keys[index])
            // Exact up to 2^53 and 10^22 (Clinger 1990); a moment is a division in any case.
            values[index] =
                isTime || value.magnitude <= 1 << 53
                ? Double(value) / power : decimalValue(mantissa: value, scale: scale)
        }
    }

    /// The value as it is written without a column's style.
    func text(_ key: UInt64) -> String {
        let values: ChunkValues =
            scale.map { type == .decimal ? .decimals([Self.integer(key)], scale: $0) : .integers([Self.integer(key)]) }
            ?? .doubles([double(key)])
        let isFlag = type == .boolean && scale != nil
        let one = isFlag ? ChunkValues.booleans([UInt8(truncatingIfNeeded: Self.integer(key))]) : values
        return ColumnChunk(type: type, values: one, style: style).canonicalText(at: 0)
    }
}
