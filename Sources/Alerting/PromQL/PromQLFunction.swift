/// The functions that are evaluated, with their signatures.
///
/// Source: prometheus/promql/parser/functions.go of 2.42.
package enum PromQLFunction: String, Sendable, CaseIterable {
    // Over a range
    case rate, increase, irate, delta, idelta, changes, resets, deriv
    case predictLinear = "predict_linear"
    case avgOverTime = "avg_over_time"
    case minOverTime = "min_over_time"
    case maxOverTime = "max_over_time"
    case sumOverTime = "sum_over_time"
    case countOverTime = "count_over_time"
    case lastOverTime = "last_over_time"
    case presentOverTime = "present_over_time"
    case absentOverTime = "absent_over_time"
    case quantileOverTime = "quantile_over_time"
    case stddevOverTime = "stddev_over_time"
    case stdvarOverTime = "stdvar_over_time"

    // Over an instant vector
    case abs, ceil, floor, round, clamp, exp, ln, log2, log10, sqrt, sgn, timestamp, absent
    case clampMin = "clamp_min"
    case clampMax = "clamp_max"
    case histogramQuantile = "histogram_quantile"

    // Between scalars and vectors
    case vector, scalar, time

    var arguments: [PromQLType] {
        switch self {
        case .rate, .increase, .irate, .delta, .idelta, .changes, .resets, .deriv, .avgOverTime, .minOverTime,
            .maxOverTime, .sumOverTime, .countOverTime, .lastOverTime, .presentOverTime, .absentOverTime,
            .stddevOverTime, .stdvarOverTime:
            [.range]
        case .predictLinear: [.range, .scalar]
        case .quantileOverTime: [.scalar, .range]
        case .abs, .ceil, .floor, .exp, .ln, .log2, .log10, .sqrt, .sgn, .timestamp, .absent, .scalar: [.vector]
        case .round, .clampMin, .clampMax: [.vector, .scalar]
        case .clamp: [.vector, .scalar, .scalar]
        case .histogramQuantile: [.scalar, .vector]
        case .vector: [.scalar]
        case .time: []
        }
    }

    /// Arguments that may be left out at the end.
    var optionalArguments: Int { self == .round ? 1 : 0 }

    var result: PromQLType { self == .scalar || self == .time ? .scalar : .vector }

    /// What Prometheus has and this evaluator has not, so that the refusal does not call it unknown.
    static let refused: Set<String> = [
        "acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "day_of_month", "day_of_week", "day_of_year",
        "days_in_month", "deg", "double_exponential_smoothing", "histogram_count", "histogram_fraction",
        "histogram_sum", "holt_winters", "hour", "label_join", "label_replace", "mad_over_time", "minute", "month",
        "pi", "rad", "sin", "sinh", "sort", "sort_by_label", "sort_desc", "tan", "tanh", "year", "quantile",
        "count_values",
    ]
}
