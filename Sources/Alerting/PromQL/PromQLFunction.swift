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
    case holtWinters = "holt_winters"

    // Over an instant vector
    case abs, ceil, floor, round, clamp, exp, ln, log2, log10, sqrt, sgn, timestamp, absent
    case clampMin = "clamp_min"
    case clampMax = "clamp_max"
    case histogramQuantile = "histogram_quantile"
    case sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh, deg, rad

    // Over labels and order
    case labelReplace = "label_replace"
    case labelJoin = "label_join"
    case sort
    case sortDescending = "sort_desc"

    // Over times
    case minute, hour, month, year
    case dayOfMonth = "day_of_month"
    case dayOfWeek = "day_of_week"
    case dayOfYear = "day_of_year"
    case daysInMonth = "days_in_month"

    // Between scalars and vectors
    case vector, scalar, time, pi

    var arguments: [PromQLType] {
        switch self {
        case .rate, .increase, .irate, .delta, .idelta, .changes, .resets, .deriv, .avgOverTime, .minOverTime,
            .maxOverTime, .sumOverTime, .countOverTime, .lastOverTime, .presentOverTime, .absentOverTime,
            .stddevOverTime, .stdvarOverTime:
            [.range]
        case .predictLinear: [.range, .scalar]
        case .holtWinters: [.range, .scalar, .scalar]
        case .quantileOverTime: [.scalar, .range]
        case .abs, .ceil, .floor, .exp, .ln, .log2, .log10, .sqrt, .sgn, .timestamp, .absent, .scalar, .sort,
            .sortDescending, .sin, .cos, .tan, .asin, .acos, .atan, .sinh, .cosh, .tanh, .asinh, .acosh, .atanh, .deg,
            .rad, .minute, .hour, .month, .year, .dayOfMonth, .dayOfWeek, .dayOfYear, .daysInMonth:
            [.vector]
        case .labelReplace: [.vector, .string, .string, .string, .string]
        case .labelJoin: [.vector, .string, .string, .string]
        case .round, .clampMin, .clampMax: [.vector, .scalar]
        case .clamp: [.vector, .scalar, .scalar]
        case .histogramQuantile: [.scalar, .vector]
        case .vector: [.scalar]
        case .time, .pi: []
        }
    }

    /// Arguments that may be left out at the end.
    var optionalArguments: Int {
        switch self {
        case .round, .labelJoin, .minute, .hour, .month, .year, .dayOfMonth, .dayOfWeek, .dayOfYear, .daysInMonth: 1
        default: 0
        }
    }

    /// Whether the last argument may come any number of times.
    var isVariadic: Bool { self == .labelJoin }

    var result: PromQLType {
        switch self {
        case .scalar, .time, .pi: .scalar
        default: .vector
        }
    }

    /// What some Prometheus has and this evaluator has not, so that the refusal does not call it unknown.
    static let refused: Set<String> = [
        "double_exponential_smoothing", "histogram_avg", "histogram_count", "histogram_fraction", "histogram_stddev",
        "histogram_stdvar", "histogram_sum", "limit_ratio", "limitk", "mad_over_time", "sort_by_label",
        "sort_by_label_desc",
    ]
}
