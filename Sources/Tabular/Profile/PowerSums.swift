/// Sums of the first, second, third and fourth powers of the differences of numbers to a centre, times a scale, in four lanes.
struct PowerSums {
    private var first = SIMD4<Double>()
    private var second = SIMD4<Double>()
    private var third = SIMD4<Double>()
    private var fourth = SIMD4<Double>()
    private let middle: Double
    private let centre: SIMD4<Double>
    private let scale: Double

    init(around middle: Double, scale: Double = 1) {
        self.middle = middle
        self.scale = scale
        centre = SIMD4(repeating: middle * scale)
    }

    init(_ values: UnsafeBufferPointer<Double>, around middle: Double) {
        self.init(around: middle)
        add(values)
    }

    /// The sums by power: the first at 0.
    var powers: SIMD4<Double> { SIMD4(first.sum(), second.sum(), third.sum(), fourth.sum()) }

    mutating func add(_ values: UnsafeBufferPointer<Double>) {
        let whole = values.count & ~3
        for index in stride(from: 0, to: whole, by: 4) {
            take(SIMD4(values[index], values[index + 1], values[index + 2], values[index + 3]))
        }
        for index in whole..<values.count { take(SIMD4(values[index], middle, middle, middle)) }
    }

    /// - Parameter counts: how often each of the values comes.
    mutating func add(_ values: UnsafeBufferPointer<Double>, _ counts: UnsafeBufferPointer<UInt64>) {
        for index in stride(from: 0, to: values.count, by: 4) {
            var (four, weights) = (SIMD4(repeating: middle), SIMD4<Double>())
            for lane in 0..<min(4, values.count - index) {
                four[lane] = values[index + lane]
                weights[lane] = Double(counts[index + lane])
            }
            take(four, weights)
        }
    }

    @inline(__always)
    private mutating func take(_ values: SIMD4<Double>, _ weights: SIMD4<Double> = SIMD4(repeating: 1)) {
        let difference = values * scale - centre
        let square = difference * difference
        let weighted = square * weights
        first += difference * weights
        second += weighted
        third += weighted * difference
        fourth += weighted * square
    }
}
