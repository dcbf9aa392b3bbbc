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
    ///
    /// Powers of two bring what is summed into the range where fourth powers neither overflow nor vanish; what the result
    /// cannot say in a Double is nil, or the largest Double for a mean.
    func moments(_ keys: NumberKeys) -> Moments {
        let (least, greatest) = (keys.double(key(at: 0)), keys.double(key(at: count - 1)))
        let shrink = max(abs(least), abs(greatest)) > 0x1p900 ? 0x1p-100 : 1
        var sum = 0.0
        var lost = 0.0
        forEachBlock { values, counts in
            for index in 0..<values.count {
                let value = values[index] * shrink
                let term = counts.map { value * Double($0[index]) } ?? value
                let next = sum + term
                lost += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
                sum = next
            }
        }
        let size = Double(count)
        var result = Moments(mean: min(greatest, max(least, (sum + lost) / size / shrink)))
        guard count > 1 else { return result }
        let scale = Self.scale(least: least, greatest: greatest)
        let sums = central(around: result.mean, scale: scale) / size
        // The mean was rounded: the moments move to the true one, `rest` away.
        let rest = sums[0]
        let variance = max(0, sums[1] - rest * rest)
        result.standardDeviation = finite((variance * (size / (size - 1))).squareRoot() / scale)
        if variance > 0, count > 2 {
            let third = sums[2] - 3 * rest * sums[1] + 2 * rest * rest * rest
            let fourth = sums[3] - 4 * rest * sums[2] + 6 * rest * rest * sums[1] - 3 * rest * rest * rest * rest
            result.skewness = finite(third / (variance * variance.squareRoot()))
            result.kurtosis = finite(fourth / (variance * variance) - 3)
        }
        return result
    }

    /// 1 for the numbers of every day, else a power of two that brings their range near 1.
    private static func scale(least: Double, greatest: Double) -> Double {
        let range = greatest - least
        guard range > 0 else { return 1 }
        let exponent = range.isFinite ? Int(range.exponent) : 1024
        return (-200...200).contains(exponent) ? 1 : Double(sign: .plus, exponent: min(1000, -exponent), significand: 1)
    }

    /// See `PowerSums`.
    private func central(around mean: Double, scale: Double) -> SIMD4<Double> {
        var sums = PowerSums(around: mean, scale: scale)
        forEachBlock { values, counts in
            if let counts { sums.add(values, counts) } else { sums.add(values) }
        }
        return sums.powers
    }

    /// Quantiles by linear interpolation between order statistics (definition 7 of Hyndman and Fan 1996).
    func quantiles(_ shares: [Double], _ keys: NumberKeys) -> [Double] {
        shares.map { share in
            let position = share * Double(count - 1)
            let low = keys.double(key(at: Int(position)))
            let high = keys.double(key(at: min(Int(position) + 1, count - 1)))
            let rest = position - Double(Int(position))
            if rest == 0 || low == high { return low }
            return (high - low).isFinite ? low + (high - low) * rest : low * (1 - rest) + high * rest
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

/// Nil for what JSON cannot say.
func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
