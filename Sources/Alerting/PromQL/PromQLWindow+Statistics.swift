import Telemetry

/// The `*_over_time` functions.
///
/// Source: prometheus/promql/functions.go of 2.42.
extension PromQLWindow {
    var sum: Double {
        var sum = CompensatedSum()
        for point in points { sum.add(point.value) }
        return sum.finiteCorrected
    }

    var average: Double {
        var mean = CompensatedSum()
        var count = 0.0
        for point in points {
            count += 1
            if mean.sum.isInfinite {
                if point.value.isInfinite, point.value == mean.sum { continue }
                if point.value.isFinite { continue }
            }
            mean.add(point.value / count - mean.sum / count)
        }
        return mean.finiteCorrected
    }

    var least: Double { points.dropFirst().reduce(points[0].value) { $1.value < $0 || $0.isNaN ? $1.value : $0 } }
    var greatest: Double { points.dropFirst().reduce(points[0].value) { $1.value > $0 || $0.isNaN ? $1.value : $0 } }

    var variance: Double {
        var count = 0.0
        var (mean, squares) = (CompensatedSum(), CompensatedSum())
        for point in points {
            count += 1
            let delta = point.value - mean.corrected
            mean.add(delta / count)
            squares.add(delta * (point.value - mean.corrected))
        }
        return squares.corrected / count
    }

    func quantile(_ q: Double) -> Double { Self.quantile(q, points.map(\.value)) }

    /// Double exponential smoothing; nil with fewer than two samples.
    ///
    /// Source: prometheus/promql/functions.go of 2.42, `funcHoltWinters`.
    func doubleSmoothed(level: Double, trend: Double) -> Double? {
        guard points.count >= 2 else { return nil }
        var smoothed = points[0].value
        var previous = 0.0
        var slope = points[1].value - points[0].value
        for index in 1..<points.count {
            let before = smoothed
            // The first slope is the first difference; later ones follow the smoothed values.
            if index > 1 { slope = trend * (smoothed - previous) + (1 - trend) * slope }
            smoothed = level * points[index].value + (1 - level) * (smoothed + slope)
            previous = before
        }
        return smoothed
    }

    static func quantile(_ q: Double, _ unsorted: [Double]) -> Double {
        if q.isNaN { return .nan }
        if q < 0 { return -.infinity }
        if q > 1 { return .infinity }
        // NaN sorts first, as in Prometheus.
        let values = unsorted.sorted { $0.isNaN ? !$1.isNaN : $0 < $1 }
        let rank = q * Double(values.count - 1)
        let lower = max(0, Int(rank.rounded(.down)))
        let upper = min(values.count - 1, lower + 1)
        let weight = rank - rank.rounded(.down)
        return values[lower] * (1 - weight) + values[upper] * weight
    }
}
