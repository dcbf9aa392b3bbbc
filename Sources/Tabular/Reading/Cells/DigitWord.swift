/// Decimal digits eight at a time.
///
/// Source: D. Lemire, "Number Parsing at a Gigabyte per Second", 2021, section 6 (SWAR digit parsing).
enum DigitWord {
    /// The `count` (1 ... 8) bytes that end at `end`, in the word's upper bytes, behind `0` digits.
    ///
    /// Reads eight bytes before `end`.
    @inline(__always)
    static func load(_ end: UnsafePointer<UInt8>, count: Int) -> UInt64 {
        let word = UnsafeRawPointer(end - 8).loadUnaligned(as: UInt64.self)
        let keep = ~UInt64(0) &<< UInt64(64 &- 8 &* count)
        return word & keep | 0x3030_3030_3030_3030 & ~keep
    }

    @inline(__always)
    static func isDigits(_ word: UInt64) -> Bool {
        (word & 0xF0F0_F0F0_F0F0_F0F0) | (((word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0) >> 4)
            == 0x3333_3333_3333_3333
    }

    /// The number that eight digits write.
    @inline(__always)
    static func value(_ word: UInt64) -> UInt64 {
        var pairs = word &- 0x3030_3030_3030_3030
        pairs = pairs &* 10 &+ pairs >> 8
        let low = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        let high = (pairs >> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
        return (low &+ high) >> 32
    }
}
