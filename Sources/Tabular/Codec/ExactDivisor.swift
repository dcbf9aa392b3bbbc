/// Division of numbers that a divisor divides, and the question whether it does, by one multiplication each.
///
/// Source: Granlund and Montgomery, "Division by invariant integers using multiplication", PLDI 1994, section 9.
struct ExactDivisor {
    /// Of the divisor's odd part, modulo 2^64.
    private let inverse: UInt64
    private let shift: UInt64
    private let greatestQuotient: UInt64

    /// - Parameter divisor: 1 or more.
    init(_ divisor: UInt64) {
        shift = UInt64(divisor.trailingZeroBitCount)
        let odd = divisor >> shift
        // Right in three bits; each step of Newton's doubles them.
        var inverse = odd
        for _ in 0..<5 { inverse = inverse &* (2 &- odd &* inverse) }
        self.inverse = inverse
        greatestQuotient = .max / divisor
    }

    @inline(__always)
    func divides(_ number: UInt64) -> Bool {
        let product = number &* inverse
        return (product &>> shift | product &<< (64 &- shift)) <= greatestQuotient
    }

    /// - Parameter number: a multiple of the divisor.
    @inline(__always)
    func quotient(_ number: UInt64) -> UInt64 { (number &>> shift) &* inverse }
}
