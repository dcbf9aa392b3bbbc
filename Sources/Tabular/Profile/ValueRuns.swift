/// Distinct values in ascending order, each with how often it comes; computes everything a profile says of numbers.
struct ValueRuns {
    /// Calls its argument with every value and its count, ascending.
    let forEach: ((Double, Int) -> Void) -> Void

    struct Summary {
        var count = 0
        var distinct = 0
        var mean = 0.0
        var least = 0.0
        var greatest = 0.0
        /// The ten most frequent values, with their places in ascending order.
        var top: [(value: Double, place: Int, count: Int)] = []
    }

    struct Moments {
        /// With n - 1.
        var standardDeviation: Double?
        /// Third standardised moment.
        var skewness: Double?
        /// Fourth standardised moment less 3.
        var kurtosis: Double?
    }

    func summary() -> Summary {
        var result = Summary()
        // Neumaier's compensated sum.
        var sum = 0.0
        var lost = 0.0
        forEach { value, count in
            if result.distinct == 0 { result.least = value }
            result.greatest = value
            let term = value * Double(count)
            let next = sum + term
            lost += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
            sum = next
            if result.top.count < 10 || count > result.top[9].count {
                let place = result.top.firstIndex { $0.count < count } ?? result.top.count
                result.top.insert((value, result.distinct, count), at: place)
                if result.top.count > 10 { result.top.removeLast() }
            }
            result.count += count
            result.distinct += 1
        }
        if result.count > 0 { result.mean = (sum + lost) / Double(result.count) }
        return result
    }

    func moments(_ summary: Summary) -> Moments {
        var second = 0.0
        var third = 0.0
        var fourth = 0.0
        forEach { value, count in
            let difference = value - summary.mean
            let square = difference * difference
            let weight = Double(count)
            second += weight * square
            third += weight * square * difference
            fourth += weight * square * square
        }
        let count = Double(summary.count)
        var result = Moments()
        if summary.count > 1 { result.standardDeviation = (second / (count - 1)).squareRoot() }
        let variance = second / count
        if variance > 0, summary.count > 2 {
            result.skewness = third / count / (variance * variance.squareRoot())
            result.kurtosis = fourth / count / (variance * variance) - 3
        }
        return result
    }

    /// Quantiles by linear interpolation between order statistics (definition 7 of Hyndman and Fan 1996).
    ///
    /// - Parameter shares: ascending, 0 ... 1
    func quantiles(_ shares: [Double], count: Int) -> [Double] {
        let positions = shares.map { $0 * Double(count - 1) }
        let ranks = Set(positions.flatMap { [Int($0), min(Int($0) + 1, count - 1)] }).sorted()
        var found: [Int: Double] = [:]
        var next = 0
        var passed = 0
        forEach { value, count in
            passed += count
            while next < ranks.count, ranks[next] < passed {
                found[ranks[next]] = value
                next += 1
            }
        }
        return positions.map { position in
            let low = found[Int(position)] ?? .nan
            let high = found[min(Int(position) + 1, count - 1)] ?? low
            let share = position - Double(Int(position))
            return share == 0 || low == high ? low : low + (high - low) * share
        }
    }

    /// Values below `low` or above `high`.
    func count(below low: Double, above high: Double) -> Int {
        var result = 0
        forEach { value, count in if value < low || value > high { result += count } }
        return result
    }

    /// Counts between `edges`, ascending; the last bin includes its upper edge.
    func counts(edges: [Double]) -> [Int] {
        var counts = [Int](repeating: 0, count: edges.count - 1)
        var bin = 0
        forEach { value, count in
            while bin < counts.count - 1, value >= edges[bin + 1] { bin += 1 }
            counts[bin] += count
        }
        return counts
    }

    /// About twenty bins with round edges that cover `least ... greatest`; whole numbers never get bins narrower than 1.
    static func edges(least: Double, greatest: Double, whole: Bool) -> [Double] {
        let range = greatest - least
        guard range > 0, range.isFinite else { return [least, greatest] }
        let rough = range / 20
        let power = tenToThe(Int(floorOfLog10(rough)))
        var step = power * 10
        for factor in [1.0, 2, 2.5, 5] where factor * power >= rough {
            step = factor * power
            break
        }
        if whole { step = max(1, step.rounded(.up)) }
        let first = (least / step).rounded(.down)
        let last = (greatest / step).rounded(.up)
        // Where doubles are too coarse for the step, plain division has to do.
        guard last - first < 64, last > first, step > 0 else {
            return (0...20).map { $0 == 20 ? greatest : least + range * Double($0) / 20 }
        }
        let bins = Int(last - first)
        return (0...bins).map { (first + Double($0)) * step }
    }

    private static func floorOfLog10(_ value: Double) -> Double {
        var exponent = (Double(value.exponent) * 0.301_029_995_663_981_2).rounded(.down)
        while tenToThe(Int(exponent)) > value { exponent -= 1 }
        while tenToThe(Int(exponent) + 1) <= value { exponent += 1 }
        return exponent
    }

    private static func tenToThe(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? 0 }
}
