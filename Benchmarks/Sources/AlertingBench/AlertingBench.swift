import Alerting
import Foundation
import Telemetry

/// 1,000 rules over 5,000 series: `alerting-bench DIRECTORY UNIX_SECONDS`.
///
/// Writes `rules.yaml`, and `series.om` for `promtool tsdb create-blocks-from openmetrics`, from 15 minutes before the time to 5
/// after it; evaluates the rules at the time over the same samples, and prints the figures as one object of JSON.
@main
enum AlertingBench {
    static let (metrics, instances, stepSeconds) = (100, 50, 5)

    /// Ten ways of what rule files ask, each of the series of one metric.
    static func expression(_ number: Int) -> String {
        let (metric, other) = ("bench_\(number / 10 % metrics)_total", "bench_\((number / 10 + 1) % metrics)_total")
        switch number % 10 {
        case 0: return "rate(\(metric)[5m]) > 9.5"
        case 1: return "increase(\(metric){zone=\"a\"}[5m]) > 2900"
        case 2: return "sum by (zone) (rate(\(metric)[5m])) / sum by (zone) (rate(\(other)[5m])) > 1.2"
        case 3: return "\(metric) > 1e6"
        case 4: return "avg by (zone) (rate(\(metric)[2m])) > 6"
        case 5: return "max_over_time(\(metric)[10m]) - min_over_time(\(metric)[10m]) > 5800"
        case 6: return "absent(\(metric){instance=\"none\"}) and on () sum(\(metric)) < 0"
        case 7: return "\(metric) / on (instance, zone) \(other) > 1e3"
        case 8: return "count(\(metric){instance=~\"host-[1-3].*\"} > 0) by (zone) < 3"
        default: return "topk(3, rate(\(metric)[1m])) > 9.9"
        }
    }

    static func rules() -> String {
        let rules = (0..<1_000).map { number in
            """
                  - alert: Rule\(number)
                    expr: '\(expression(number))'
                    labels: {severity: warning}
                    annotations: {summary: '{{ $labels.instance }} is at {{ $value | humanize }}'}
            """
        }
        return "groups:\n  - name: bench\n    interval: 5s\n    rules:\n" + rules.joined(separator: "\n") + "\n"
    }

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let time = Int64(arguments[2]) else {
            print("usage: alerting-bench DIRECTORY UNIX_SECONDS")
            exit(64)
        }
        let directory = URL(fileURLWithPath: arguments[1])
        let text = rules()
        try text.write(to: directory.appending(path: "rules.yaml"), atomically: true, encoding: .utf8)
        var evaluator = RuleEvaluator(try RuleFile.parse(text, path: "rules.yaml"))
        var store = try makeSeries(at: time, writing: directory.appending(path: "series.om"))
        let seriesCount = store.seriesCount
        // The first evaluation finds the series of each selector; the others are what the daemon does all the time.
        var (times, processor): ([Double], [Double]) = ([], [])
        var firing = 0
        for round in 0..<60 {
            let (start, before) = (ContinuousClock.now, clock())
            let evaluation = evaluator.evaluate(&store, at: (time + Int64(round * stepSeconds)) * 1_000)
            times.append((ContinuousClock.now - start) / .seconds(1))
            processor.append(Double(clock() - before) / Double(CLOCKS_PER_SEC))
            guard evaluation.failures.isEmpty else { fatalError("\(evaluation.failures[0].error)") }
            if round == 0 { firing = evaluator.states.count }
        }
        let (rest, restProcessor) = (times.dropFirst().sorted(), processor.dropFirst().sorted())
        print(
            """
            {"rules": 1000, "series": \(seriesCount), "alerts": \(firing), "first_seconds": \(times[0]), \
            "seconds": \(rest[rest.count / 2]), "cpu": \(restProcessor[rest.count / 2])}
            """)
    }

    /// Counters that grow by random amounts, and now and then begin anew.
    static func makeSeries(at time: Int64, writing file: URL) throws -> SampleStore {
        var store = SampleStore(retentionMilliseconds: 3_600_000)
        var random = Xorshift(state: 7)
        let labels = (0..<metrics * instances).map { number in
            let zone = ["a", "b", "c", "d"][number % 4]
            return LabelSet(
                name: "bench_\(number / instances)_total",
                ["instance": "host-\(number % instances):9100", "zone": zone, "job": "bench"])
        }
        let slots = labels.map { store.series($0) }
        var values = labels.map { _ in 0.0 }
        let rates = labels.map { _ in Double(random.next() % 100) }
        // promtool takes no space between labels.
        let names = labels.map { $0.description.replacing(", ", with: ",") }
        var lines: [[String]] = Array(repeating: [], count: labels.count)
        for at in stride(from: time - 900, through: time + 300, by: stepSeconds) {
            _ = store.begin(at: at * 1_000)
            for number in labels.indices {
                values[number] =
                    random.next() % 5_000 == 0
                    ? 0 : values[number] + (rates[number] * Double(random.next() % 100) / 99).rounded()
                store.append(values[number], to: slots[number])
                lines[number].append("\(names[number]) \(Int(values[number])) \(at)\n")
            }
        }
        // OpenMetrics wants the samples of a series together.
        try (lines.map { $0.joined() }.joined() + "# EOF\n").write(to: file, atomically: true, encoding: .utf8)
        return store
    }
}


/// The same numbers every time: Marsaglia's xorshift.
struct Xorshift {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state >> 11
    }
}
