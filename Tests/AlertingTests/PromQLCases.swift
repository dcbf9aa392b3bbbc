/// Series and expressions that are put through promtool and through our evaluator.
enum PromQLCases {
    struct Group {
        var name: String
        var intervalSeconds: Int
        var series: [(labels: String, values: String)]
        /// Expression and evaluation time in seconds.
        var cases: [(expression: String, at: Int)]
    }

    static let all = [
        counters, gaps, operators, aggregations, functions, histograms, edges, constant, regular, labels, calendar,
        anchors,
        circles,
    ]

    static func at(_ time: Int, _ expressions: String...) -> [(expression: String, at: Int)] {
        expressions.map { ($0, time) }
    }

    private static let counters = Group(
        name: "counters", intervalSeconds: 15,
        series: [
            (#"c_total{i="plain"}"#, "0+3x60"), (#"c_total{i="reset"}"#, "0+5x20 0+7x20 3+1x20"),
            (#"c_total{i="flat"}"#, "8x60"), (#"c_total{i="late"}"#, "_x30 1+1x30"),
            (#"c_total{i="first"}"#, "0x10 1x50"), (#"c_total{i="big"}"#, "1000000+0.1x60"),
        ],
        cases: at(
            300, "rate(c_total[5m])", "increase(c_total[5m])", "irate(c_total[1m])", "delta(c_total[5m])",
            "idelta(c_total[1m])", "changes(c_total[5m])", "resets(c_total[5m])", "deriv(c_total[2m])",
            "rate(c_total[15s])", "rate(c_total[29s])", "rate(c_total[31s])", "increase(c_total[1m] offset 1m)",
            "rate(c_total[5m] offset 7s)", "predict_linear(c_total[2m], 3600)", "rate(c_total[5m] offset -1m)",
            "increase(c_total[20m])", "sum(increase(c_total[5m])) > 0")
            + at(
                457, "rate(c_total[5m])", "increase(c_total[1m])", "irate(c_total[5m])", "resets(c_total[10m])",
                "changes(c_total[10m])", "delta(c_total[3m])", "increase(c_total[5m])", "deriv(c_total[5m])")
            + at(
                901, "increase(c_total[5m])", "rate(c_total[14m])", "c_total", "c_total offset 5m",
                "increase(c_total[16s])",
                "sum by (i) (rate(c_total[10m]))", "resets(c_total[15m])"))

    private static let gaps = Group(
        name: "gaps and staleness", intervalSeconds: 30,
        series: [
            (#"g{i="gap"}"#, "1 2 _x8 3 4 _ 5 _x20 6"), (#"g{i="stale"}"#, "1 2 3 stale _x3 4 5 stale"),
            (#"g{i="ended"}"#, "7 8 9"), (#"g{i="nan"}"#, "1 NaN 2 NaN NaN 3"), (#"g{i="inf"}"#, "1 Inf 2 -Inf 3"),
        ],
        cases: at(
            60, "g", "g offset 30s", "max_over_time(g{i!~\"nan|inf\"}[1m])", "rate(g{i=\"stale\"}[1m])",
            "count_over_time(g[1m])")
            + at(
                90, "g", "count(g)", "count_over_time(g[2m])", "absent(g{i=\"stale\"})", "present_over_time(g[30s])",
                "last_over_time(g{i!=\"nan\"}[2m])")
            + at(
                250, "g{i!~\"nan\"}", "increase(g{i=~\"gap|stale\"}[5m])", "resets(g[5m])", "changes(g[5m])",
                "changes(g{i=\"nan\"}[5m])", "avg_over_time(g{i=\"gap\"}[5m])")
            + at(
                360, "g{i=\"ended\"}", "g{i=\"gap\"}", "absent(g{i=\"ended\"})", "count_over_time(g{i=\"ended\"}[6m])",
                "count_over_time(g{i=\"ended\"}[5m])", "last_over_time(g{i=\"stale\"}[10m])")
            + at(359, "g{i=\"ended\"}", "count_over_time(g{i=\"ended\"}[5m])")
            + at(361, "g{i=\"ended\"}", "count_over_time(g{i=\"ended\"}[5m])", "absent_over_time(g{i=\"ended\"}[5m])")
            + at(
                2000, "g", "absent(g)", "absent(g{i=\"a\", j=~\"b\", k=\"c\", k=\"d\"})", "absent(sum(g))",
                "absent_over_time(g{i=\"x\"}[5m])"))

    private static let operators = Group(
        name: "operators", intervalSeconds: 60,
        series: [
            (#"a{x="1", y="p"}"#, "6x5"), (#"a{x="2", y="p"}"#, "-7x5"), (#"a{x="3", y="q"}"#, "2.5x5"),
            (#"b{x="1", y="p"}"#, "4x5"), (#"b{x="2", y="p"}"#, "2x5"), (#"b{x="4", y="q"}"#, "0x5"),
            (#"one{y="p", z="u"}"#, "10x5"), (#"one{y="q", z="v"}"#, "20x5"),
        ],
        cases: at(
            120, "a + b", "a - b", "a * b", "a / b", "a % b", "a ^ b", "a == b", "a != b", "a > b", "a >= b", "a < b",
            "a <= b", "a > bool b", "a == bool b", "a + 1", "1 - a", "a % 4", "2 ^ 3 ^ 2", "-2 ^ 2", "a > 0", "0 < a",
            "a > bool 0", "0 <= bool a", "a and b", "a or b", "a unless b", "a and on (y) b{x=\"1\"}",
            "a or on (y) b", "a unless on (y) b{y=\"q\"}", "a * on (y) group_left one", "a * on (y) group_left (z) one",
            "one * on (y) group_right (z) a", "a / ignoring (x) group_left one{z=\"u\"} * 2",
            "a > on (x, y) b", "a + on (x) b", "a - ignoring (y) b", "-a", "+a", "-a > 3", "1 + 2 * 3 - 4 / 8",
            "(1 + 2) * 3", "1 > bool 2", "vector(1) + vector(2)", "a and ignoring (x) one{z=\"x\"}", "a * 0 / 0 == 1",
            "a == on (x) group_left (z) a", "sum(a) by (y) / sum(b) by (y)", "a / 0 > 1", "scalar(one{y=\"p\"}) + a",
            "a unless b unless one", "a or b and one", "1e3 + 0x1F", "a < on (y) group_left one"))

    private static let aggregations = Group(
        name: "aggregations", intervalSeconds: 60,
        series: [
            (#"m{a="1", b="x"}"#, "1x5"), (#"m{a="1", b="y"}"#, "2x5"), (#"m{a="2", b="x"}"#, "4x5"),
            (#"m{a="2", b="y"}"#, "8.5x5"), (#"m{b="z"}"#, "-3x5"), (#"n{a="1"}"#, "NaN _ _"), (#"n{a="2"}"#, "5x5"),
            (#"w{a="1"}"#, "Inf Inf Inf"), (#"w{a="2"}"#, "3x5"),
        ],
        cases: at(
            60, "sum(m)", "sum by (a) (m)", "sum without (a) (m)", "min(m)", "max by (b) (m)",
            "round(avg(m), 0.000001)",
            "round(avg by (a) (m), 0.000001)",
            "count(m)", "count without (b) (m)", "group by (a) (m)", "round(stddev(m), 0.000001)",
            "round(stdvar by (b) (m), 0.000001)", "topk(2, m)",
            "topk(1, m) by (b)", "bottomk(2, m)", "bottomk by (a) (1, m)", "topk(0, m)", "topk(100, m)", "max(n)",
            "min(n)",
            "count(n)", "sum by (__name__) (m)", "sum(m) by (nothing)", "sum(sum by (a) (m))",
            "round(avg(w), 0.000001)", "topk(1, n)",
            "SUM BY (a) (m)", "count(m > 1)", "sum(m) without ()", "count by (a, b) (m)", "max(m) - min(m)"))

    private static let functions = Group(
        name: "functions", intervalSeconds: 60,
        series: [
            (#"v{i="a"}"#, "1.5 -2.5 3.25 0 -0.75 10"), (#"v{i="b"}"#, "4 4 4 4 4 4"), (#"v{i="c"}"#, "0.1+0.1x5"),
            (#"s"#, "1 2 3 4 5 6"),
        ],
        cases: at(
            300, "abs(v)", "ceil(v)", "floor(v)", "round(v)", "round(v, 0.5)", "round(v, 4)", "clamp(v, 1, 4)",
            "clamp_min(v, 2)", "clamp_max(v, 2)", "clamp(v, 4, 1)", "sgn(v)", "sqrt(v)", "exp(s)", "ln(s)", "log2(s)",
            "log10(s)", "vector(time())", "vector(scalar(s))", "time()", "scalar(s)", "avg_over_time(v[5m])",
            "min_over_time(v[5m])",
            "max_over_time(v[5m])", "sum_over_time(v[5m])", "count_over_time(v[5m])", "stddev_over_time(v[5m])",
            "stdvar_over_time(v[5m])", "quantile_over_time(0.9, v[5m])", "quantile_over_time(2, v[5m])",
            "last_over_time(v[5m])", "present_over_time(v[5m])", "timestamp(v)", "timestamp(v offset 90s)",
            "timestamp(v * 2)", "changes(v[5m])", "resets(v[5m])", "delta(v[5m])", "idelta(v[5m])", "deriv(v[5m])",
            "predict_linear(v[5m], 60)", "absent(v)", "absent(nothing)", "vector(1) > bool 0", "abs(v) > 3")
            + at(
                61, "abs(v)", "round(v)", "ceil(v)", "floor(v)", "sum_over_time(v[1m])", "avg_over_time(v[59s])",
                "predict_linear(s[1m], 10)", "deriv(s[61s])"))

    private static let histograms = Group(
        name: "histograms", intervalSeconds: 60,
        series: [
            (#"h_bucket{le="0.1", j="a"}"#, "0+1x10"), (#"h_bucket{le="0.5", j="a"}"#, "0+3x10"),
            (#"h_bucket{le="1", j="a"}"#, "0+4x10"), (#"h_bucket{le="+Inf", j="a"}"#, "0+5x10"),
            (#"h_bucket{le="0.1", j="b"}"#, "0+9x10"), (#"h_bucket{le="0.5", j="b"}"#, "0+10x10"),
            (#"h_bucket{le="+Inf", j="b"}"#, "0+10x10"), (#"broken_bucket{le="0.1"}"#, "5x10"),
            (#"broken_bucket{le="1"}"#, "3x10"), (#"broken_bucket{le="1.0"}"#, "1x10"),
            (#"broken_bucket{le="+Inf"}"#, "9x10"),
            (#"broken_bucket{le="x"}"#, "99x10"), (#"low_bucket{le="-1"}"#, "4x10"),
            (#"low_bucket{le="+Inf"}"#, "5x10"),
        ],
        cases: at(
            600, "histogram_quantile(0.5, h_bucket)", "histogram_quantile(0.95, rate(h_bucket[5m]))",
            "histogram_quantile(0.9, sum by (le) (rate(h_bucket[5m])))", "histogram_quantile(0, h_bucket)",
            "histogram_quantile(1, h_bucket)", "histogram_quantile(-1, h_bucket)", "histogram_quantile(1.1, h_bucket)",
            "histogram_quantile(0.8, broken_bucket)", "histogram_quantile(0.2, low_bucket)",
            "histogram_quantile(0.05, h_bucket{j=\"a\"})",
            "histogram_quantile(0.5, h_bucket) != bool histogram_quantile(0.5, h_bucket{le!=\"+Inf\"})",
            "histogram_quantile(0.99, h_bucket) > 0.3"))

    private static let edges = Group(
        name: "window edges", intervalSeconds: 10,
        series: [(#"e{i="a"}"#, "0+1x100"), (#"e{i="b"}"#, "_x3 5+2x20"), (#"e{i="c"}"#, "100-1x100")],
        cases: [(299, 60), (300, 60), (301, 60), (305, 10), (330, 300), (335, 300), (530, 300), (531, 300), (540, 20)]
            .flatMap { time, window in
                at(
                    time, "increase(e[\(window)s])", "rate(e[\(window)s])", "delta(e[\(window)s])",
                    "count_over_time(e[\(window)s])", "sum_over_time(e[\(window)s])", "e", "irate(e[\(window)s])")
            })

    private static let constant = Group(
        name: "constants", intervalSeconds: 60, series: [("z", "0x5")],
        cases: at(
            0, "1", "1 + 1", "-1", "1 / 0", "-1 / 0", "Inf", "time()", "vector(3)", "1 == bool 1", "5 % 3", "-5 % 3",
            "5.5 % 2", "2 ^ 0.5", "nothing", "nothing + 1", "absent(z)", "sum(nothing)", "count(nothing) or vector(0)",
            "z / 0 != bool z / 0", "vector(NaN) == bool vector(NaN)", "1 / 3", "0.1 + 0.2", "1e300 * 1e300"))

    private static let labels = Group(
        name: "labels and order", intervalSeconds: 60,
        series: [
            (#"l{a="x-1", b="p"}"#, "1 2 3 4"), (#"l{a="y-22", b="q"}"#, "3 3 3 3"), (#"l{a="z", b=""}"#, "-1 NaN 5 _"),
            (#"q{a="1"}"#, "1 1 1 1"), (#"q{a="2"}"#, "3 3 3 3"), (#"q{a="3"}"#, "1e21 1e21 1e21 1e21"),
            (#"q{a="4", b="u"}"#, "0.5 0.5 Inf Inf"),
        ],
        cases: at(
            60, #"label_replace(l, "n", "$1", "a", "(.*)-(\\d+)")"#,
            #"label_replace(l, "n", "$2$1", "a", "(.*)-(\\d+)")"#,
            #"label_replace(l, "n", "${k}!", "a", "(?P<k>[a-z]).*")"#, #"label_replace(l, "b", "", "b", ".*")"#,
            #"label_replace(l, "a", "$$", "b", "p|q")"#, #"label_replace(l, "n", "$1", "a", "x")"#,
            #"label_replace(l, "__name__", "m", "b", "p")"#, #"label_replace(l, "n", "got $0", "a", ".+")"#,
            #"label_replace(l, "n", "$1", "missing", "(.*)")"#, #"label_replace(l, "n", "$1|$2", "a", "(.*?)(-.*)?")"#,
            #"label_join(l, "n", "/", "a", "b")"#, #"label_join(l, "a", ",", "b", "a", "b")"#,
            #"label_join(l, "n", "-")"#, #"label_join(l, "b", "", "missing")"#, "sort(l)", "sort_desc(l)",
            "sort(-q)", "sort_desc(q offset 1m)", #"count_values("v", l)"#, #"count_values by (b) ("v", l)"#,
            #"count_values without (a) ("v", q)"#, #"count_values("a", q)"#, "quantile(0.5, q)",
            "quantile by (b) (0.9, q)",
            "quantile(-0.1, q)", "quantile(1.1, q)", "quantile without (a, b) (0, l)", "quantile(0.25, l * 2)",
            "quantile(scalar(vector(0.75)), q)", "q atan2 l", "round(q atan2 2, 0.0000001)",
            "round(1 atan2 q, 0.0000001)",
            "q atan2 on (a) q", "1 atan2 0")
            + at(
                120, #"count_values("v", q)"#, "quantile(0.99, q)", "sort(q)", "sort_desc(l)",
                "round(q atan2 -1, 0.0000001)", "-q atan2 q"))

    private static let calendar = Group(
        name: "calendar", intervalSeconds: 60,
        series: [
            (#"t{i="leap"}"#, "1709164799x3"), (#"t{i="after"}"#, "1709164800x3"), (#"t{i="old"}"#, "-86401.5x3"),
            (#"t{i="new year"}"#, "1704067199x3"), (#"t{i="far"}"#, "32503679999x3"),
            (#"t{i="1900"}"#, "-2203977600x3"),
            (#"t{i="zero"}"#, "0x3"),
        ],
        cases: at(
            120, "minute(t)", "hour(t)", "day_of_week(t)", "day_of_month(t)", "day_of_year(t)", "days_in_month(t)",
            "month(t)", "year(t)", "minute()", "hour()", "day_of_week()", "day_of_month()", "day_of_year()",
            "days_in_month()", "month()", "year()", "hour(vector(time() + 3600 * 26))", "hour(t) == bool 23"))

    private static let anchors = Group(
        name: "anchors and sub-queries", intervalSeconds: 15,
        series: [
            (#"c{i="a"}"#, "0+2x80"), (#"c{i="b"}"#, "0+3x20 0+1x60"), (#"g{i="a"}"#, "5 1 4 _x6 stale 2 8x40"),
            (#"g{i="b"}"#, "1+0.5x80"),
        ],
        cases: at(
            600, "c @ 100", "c @ 100.4", "c @ start()", "c @ end()", "c @ 100 offset 45s", "c offset 45s @ 100",
            "c @ -5", "rate(c[1m] @ 300)", "rate(c[1m] @ 300 offset 2m)", "increase(c[5m] @ end())",
            "timestamp(c @ 100)", "timestamp(c offset 1m)", "sum(c @ 300) / sum(c)", "c - c @ 0", "g @ 140", "g @ 400",
            "predict_linear(c[1m] @ 300, 60)", "deriv(c[1m] @ 300)", "absent(c @ 9000)",
            "absent_over_time(c[1m] @ 9000)")
            + at(
                600, "max_over_time(c[5m:1m])", "max_over_time(c[5m:])", "rate(c[5m:30s])", "increase(c[5m:17s])",
                "avg_over_time(rate(c[1m])[5m:30s])", "max_over_time(rate(c[1m])[5m:1m] offset 1m)",
                "count_over_time(g[10m:15s])", "last_over_time(g[10m:7s])", "sum_over_time((c > 20)[5m:30s])",
                "min_over_time(sum by (i) (c)[2m:15s])", "rate(c[5m:30s] @ 300)",
                "sum_over_time(c[1m:15s] @ end() offset 1m)",
                "max_over_time((time() - c)[3m:30s])", "quantile_over_time(0.5, (c - g)[5m:15s])",
                "max_over_time(max_over_time(c[2m:30s])[5m:1m])", "deriv(g[5m:30s])", "changes((c % 7)[5m:15s])",
                "stddev_over_time(abs(g - 4)[5m:20s])", "absent_over_time(nothing[5m:1m])",
                "absent_over_time(c[5m:1m])",
                "present_over_time(g[5m:1m])", "holt_winters(c[5m], 0.5, 0.3)", "holt_winters(g[5m:15s], 0.1, 0.9)",
                "resets(c[10m:15s])", "sum_over_time(vector(1)[5m:1m])", "sum_over_time(c[5m:1m] offset 30s)",
                "irate(c[2m:15s])", "idelta(c[2m:15s])", "delta(g[3m:45s])", "count_over_time(c[1d:1m])",
                "max_over_time((c @ 100)[5m:1m])", "last_over_time(timestamp(c)[5m:1m])")
            + at(
                480, "sum_over_time(c[5m:1m] offset -1m)", "absent_over_time(c{i!~\"a\",i=\"x\"}[1m])",
                "absent(c{i=\"x\",i!=\"b\"})", "absent(c{i=\"x\",i!=\"b\",i=\"y\"})", "absent(c{i=\"x\"} @ 60)"))

    private static let circles = Group(
        name: "circles", intervalSeconds: 60,
        series: [
            (#"a{i="small"}"#, "0.25x3"), (#"a{i="negative"}"#, "-0.75x3"), (#"a{i="large"}"#, "3x3"),
            (#"a{i="none"}"#, "NaN NaN NaN NaN"), (#"a{i="zero"}"#, "0x3"),
        ],
        cases: at(
            60, "pi()", "round(vector(pi()) * 2, 0.001)")
            + [
                "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "deg",
                "rad",
                // Go and C may differ in the last bit.
            ].map { ("round(\($0)(a), 0.0000001)", 60) })

    private static let regular = Group(
        name: "matchers", intervalSeconds: 60,
        series: [
            (#"r{p="/api/v1/a", s="200"}"#, "1x3"), (#"r{p="/api/v1/b", s="404"}"#, "2x3"),
            (#"r{p="/api/v2/a", s="500"}"#, "3x3"), (#"r{p="/", s="503"}"#, "4x3"), (#"r{s="5xx"}"#, "5x3"),
            (#"r{p="A.B", s="é"}"#, "6x3"),
        ],
        cases: at(
            60, #"r{s=~"5.."}"#, #"r{s!~"5.."}"#, #"r{s=~"5[0-9]{2}"}"#, #"r{p=~"/api/.*"}"#,
            #"r{p=~"/api/v[12]/(a|b)"}"#,
            #"r{p=""}"#, #"r{p!=""}"#, #"r{p=~".*"}"#, #"r{p=~".+"}"#, #"r{p!~".+"}"#, #"r{s=~"200|404"}"#,
            #"r{s=~"20"}"#,
            #"r{p=~"a\\.b"}"#, #"r{p=~"(?i)a\\.b"}"#, #"r{s=~"\\d+"}"#, #"r{s=~"[^2-4]+"}"#, #"r{s=~"."}"#,
            #"{__name__="r", s="200"}"#, #"{__name__=~"r|z", s=~"5\\d\\d"}"#, #"r{s=~"^5.*$"}"#,
            #"r{s=~"5(00)?(03)?"}"#,
            #"r{p=~"/api/v1/a|/"}"#, #"r{s=~'2.*?'}"#, #"r{s=~"(2|4)0(0|4)"}"#, #"r{s=~"\\w{3}"}"#, #"r{p=~"[/]"}"#,
            #"r{s=~"50{1,2}3?"}"#, #"r{s=~"[[:digit:]]+"}"#, #"r{p=~"(?P<x>/).*"}"#, #"r{p=~"/(?i:API)/.*"}"#,
            #"r{p=~".*\\bv1\\b.*"}"#, #"r{p=~"\\x2f"}"#, #"r{p=~"\\QA.B\\E"}"#, #"r{s=~"\\A5xx\\z"}"#,
            #"r{s=~"(?i)É"}"#,
            #"r{s=~"[^[:ascii:]]"}"#, #"r{s=~"[\\D]+"}"#, #"r{s=~"(?s)."}"#))
}
