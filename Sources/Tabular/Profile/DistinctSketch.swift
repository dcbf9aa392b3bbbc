/// HyperLogLog with 16,384 registers.
///
/// Source: Flajolet et al. 2007, with linear counting for few values.
struct DistinctSketch: Sendable {
    /// Twice the standard error of 1.04 / sqrt(16,384).
    static let error = 0.01625
    private var registers = [UInt8](repeating: 0, count: 1 << 14)

    mutating func add(_ hash: UInt64) {
        let register = Int(hash >> 50)
        let rank = UInt8(min(51, (hash << 14 | 1 << 13).leadingZeroBitCount + 1))
        if registers[register] < rank { registers[register] = rank }
    }

    func estimate(atMost limit: Int) -> Int {
        let count = Double(registers.count)
        var sum = 0.0
        var zeros = 0
        for register in registers {
            sum += 1 / Double(UInt64(1) << UInt64(register))
            if register == 0 { zeros += 1 }
        }
        var estimate = 0.7213 / (1 + 1.079 / count) * count * count / sum
        if estimate < 2.5 * count, zeros > 0 { estimate = count * naturalLogarithm(count / Double(zeros)) }
        return min(limit, Int(estimate.rounded()))
    }

    /// ln of a number from 1 up, by the series of artanh; the kernel needs no more of Foundation.
    private func naturalLogarithm(_ value: Double) -> Double {
        let ratio = (value.significand - 1) / (value.significand + 1)
        var term = ratio
        var sum = 0.0
        var divisor = 1.0
        while abs(term) > 1e-17 {
            sum += term / divisor
            term *= ratio * ratio
            divisor += 2
        }
        return 2 * sum + Double(value.exponent) * 0.693_147_180_559_945_3
    }
}
