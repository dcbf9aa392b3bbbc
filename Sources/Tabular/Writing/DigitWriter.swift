/// Writes digits straight into memory, two at a time.
///
/// Safety: every function writes at most 20 bytes at its pointer; callers have made room.
enum DigitWriter {
    /// "00", "01" ... "99".
    private static let pairs: [UInt16] = (0..<100).map { (number: UInt16) -> UInt16 in
        let (tens, ones) = (48 + number / 10, 48 + number % 10)
        return tens | ones << 8
    }

    /// - Returns: the number of bytes written.
    @inline(__always)
    static func write(_ value: UInt64, to target: UnsafeMutablePointer<UInt8>) -> Int {
        let count = digits(value)
        write(value, width: count, to: target)
        return count
    }

    @inline(__always)
    static func write(_ value: Int64, to target: UnsafeMutablePointer<UInt8>) -> Int {
        if value >= 0 { return write(UInt64(value), to: target) }
        target.pointee = UInt8(ascii: "-")
        return write(value.magnitude, to: target + 1) &+ 1
    }

    /// The last `width` digits, zeros in front.
    @inline(__always)
    static func write(_ value: UInt64, width: Int, to target: UnsafeMutablePointer<UInt8>) {
        var rest = value
        var place = width
        pairs.withUnsafeBufferPointer { pairs in
            while place >= 2 {
                let next = rest / 100
                let pair = pairs[Int(truncatingIfNeeded: rest &- next &* 100)]
                UnsafeMutableRawPointer(target + (place &- 2)).storeBytes(of: pair.littleEndian, as: UInt16.self)
                rest = next
                place &-= 2
            }
        }
        if place == 1 { target.pointee = UInt8(truncatingIfNeeded: 48 &+ rest % 10) }
    }

    /// How many digits a number has.
    @inline(__always)
    private static func digits(_ value: UInt64) -> Int {
        if value < 10 { return 1 }
        // 1233 / 4096 is log10(2) closely enough for 64 bits.
        let guess = ((64 &- value.leadingZeroBitCount) &* 1233) &>> 12
        return integerPowersOfTen.withUnsafeBufferPointer { powers in
            guess < powers.count
                ? guess &+ (value >= powers[guess] ? 1 : 0) : value >= 10_000_000_000_000_000_000 ? 20 : 19
        }
    }
}
