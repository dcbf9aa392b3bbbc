/// Numbers in ascending order, repeated ones once for each time: what a profile is computed from.
protocol OrderedNumbers {
    /// With repeats.
    var count: Int { get }
    /// The key of the number at a place, 0 ..< count.
    func key(at rank: Int) -> UInt64
    /// How many numbers are below `bound`, or at it too.
    func count(below bound: Double, including: Bool) -> Int
    /// Different numbers, and the ten that come most often, earlier ones first where they come equally often.
    func repeats() -> Repeats
    /// Calls `body` with runs of values, ascending, and how often each comes; nil for once each.
    func forEachBlock(_ body: (UnsafeBufferPointer<Double>, UnsafeBufferPointer<UInt64>?) -> Void)
}

/// How often numbers come.
struct Repeats {
    var distinct = 0
    /// At most ten, by descending count.
    private(set) var top: [(key: UInt64, count: Int)] = []

    @inline(__always)
    mutating func take(_ key: UInt64, count: Int) {
        distinct += 1
        if top.count == 10, count <= top[9].count { return }
        insert(key, count)
    }

    private mutating func insert(_ key: UInt64, _ count: Int) {
        let place = top.firstIndex { $0.count < count } ?? top.count
        top.insert((key, count), at: place)
        if top.count > 10 { top.removeLast() }
    }
}

/// Mean and what depends on it.
struct Moments {
    var mean = 0.0
    /// With n - 1; nil for a single value.
    var standardDeviation: Double?
    /// Third standardised moment.
    var skewness: Double?
    /// Fourth standardised moment less 3.
    var kurtosis: Double?
}

extension OrderedNumbers {
    /// In two passes, the second around the mean; the sum is compensated (Neumaier 1974).
    func moments() -> Moments {
        var sum = 0.0
        var lost = 0.0
        forEachBlock { values, counts in
            for index in 0..<values.count {
                let term = counts.map { values[index] * Double($0[index]) } ?? values[index]
                let next = sum + term
                lost += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
                sum = next
            }
        }
        let size = Double(count)
        var result = Moments(mean: (sum + lost) / size)
        guard count > 1 else { return result }
        let (second, third, fourth) = central(around: result.mean)
        result.standardDeviation = (second / (size - 1)).squareRoot()
        let variance = second / size
        if variance > 0, count > 2 {
            result.skewness = third / size / (variance * variance.squareRoot())
            result.kurtosis = fourth / size / (variance * variance) - 3
        }
        return result
    }

    /// Sums of the second, third and fourth powers of the differences to `mean`, in four lanes.
    private func central(around mean: Double) -> (Double, Double, Double) {
        var (second, third, fourth) = (SIMD4<Double>(), SIMD4<Double>(), SIMD4<Double>())
        let centre = SIMD4(repeating: mean)
        func take(_ values: SIMD4<Double>, _ weights: SIMD4<Double>) {
            let difference = values - centre
            let square = difference * difference
            let weighted = square * weights
            second += weighted
            third += weighted * difference
            fourth += weighted * square
        }
        forEachBlock { values, counts in
            var index = 0
            while index < values.count {
                var (four, weights) = (centre, SIMD4<Double>())
                for lane in 0..<min(4, values.count - index) {
                    four[lane] = values[index + lane]
                    weights[lane] = counts.map { Double($0[index + lane]) } ?? 1
                }
                take(four, weights)
                index += 4
            }
        }
        return (second.sum(), third.sum(), fourth.sum())
    }

    /// Quantiles by linear interpolation between order statistics (definition 7 of Hyndman and Fan 1996).
    func quantiles(_ shares: [Double], _ keys: NumberKeys) -> [Double] {
        shares.map { share in
            let position = share * Double(count - 1)
            let low = keys.double(key(at: Int(position)))
            let high = keys.double(key(at: min(Int(position) + 1, count - 1)))
            let rest = position - Double(Int(position))
            return rest == 0 || low == high ? low : low + (high - low) * rest
        }
    }

    /// Counts between `edges`, ascending; the last bin includes its upper edge.
    func counts(edges: [Double]) -> [Int] {
        let below = edges.indices.map { index in
            index == 0 ? 0 : index == edges.count - 1 ? count : count(below: edges[index], including: false)
        }
        return zip(below.dropFirst(), below).map { $0 - $1 }
    }
}
