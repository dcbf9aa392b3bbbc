import Foundation
import Telemetry

/// Source: prometheus/promql/functions.go of 2.42.
extension PromQLEvaluator {
    mutating func call(_ function: PromQLFunction, _ arguments: [PromQLNode]) throws(RuleError) -> PromQLValue {
        switch function {
        case .time: return .scalar(Double(time) / 1_000)
        case .pi: return .scalar(.pi)
        case .scalar:
            let samples = try vector(of: arguments[0])
            return .scalar(samples.count == 1 ? samples[0].value : .nan)
        case .vector: return .vector([VectorSample(labels: .empty, value: try scalar(of: arguments[0]))])
        case .absent:
            return .vector(try vector(of: arguments[0]).isEmpty ? absentSample(arguments[0]) : [])
        case .absentOverTime:
            return .vector(
                try overRange(arguments[0], keepsName: true) { _ in 1 }.isEmpty ? absentSample(arguments[0]) : [])
        case .histogramQuantile:
            let q = try scalar(of: arguments[0])
            return .vector(BucketQuantile.evaluate(q, try vector(of: arguments[1])))
        case .timestamp:
            if case .selector(let selector) = arguments[0] { return .vector(try instantTimes(selector)) }
            let now = Double(time) / 1_000
            return try mapped(arguments[0]) { _ in now }
        case .abs, .ceil, .floor, .exp, .ln, .log2, .log10, .sqrt, .sgn, .sin, .cos, .tan, .asin, .acos, .atan, .sinh,
            .cosh, .tanh, .asinh, .acosh, .atanh, .deg, .rad:
            return try mapped(arguments[0]) { Self.plain(function, $0) }
        case .minute, .hour, .month, .year, .dayOfMonth, .dayOfWeek, .dayOfYear, .daysInMonth:
            if arguments.isEmpty {
                let value = CalendarFigure.of(function, Double(time / 1_000))
                return .vector([VectorSample(labels: .empty, value: value)])
            }
            return try mapped(arguments[0]) { CalendarFigure.of(function, $0) }
        case .labelReplace, .labelJoin: return .vector(try relabelled(function, arguments))
        case .sort, .sortDescending:
            return .vector(Self.sorted(try vector(of: arguments[0]), isDescending: function == .sortDescending))
        case .round, .clamp, .clampMin, .clampMax: return try bounded(function, arguments)
        default: return .vector(try ranged(function, arguments))
        }
    }

    /// A function of one value, over a vector; names are dropped.
    private mutating func mapped(_ node: PromQLNode, _ body: (Double) -> Double) throws(RuleError) -> PromQLValue {
        let samples = try vector(of: node)
        return .vector(
            try distinct(samples.map { VectorSample(labels: $0.labels.withoutName, value: body($0.value)) }))
    }

    private static func plain(_ function: PromQLFunction, _ value: Double) -> Double {
        switch function {
        case .abs: value.magnitude
        case .ceil: value.rounded(.up)
        case .floor: value.rounded(.down)
        case .exp: Foundation.exp(value)
        case .ln: Foundation.log(value)
        case .log2: Foundation.log2(value)
        case .log10: Foundation.log10(value)
        case .sqrt: value.squareRoot()
        case .sgn: value < 0 ? -1 : value > 0 ? 1 : value
        case .sin: Foundation.sin(value)
        case .cos: Foundation.cos(value)
        case .tan: Foundation.tan(value)
        case .asin: Foundation.asin(value)
        case .acos: Foundation.acos(value)
        case .atan: Foundation.atan(value)
        case .sinh: Foundation.sinh(value)
        case .cosh: Foundation.cosh(value)
        case .tanh: Foundation.tanh(value)
        case .asinh: Foundation.asinh(value)
        case .acosh: Foundation.acosh(value)
        case .atanh: Foundation.atanh(value)
        case .deg: value * 180 / .pi
        case .rad: value * .pi / 180
        default: value
        }
    }

