import Telemetry

/// Estimates quantiles from histogram buckets.
///
/// Source: prometheus/promql/quantile.go of 2.42, `bucketQuantile`.
enum BucketQuantile {
    /// One element for each set of buckets that differ in `le` only.
    static func evaluate(_ q: Double, _ samples: [VectorSample]) -> [VectorSample] {
        var groups: [(labels: LabelSet, buckets: [(bound: Double, count: Double)])] = []
        var index: [LabelSet: Int] = [:]
        for sample in samples {
            guard let bound = PromQLNumber.value(sample.labels["le"]) else { continue }
            let key = sample.labels.filtered { $0 != "le" && $0 != LabelSet.metricName }
            let position = index[key] ?? groups.count
            if position == groups.count {
                index[key] = position
                groups.append((key, []))
            }
            groups[position].buckets.append((bound, sample.value))
        }
        return groups.map { VectorSample(labels: $0.labels, value: quantile(q, $0.buckets)) }
    }

    static func quantile(_ q: Double, _ unsorted: [(bound: Double, count: Double)]) -> Double {
        if q.isNaN { return .nan }
        if q < 0 { return -.infinity }
        if q > 1 { return .infinity }
        let sorted = unsorted.sorted { $0.bound < $1.bound }
        guard sorted.last?.bound == .infinity else { return .nan }
        let buckets = monotonic(coalesced(sorted))
        guard buckets.count >= 2, let last = buckets.last, last.count != 0 else { return .nan }
        var rank = q * last.count
        let found = buckets.dropLast().firstIndex { $0.count >= rank } ?? buckets.count - 1
        // Beyond the last finite bound nothing is known.
        if found == buckets.count - 1 { return buckets[buckets.count - 2].bound }
        if found == 0, buckets[0].bound <= 0 { return buckets[0].bound }
        var start = 0.0
        var count = buckets[found].count
        if found > 0 {
            start = buckets[found - 1].bound
            count -= buckets[found - 1].count
            rank -= buckets[found - 1].count
        }
        return start + (buckets[found].bound - start) * (rank / count)
    }

    /// Buckets with the same bound added up: `1` and `1.0` are one.
    private static func coalesced(_ buckets: [(bound: Double, count: Double)]) -> [(bound: Double, count: Double)] {
        var result: [(bound: Double, count: Double)] = []
        for bucket in buckets {
            if let last = result.indices.last, result[last].bound == bucket.bound {
                result[last].count += bucket.count
            } else {
                result.append(bucket)
            }
        }
        return result
    }

    /// Counts that never fall: buckets scraped at different instants may.
    private static func monotonic(_ buckets: [(bound: Double, count: Double)]) -> [(bound: Double, count: Double)] {
        var result = buckets
        for index in result.indices.dropFirst() where result[index].count < result[index - 1].count {
            result[index].count = result[index - 1].count
        }
        return result
    }
}
