import Shared

/// What is kept of numbers too many to keep: order statistics by KLL, distinct values by HyperLogLog, moments of all values and exact bounds.
///
/// Source: Karnin, Lang, Liberty 2016, "Optimal Quantile Approximation in Streams"; Pebay 2008 for merging moments.
struct NumberSketch: Sendable {
    /// Width of the top compactor; the rank error is about 1.7 / width for all quantiles together.
    private static let width = 1024
    /// Of a sampled value's share of all: twice the rank error.
    private static let shareError = 2 * 1.7 / Double(width)
    /// Values of a smaller share than three times that error are not named as frequent: chance alone may have sampled them.
    private static let leastShare = 3 * shareError
    private(set) var meaning: NumberKeys
    private var levels: [[UInt64]] = [[]]
    private var random: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var distinct = DistinctSketch()
    private var count = 0
    private var least = UInt64.max
    private var greatest = UInt64.min
    /// The first number. Moments are of the distances to it, which are exact where numbers lie close together and far from zero.
    private var origin = 0.0
    private var mean = 0.0
    private var second = 0.0
    private var third = 0.0
    private var fourth = 0.0

    /// - Parameter meaning: of the keys to come.
    init(_ meaning: NumberKeys) { self.meaning = meaning }

    mutating func add(_ keys: UnsafeBufferPointer<UInt64>) {
        // In blocks, so that a long list is not held twice.
        for start in stride(from: 0, to: keys.count, by: Self.blockKeys) {
            add(block: UnsafeBufferPointer(rebasing: keys[start..<min(start + Self.blockKeys, keys.count)]))
        }
    }

    private static let blockKeys = 16_384