    private mutating func bounded(_ function: PromQLFunction, _ arguments: [PromQLNode]) throws(RuleError)
        -> PromQLValue
    {
        let first = arguments.count > 1 ? try scalar(of: arguments[1]) : 1
        switch function {
        case .round:
            // Halves go up; the inverse keeps steps such as 0.1 exact.
            let inverse = 1 / first
            return try mapped(arguments[0]) { ($0 * inverse + 0.5).rounded(.down) / inverse }
        case .clampMin: return try mapped(arguments[0]) { Self.greater(first, $0) }
        case .clampMax: return try mapped(arguments[0]) { Self.lesser(first, $0) }
        default:
            let most = try scalar(of: arguments[2])
            let samples = try vector(of: arguments[0])
            if most < first { return .vector([]) }
            return .vector(
                try distinct(
                    samples.map {
                        VectorSample(
                            labels: $0.labels.withoutName, value: Self.greater(first, Self.lesser(most, $0.value)))
                    }))
        }
    }

    /// Go's `math.Max`: infinity beats NaN, NaN beats numbers.
    private static func greater(_ left: Double, _ right: Double) -> Double {
        if left == .infinity || right == .infinity { return .infinity }
        return left.isNaN || right.isNaN ? .nan : max(left, right)
    }

    /// Go's `math.Min`.
    private static func lesser(_ left: Double, _ right: Double) -> Double {
        if left == -.infinity || right == -.infinity { return -.infinity }
        return left.isNaN || right.isNaN ? .nan : min(left, right)
    }

    private mutating func ranged(_ function: PromQLFunction, _ arguments: [PromQLNode]) throws(RuleError)
        -> [VectorSample]
    {
        switch function {
        case .rate: return try overRange(arguments[0]) { $0.extrapolated(.rate) }
        case .increase: return try overRange(arguments[0]) { $0.extrapolated(.increase) }
        case .delta: return try overRange(arguments[0]) { $0.extrapolated(.delta) }
        case .irate: return try overRange(arguments[0]) { $0.instantChange(isRate: true) }
        case .idelta: return try overRange(arguments[0]) { $0.instantChange(isRate: false) }
        case .changes: return try overRange(arguments[0]) { $0.changes }
        case .resets: return try overRange(arguments[0]) { $0.resets }
        case .deriv:
            return try overRange(arguments[0]) { window in window.regression(origin: window.points[0].time)?.slope }
        case .predictLinear:
            let ahead = try scalar(of: arguments[1])
            return try overRange(arguments[0]) { window in
                window.regression(origin: window.evaluationTime).map { $0.slope * ahead + $0.intercept }
            }
        case .avgOverTime: return try overRange(arguments[0]) { $0.average }
        case .minOverTime: return try overRange(arguments[0]) { $0.least }
        case .maxOverTime: return try overRange(arguments[0]) { $0.greatest }
        case .sumOverTime: return try overRange(arguments[0]) { $0.sum }
        case .countOverTime: return try overRange(arguments[0]) { Double($0.points.count) }
        case .lastOverTime: return try overRange(arguments[0], keepsName: true) { $0.points.last?.value }
        case .presentOverTime: return try overRange(arguments[0]) { _ in 1 }
        case .stdvarOverTime: return try overRange(arguments[0]) { $0.variance }
        case .stddevOverTime: return try overRange(arguments[0]) { $0.variance.squareRoot() }
        case .holtWinters:
            let (level, trend) = (try scalar(of: arguments[1]), try scalar(of: arguments[2]))
            for factor in [level, trend] where !(factor > 0 && factor < 1) {
                throw RuleError(.badFactor(factor))
            }
            return try overRange(arguments[0]) { $0.doubleSmoothed(level: level, trend: trend) }
        case .quantileOverTime:
            let q = try scalar(of: arguments[0])
            return try overRange(arguments[1]) { $0.quantile(q) }
        default: return []
        }
    }

    /// What `absent` returns: 1 with the labels that the selector fixes by `=`, unless another matcher of the label follows.
    ///
    /// Source: prometheus/promql/functions.go of 2.42, `createLabelsForAbsentFunction`.
    private func absentSample(_ node: PromQLNode) -> [VectorSample] {
        let matchers: [LabelMatcher]
        switch node {
        case .selector(let selector), .range(let selector, _): matchers = selector.matchers
        default: matchers = []
        }
        var fixed: [String: String] = [:]
        var seen: Set<String> = []
        for matcher in matchers where matcher.name != LabelSet.metricName {
            if matcher.condition == .equal, seen.insert(matcher.name).inserted {
                fixed[matcher.name] = matcher.value
            } else {
                fixed[matcher.name] = nil
            }
        }
        return [VectorSample(labels: LabelSet(name: nil, fixed), value: 1)]
    }
}
