import Shared

/// What is kept of numbers too many to keep: order statistics by KLL, distinct values by HyperLogLog, exact moments and bounds.
///
/// Source: Karnin, Lang, Liberty 2016, "Optimal Quantile Approximation in Streams"; Pebay 2008 for merging moments.
struct NumberSketch: Sendable {
    /// Width of the top compactor; the rank error is about 1.7 / width for all quantiles together.
    private static let width = 1024
    private var levels: [[Double]] = [[]]
    private var random: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var distinct = DistinctSketch()
    private var count = 0
    private var least = Double.infinity
    private var greatest = -Double.infinity
    private var mean = 0.0
    private var second = 0.0
    private var third = 0.0
    private var fourth = 0.0

    mutating func add(_ values: [Double]) {
        guard !values.isEmpty else { return }
        merge(momentsOf: values)
        for value in values {
            least = min(least, value)
            greatest = max(greatest, value)
            distinct.add(TextInterner.fold(value.bitPattern ^ 0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB))
            levels[0].append(value)
            if levels[0].count >= Self.width * 2 { compress() }
        }
    }

    private mutating func merge(momentsOf values: [Double]) {
        let size = Double(values.count)
        let rough = values.reduce(0, +) / size
        let otherMean = rough + values.reduce(0) { $0 + ($1 - rough) } / size
        var (two, three, four) = (0.0, 0.0, 0.0)
        for value in values {
            let difference = value - otherMean
            two += difference * difference
            three += difference * difference * difference
            four += difference * difference * difference * difference
        }
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
                var sorted = levels[level].sorted()
                // An odd one stays behind, so that weights keep adding up to the count.
                levels[level] = sorted.count % 2 == 1 ? [sorted.removeLast()] : []
                random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let offset = Int(random >> 63)
                for index in stride(from: offset, to: sorted.count, by: 2) { levels[level + 1].append(sorted[index]) }
            }
            level += 1
        }
    }

    /// The sampled values with their weights.
    func samples(_ meaning: NumberKeys) -> CountedKeys {
        var weights: [UInt64: UInt64] = [:]
        for (level, values) in levels.enumerated() {
            for value in values { weights[NumberKeys.key(value), default: 0] += 1 << UInt64(level) }
        }
        let keys = weights.keys.sorted()
        return CountedKeys(keys: keys, counts: keys.map { weights[$0] ?? 0 }, meaning)
    }

    /// Puts in what is known better than the samples say.
    func correct(_ reply: inout ColumnProfileReply) {
        reply.exact = false
        reply.error = max(DistinctSketch.error, 1.7 / Double(Self.width))
        reply.distinct = distinct.estimate(atMost: count)
        let bounds = ColumnChunk(type: .decimal, values: .doubles([least, greatest]))
        if reply.type == .decimal || reply.type == .integer {
            reply.min = bounds.canonicalText(at: 0)
            reply.max = bounds.canonicalText(at: 1)
        } else {
            // Seconds to microseconds, days as they are.
            let unit = reply.type == .timestamp ? 1e6 : 1
            let limits = [least, greatest].map { Int64(max(-9e18, min(9e18, ($0 * unit).rounded()))) }
            let chunk = ColumnChunk(type: reply.type, values: .integers(limits))
            reply.min = chunk.canonicalText(at: 0)
            reply.max = chunk.canonicalText(at: 1)
        }
        reply.mean = mean
        let variance = second / Double(count)
        if count > 1 { reply.standardDeviation = (second / Double(count - 1)).squareRoot() }
        if variance > 0 {
            reply.skewness = third / Double(count) / (variance * variance.squareRoot())
            reply.kurtosis = fourth / Double(count) / (variance * variance) - 3
        }
    }
}