    private mutating func add(block keys: UnsafeBufferPointer<UInt64>) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: keys.count) { values in
            meaning.doubles(keys, to: values)
            take(keys, UnsafeBufferPointer(values))
            // Moments change the values.
            merge(momentsOf: values)
        }
    }

    private mutating func take(_ keys: UnsafeBufferPointer<UInt64>, _ values: UnsafeBufferPointer<Double>) {
        let isWhole = meaning.scale == 0 && meaning.type != .timestamp
        for index in 0..<keys.count {
            let (key, value) = (keys[index], values[index])
            least = min(least, key)
            greatest = max(greatest, key)
            // The same number has the same hash at every scale, and whole numbers that share a Double have different ones.
            let rest = isWhole ? UInt64(bitPattern: NumberKeys.integer(key) &- Self.whole(value)) : 0
            distinct.add(value.bitPattern ^ rest &* 0x9E37_79B9_7F4A_7C15)
        }
        var start = 0
        while start < keys.count {
            let end = min(keys.count, start + Self.width * 2 - levels[0].count)
            levels[0].append(contentsOf: keys[start..<end])
            if levels[0].count >= Self.width * 2 { compress() }
            start = end
        }
    }

    /// A Double made of an Int64, back; 2^63 wraps.
    private static func whole(_ value: Double) -> Int64 { value >= 0x1p63 ? .min : Int64(value) }

    /// Multiplies mantissas to have more decimals; false when 64 bits do not hold them, and nothing has changed.
    mutating func rescale(to scale: Int) -> Bool {
        guard let own = meaning.scale, scale > own else { return false }
        let power = Int64(integerPowersOfTen[scale - own])
        func scaled(_ key: UInt64) -> UInt64 { NumberKeys.key(NumberKeys.integer(key) &* power) }
        let ends = [least, greatest].map { NumberKeys.integer($0) }
        // What the bounds survive, all between them do.
        if count > 0, ends.contains(where: { $0.multipliedReportingOverflow(by: power).overflow }) { return false }
        if count > 0 { (least, greatest) = (scaled(least), scaled(greatest)) }
        levels = levels.map { $0.map(scaled) }
        meaning.scale = scale
        return true
    }

    /// Keys become those of Doubles.
    mutating func toDoubles() {
        guard meaning.scale != nil else { return }
        let old = meaning
        func converted(_ key: UInt64) -> UInt64 { NumberKeys.key(old.double(key)) }
        if count > 0 { (least, greatest) = (converted(least), converted(greatest)) }
        levels = levels.map { $0.map(converted) }
        meaning.scale = nil
    }

    /// - Parameter values: at least one; they become distances to the origin.
    private mutating func merge(momentsOf values: UnsafeMutableBufferPointer<Double>) {
        if count == 0 { origin = values[0] }
        for index in 0..<values.count { values[index] -= origin }
        let size = Double(values.count)
        let values = UnsafeBufferPointer(values)
        let rough = PowerSums(values, around: 0).powers[0] / size
        let sums = PowerSums(values, around: rough).powers
        let otherMean = rough + sums[0] / size
        // The mean was rounded: the moments move to the true one, `rest` away.
        let rest = sums[0] / size
        let two = sums[1] - size * rest * rest
        let three = sums[2] - 3 * rest * sums[1] + 2 * size * rest * rest * rest
        let four =
            sums[3] - 4 * rest * sums[2] + 6 * rest * rest * sums[1] - 3 * size * rest * rest * rest * rest
        let before = Double(count)
        let total = before + size
        let gap = otherMean - mean
        let scaled = gap / total
        fourth +=
            four + gap * scaled * scaled * scaled * before * size * (before * before - before * size + size * size)
            + 6 * scaled * scaled * (before * before * two + size * size * second)
            + 4 * scaled * (before * three - size * third)
        third +=
            three + gap * scaled * scaled * before * size * (before - size) + 3 * scaled
            * (before * two - size * second)
        second += two + gap * scaled * before * size
        mean += scaled * size
        count += values.count
    }

    private func capacity(_ level: Int) -> Int {
        var capacity = Double(Self.width)
        for _ in level..<max(level, levels.count - 1) { capacity *= 2.0 / 3 }
        return max(8, Int(capacity))
    }

    private mutating func compress() {
        var level = 0
        while level < levels.count {
            if levels[level].count > capacity(level) {
                if level + 1 == levels.count { levels.append([]) }
                var sorted = levels[level]
                RadixSort.sort(&sorted)
                // An odd one stays behind, so that weights keep adding up to the count.
                levels[level] = sorted.count % 2 == 1 ? [sorted.removeLast()] : []
                random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let offset = Int(random >> 63)
                for index in stride(from: offset, to: sorted.count, by: 2) { levels[level + 1].append(sorted[index]) }
            }
            level += 1
        }
    }

    /// The least and the greatest key of all.
    var bounds: (UInt64, UInt64) { (least, greatest) }

    /// The sampled values with their weights.
    func samples() -> CountedKeys {
        var weights: [UInt64: UInt64] = [:]
        for (level, keys) in levels.enumerated() {
            for key in keys { weights[key, default: 0] += 1 << UInt64(level) }
        }
        let keys = weights.keys.sorted()
        return CountedKeys(keys: keys, counts: keys.map { weights[$0] ?? 0 }, meaning)
    }

    /// Puts in what is known better than the samples say, and takes out what they cannot say.
    func correct(_ reply: inout ColumnProfileReply) {
        reply.exact = false
        reply.error = DistinctSketch.error
        reply.distinct = distinct.estimate(atMost: count)
        reply.top.removeAll { Double($0.count) < Self.leastShare * Double(count) }
        if let mean = finite(origin + mean) { reply.mean = mean }
        let variance = second / Double(count)
        reply.standardDeviation = count > 1 ? finite((second / Double(count - 1)).squareRoot()) : nil
        reply.skewness = variance > 0 ? finite(third / Double(count) / (variance * variance.squareRoot())) : nil
        reply.kurtosis = variance > 0 ? finite(fourth / Double(count) / (variance * variance) - 3) : nil
    }
}
