import Telemetry

@testable import Alerting

/// Random series and expressions from a seed: the same seed makes the same ones.
struct RandomPromQL {
    /// Times begin here: an instant that is no multiple of any step.
    static let start: Int64 = 1_700_000_003_000
    static let spanMilliseconds: Int64 = 3_600_000

    /// Steele, Lea, Flood 2014: SplitMix64.
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(1, count))) }
    private mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
    private mutating func one<T>(_ items: [T]) -> T { items[below(items.count)] }

    // MARK: Series

    /// Counters with resets, gauges with gaps and special values, a histogram; in the order of their labels, as
    /// Prometheus returns them.
    mutating func series() -> [RangeSeries] {
        var all: [RangeSeries] = []
        for a in ["x", "y", "z"] {
            for b in ["1", "2"] {
                all.append(counter(LabelSet(name: "c_total", ["a": a, "b": b])))
                all.append(gauge(LabelSet(name: "g", ["a": a, "b": b]), isPlain: false))
                all.append(gauge(LabelSet(name: "k", ["a": a, "b": b, "d": "v-" + b]), isPlain: true))
            }
            all.append(gauge(LabelSet(name: "one", ["a": a, "e": "of " + a]), isPlain: true))
            var growing = (0..<4).map { _ in 0.0 }
            var buckets = (0..<5).map { _ in [SamplePoint]() }
            for time in times() {
                for index in growing.indices where chance(60) { growing[index] += Double(below(4)) }
                var total = 0.0
                for index in 0..<5 {
                    total += index < 4 ? growing[index] : 0
                    buckets[index].append(SamplePoint(time: time, value: total))
                }
            }
            for (bound, points) in zip(["0.1", "0.5", "1", "2.5", "+Inf"], buckets) {
                all.append(RangeSeries(labels: LabelSet(name: "h_bucket", ["a": a, "le": bound]), points: points))
            }
        }
        return all.sorted { left, right in
            left.labels.labels.lexicographicallyPrecedes(right.labels.labels)
        }
    }

    /// Sampling times with jitter, all series of a random family share none.
    private mutating func times() -> [Int64] {
        (0..<(Self.spanMilliseconds / 15_000)).map { Self.start + $0 * 15_000 + Int64(below(200)) }
    }

    private mutating func counter(_ labels: LabelSet) -> RangeSeries {
        var value = chance(30) ? Double(below(1_000_000)) : 0
        var points: [SamplePoint] = []
        for time in times() {
            if chance(3) { value = 0 }
            if chance(70) { value += Double(below(40)) * 0.25 }
            if !chance(8) { points.append(SamplePoint(time: time, value: value)) }
        }
        return RangeSeries(labels: labels, points: points)
    }

    private mutating func gauge(_ labels: LabelSet, isPlain: Bool) -> RangeSeries {
        var points: [SamplePoint] = []
        var isAway = false
        for time in times() {
            if chance(2) { isAway.toggle() }
            if isAway, !isPlain { continue }
            var value = Double(below(400) - 150) * 0.25
            if !isPlain, chance(2) { value = one([.nan, .infinity, -.infinity, 0, 1e-9, 1e12]) }
            points.append(SamplePoint(time: time, value: value))
        }
        return RangeSeries(labels: labels, points: points)
    }

    mutating func time() -> Int64 { Self.start + Int64(below(Int(Self.spanMilliseconds) + 400_000)) }

    // MARK: Expressions

    mutating func expression() -> String {
        switch below(20) {
        case 0: scalar(3)
        case 1: range(2)
        default: vector(4)
        }
    }

    private mutating func matchers(_ labels: [String]) -> String {
        var parts: [String] = []
        for _ in 0..<below(3) {
            let label = one(labels)
            switch below(4) {
            case 0: parts.append("\(label)=\"\(one(["x", "y", "1", "2", ""]))\"")
            case 1: parts.append("\(label)!=\"\(one(["x", "z", "1", ""]))\"")
            case 2:
                parts.append("\(label)=~\"\(one(["x|y", "[xz]", ".*", "1.*", "(?i)X|Z", "v-\\\\d", "[^y]+", ".?"]))\"")
            default: parts.append("\(label)!~\"\(one(["x", "y|z", "2", "v-(1|3)", "(x|1){1,2}"]))\"")
            }
        }
        return parts.isEmpty ? "" : "{" + parts.joined(separator: ",") + "}"
    }

    private mutating func selector() -> String {
        switch below(12) {
        case 0...3: "c_total" + matchers(["a", "b"])
        case 4...6: "g" + matchers(["a", "b"])
        case 7...8: "k" + matchers(["a", "b", "d"])
        case 9: "one" + matchers(["a", "e"])
        case 10: "h_bucket" + matchers(["a", "le"])
        default: one(["{__name__=~\"g|k\",a!=\"\"}", "{__name__=\"k\"}", "absentee", "{a=\"x\",b=\"1\"}"])
        }
    }

    private mutating func shift() -> String {
        switch below(10) {
        case 0: " offset \(one(["15s", "1m", "7m30s", "-2m", "90s"]))"
        case 1: " @ \(Double(Self.start / 1_000) + Double(below(3_700)) + 0.25)"
        case 2: one([" @ start()", " @ end()", " @ end() offset 3m", " offset 1m @ start()"])
        default: ""
        }
    }

    private mutating func range(_ depth: Int) -> String {
        if depth > 0, chance(20) {
            let inner = vector(depth - 1)
            return "(\(inner))[\(one(["5m", "10m", "2m"])):\(one(["", "30s", "1m", "17s"]))]" + shift()
        }
        return selector() + "[\(one(["15s", "31s", "1m", "2m", "5m", "10m", "17m"]))]" + shift()
    }

    private mutating func scalar(_ depth: Int) -> String {
        switch below(depth > 0 ? 6 : 2) {
        case 0: one(["1", "2", "0.5", "10", "-3", "0", "1e3", "0x1F", "Inf", "NaN", "0.1"])
        case 1: one(["3", "time()", "pi()", "4", "0.25"])
        case 2: "scalar(\(vector(depth - 1)))"
        case 3: "(\(scalar(depth - 1)) \(one(["+", "-", "*", "/", "%", "^"])) \(scalar(depth - 1)))"
        case 4: "(\(scalar(depth - 1)) \(one(["<", ">=", "==", "!="])) bool \(scalar(depth - 1)))"
        default: "-\(scalar(depth - 1))"
        }
    }

    private mutating func quantile() -> String { one(["0", "0.5", "0.9", "0.99", "1", "-1", "2", "0.25"]) }

    private static let rangeFunctions = [
        "rate", "increase", "irate", "delta", "idelta", "changes", "resets", "deriv", "avg_over_time",
        "min_over_time", "max_over_time", "sum_over_time", "count_over_time", "last_over_time", "present_over_time",
        "absent_over_time", "stddev_over_time", "stdvar_over_time", "rate", "increase",
    ]
    private static let vectorFunctions = [
        "abs", "ceil", "floor", "round", "exp", "ln", "log2", "log10", "sqrt", "sgn", "timestamp", "absent", "asin",
        "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "deg", "rad", "minute",
        "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year", "sort", "sort_desc",
    ]

    private mutating func vector(_ depth: Int) -> String {
        guard depth > 0 else { return selector() + shift() }
        switch below(16) {
        case 0, 1: return selector() + shift()
        case 2, 3, 4: return "\(one(Self.rangeFunctions))(\(range(depth - 1)))"
        case 5: return "\(one(Self.vectorFunctions))(\(vector(depth - 1)))"
        case 6, 7, 8: return aggregation(depth)
        case 9, 10, 11: return binary(depth)
        case 12: return parameterised(depth)
        // Of large angles the last bit decides: they stay with plain samples.
        case 13: return one(["-\(vector(depth - 1))", "\(one(["sin", "cos", "tan"]))(\(selector()))"])
        case 14: return labelled(depth)
        default: return "vector(\(scalar(depth - 1)))"
        }
    }

    private mutating func labels() -> String {
        (0..<below(3)).map { _ in one(["a", "b", "d", "le"]) }.joined(separator: ",")
    }

    private mutating func aggregation(_ depth: Int) -> String {
        let clause = one(["", "by (\(labels())) ", "without (\(labels())) "])
        let inner = vector(depth - 1)
        switch below(14) {
        // Which of equal elements is taken is left open: within other expressions all are.
        case 0: return "topk \(clause)(\(depth == 4 ? below(4) : 50), \(inner))"
        case 1: return "bottomk \(clause)(\(depth == 4 ? below(4) : 50), \(inner))"
        case 2: return "quantile \(clause)(\(quantile()), \(inner))"
        // The value becomes a label: functions that may differ in the last bit stay away.
        case 3: return "count_values \(clause)(\"v\", \(selector()))"
        default:
            return one(["sum", "min", "max", "avg", "count", "group", "stddev", "stdvar", "sum", "avg"])
                + " \(clause)(\(inner))"
        }
    }

    private mutating func binary(_ depth: Int) -> String {
        let left = vector(depth - 1)
        switch below(8) {
        case 0:
            // A remainder turns a difference in the last bit into one of the divisor: it stays with plain samples.
            return "(\(selector()) % \(scalar(0)))"
        case 1:
            return "(\(left) \(one(["+", "-", "*", "/", "^", "atan2", "<", ">", "==", "!=", "> bool"])) \(scalar(1)))"
        case 2: return "(\(scalar(1)) \(one(["+", "-", "*", "/", "<=", "!= bool", ">="])) \(left))"
        case 3, 4:
            return "(\(left) \(one(["and", "or", "unless"]))\(one(["", " on (a)", " ignoring (b, d)", " on ()"])) "
                + "\(vector(depth - 1)))"
        case 5:
            let include = one(["", "(e)", "(e, b)"])
            return
                "(\(one(["c_total", "g", "k"])) \(one(["*", "/", "<", "> bool", "-"])) on (a) group_left \(include) one)"
        case 6:
            return "(one \(one(["*", "/", ">=", "+"])) on (a) group_right \(one(["", "(e)"])) \(one(["c_total", "g"])))"
        default:
            return "(\(left) \(one(["+", "-", "*", "/", "==", "> bool"]))\(one(["", " ignoring (d)", " on (a, b)"])) "
                + "\(vector(depth - 1)))"
        }
    }

    private mutating func parameterised(_ depth: Int) -> String {
        switch below(9) {
        case 0: "histogram_quantile(\(quantile()), rate(h_bucket[\(one(["1m", "5m"]))]\(shift())))"
        case 1: "histogram_quantile(\(quantile()), sum by (le) (h_bucket\(matchers(["a", "le"]))))"
        case 2: "quantile_over_time(\(quantile()), \(range(depth - 1)))"
        case 3: "predict_linear(\(range(depth - 1)), \(one(["60", "3600", "-10"])))"
        case 4: "holt_winters(\(range(depth - 1)), 0.\(1 + below(9)), 0.\(1 + below(9)))"
        case 5: "clamp(\(vector(depth - 1)), \(scalar(1)), \(scalar(1)))"
        case 6: "clamp_min(\(vector(depth - 1)), \(scalar(1)))"
        case 7: "clamp_max(\(vector(depth - 1)), \(scalar(1)))"
        default: "round(\(vector(depth - 1)), \(one(["0.5", "5", "0.1", "2"])))"
        }
    }

    private mutating func labelled(_ depth: Int) -> String {
        let inner = vector(depth - 1)
        switch below(3) {
        case 0: return "label_join(\(inner), \"\(one(["n", "a", "b"]))\", \"\(one(["-", ""]))\", \"a\", \"b\")"
        case 1:
            return
                "label_replace(\(inner), \"\(one(["n", "b", "__name__"]))\", \"\(one(["$1", "p-${1}", "", "$$x", "$2$1", "${m}"]))\", "
                + "\"\(one(["a", "d", "b", "__name__"]))\", \"\(one(["(.*)", "v-(\\\\d)", "(?P<m>x|y)", "(.)(.?)", "(a*?)(.*)", "z"]))\")"
        default: return "label_replace(\(inner), \"a\", \"$1\", \"nothing\", \"(.*)\")"
        }
    }
}
