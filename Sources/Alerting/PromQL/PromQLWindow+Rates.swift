import Telemetry

extension PromQLWindow {
    enum Extrapolation { case rate, increase, delta }

    /// The change over the window, extrapolated to its borders; nil with fewer than two samples.
    ///
    /// Source: prometheus/promql/functions.go of 2.42, `extrapolatedRate`.
    func extrapolated(_ kind: Extrapolation) -> Double? {
        guard points.count >= 2, let first = points.first, let last = points.last else { return nil }
        let isCounter = kind != .delta
        var result = last.value - first.value
        if isCounter {
            var previous = first.value
            for point in points.dropFirst() {
                // A counter that goes back was reset: it lost what it had.
                if point.value < previous { result += previous }
                previous = point.value
            }
        }
        var toStart = Double(first.time - start) / 1_000
        let toEnd = Double(end - last.time) / 1_000
        let sampled = Double(last.time - first.time) / 1_000
        let average = sampled / Double(points.count - 1)
        if isCounter, result > 0, first.value >= 0 {
            // A counter cannot have been below zero.
            toStart = min(toStart, sampled * (first.value / result))
        }
        // A border within 1.1 average distances is reached; a farther one means that the series began or ended inside,
        // half a distance away on average.
        let threshold = average * 1.1
        var covered = sampled
        covered += toStart < threshold ? toStart : average / 2
        covered += toEnd < threshold ? toEnd : average / 2
        var factor = covered / sampled
        if kind == .rate { factor /= Double(end - start) / 1_000 }
        return result * factor
    }

    /// From the last two samples: change per second of a counter, or the plain difference.
    ///
    /// Source: prometheus/promql/functions.go of 2.42, `instantValue`.
    func instantChange(isRate: Bool) -> Double? {
        guard points.count >= 2 else { return nil }
        let (previous, last) = (points[points.count - 2], points[points.count - 1])
        guard last.time > previous.time else { return nil }
        if !isRate { return last.value - previous.value }
        let change = last.value < previous.value ? last.value : last.value - previous.value
        return change / (Double(last.time - previous.time) / 1_000)
    }

    var changes: Double {
        var count = 0.0
        for (previous, current) in zip(points, points.dropFirst())
        where current.value != previous.value && !(current.value.isNaN && previous.value.isNaN) {
            count += 1
        }
        return count
    }

    var resets: Double {
        var count = 0.0
        for (previous, current) in zip(points, points.dropFirst()) where current.value < previous.value { count += 1 }
        return count
    }

    /// Least squares through the samples: slope a second, and the value at `origin`; nil with fewer than two samples.
    ///
    /// Source: prometheus/promql/functions.go of 2.42, `linearRegression`.
    func regression(origin: Int64) -> (slope: Double, intercept: Double)? {
        guard points.count >= 2, let firstValue = points.first?.value else { return nil }
        var count = 0.0
        var (x, y, xy, xx) = (CompensatedSum(), CompensatedSum(), CompensatedSum(), CompensatedSum())
        var isConstant = true
        for point in points {
            if point.value != firstValue { isConstant = false }
            count += 1
            let seconds = Double(point.time - origin) / 1e3
            x.add(seconds)
            y.add(point.value)
            xy.add(seconds * point.value)
            xx.add(seconds * seconds)
        }
        if isConstant { return firstValue.isInfinite ? (.nan, .nan) : (0, firstValue) }
        let covariance = xy.corrected - x.corrected * y.corrected / count
        let variance = xx.corrected - x.corrected * x.corrected / count
        let slope = covariance / variance
        return (slope, y.corrected / count - slope * x.corrected / count)
    }
}

/// A sum that carries its rounding error along.
///
/// Source: Neumaier 1974; prometheus/promql/functions.go of 2.42, `kahanSumInc`.
struct CompensatedSum {
    var sum = 0.0
    var compensation = 0.0

    mutating func add(_ value: Double) {
        let total = sum + value
        if sum.magnitude >= value.magnitude {
            compensation += (sum - total) + value
        } else {
            compensation += (value - total) + sum
        }
        sum = total
    }

    var corrected: Double { sum + compensation }
    /// An infinite sum has no compensation: it would be NaN.
    var finiteCorrected: Double { sum.isInfinite ? sum : sum + compensation }
}
