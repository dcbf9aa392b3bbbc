/// Values of 0 ... 64 bits side by side, the first in the lowest bits of the first byte.
enum BitPacking {
    static func byteCount(_ count: Int, width: Int) -> Int { (count * width + 7) / 8 }

    /// Bits that hold every number up to `largest`.
    @inline(__always)
    static func width(_ largest: UInt64) -> Int { 64 - largest.leadingZeroBitCount }

    /// Appends `value - base` of every value; each difference fits in `width` bits.
    static func pack(_ values: UnsafeBufferPointer<Int64>, base: Int64, width: Int, to bytes: inout [UInt8]) {
        guard width > 0 else { return }
        let start = bytes.count
        let size = byteCount(values.count, width: width)
        bytes.append(contentsOf: repeatElement(0, count: size + 8))
        bytes.withUnsafeMutableBytes { target in
            var position = start
            var word: UInt64 = 0
            var filled = 0
            for index in 0..<values.count {
                let value = UInt64(bitPattern: values[index] &- base)
                word |= value &<< UInt64(truncatingIfNeeded: filled)
                filled &+= width
                if filled >= 64 {
                    // Stays within the 8 spare bytes: at most `size` bytes are full.
                    target.storeBytes(of: word.littleEndian, toByteOffset: position, as: UInt64.self)
                    position &+= 8
                    filled &-= 64
                    word = filled == 0 ? 0 : value &>> UInt64(truncatingIfNeeded: width &- filled)
                }
            }
            if filled > 0 { target.storeBytes(of: word.littleEndian, toByteOffset: position, as: UInt64.self) }
        }
        bytes.removeLast(8)
    }

    /// Writes `base + value` for each packed value to `target`.
    ///
    /// - Parameter bytes: at least `byteCount(target.count, width:)` bytes.
    static func unpack(
        _ bytes: UnsafeRawBufferPointer, base: Int64, width: Int, to target: UnsafeMutableBufferPointer<Int64>
    ) {
        guard width > 0 else { return target.update(repeating: base) }
        let mask = width == 64 ? UInt64.max : (1 << UInt64(width)) - 1
        // Values whose nine bytes lie within `bytes` need no check each.
        let safe = min(target.count, max(0, (bytes.count - 9) * 8 / width))
        // Safety: value i reads bytes i * width / 8 ..< i * width / 8 + 9, which the bound above keeps inside.
        guard let source = bytes.baseAddress, let out = target.baseAddress else { return }
        if width <= 57 {
            var bit = 0
            for index in 0..<safe {
                let word = UInt64(littleEndian: source.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self))
                out[index] = Int64(bitPattern: word &>> UInt64(truncatingIfNeeded: bit & 7) & mask) &+ base
                bit &+= width
            }
        } else {
            for index in 0..<safe { out[index] = wide(bytes, bit: index * width, mask) &+ base }
        }
        guard safe < target.count else { return }
        // The last values are read from a copy with room behind it.
        let firstByte = safe * width / 8
        var tail = [UInt8](bytes[firstByte...])
        tail.append(contentsOf: repeatElement(0, count: 9))
        tail.withUnsafeBytes { tail in
            for index in safe..<target.count {
                out[index] = wide(tail, bit: index * width - firstByte * 8, mask) &+ base
            }
        }
    }

    @inline(__always)
    private static func wide(_ bytes: UnsafeRawBufferPointer, bit: Int, _ mask: UInt64) -> Int64 {
        let shift = UInt64(bit & 7)
        let word = load64(bytes, bit >> 3) >> shift
        let high = shift == 0 ? 0 : UInt64(bytes[(bit >> 3) + 8]) << (64 - shift)
        return Int64(bitPattern: (word | high) & mask)
    }
}
