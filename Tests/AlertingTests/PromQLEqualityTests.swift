import Foundation
import Telemetry
import Testing

@testable import Alerting

/// The same series and expressions through promtool and through ours: results must be equal to the last bit.
@Suite struct PromQLEqualityTests {
    @Test func thereAreEnoughCases() {
        #expect(PromQLCases.all.map(\.cases.count).reduce(0, +) >= 450)
        for function in PromQLFunction.allCases {
            #expect(
                PromQLCases.all.contains { $0.cases.contains { $0.expression.contains(function.rawValue + "(") } },
                "no case for \(function.rawValue)")
        }
        for op in PromQLOperator.allCases {
            #expect(PromQLCases.all.contains { $0.cases.contains { $0.expression.contains(" \(op.rawValue) ") } })
        }
    }

    @Test(arguments: PromQLCases.all.map(\.name))
    func promtoolAgrees(_ name: String) throws {
        let group = try #require(PromQLCases.all.first { $0.name == name })
        let store = try Self.store(group)
        var cases: [String] = []
        for (expression, at) in group.cases {
            var query = try PromQLQuery(expression)
            let samples = try query.evaluate(store, at: Int64(at) * 1_000).samples
            cases.append(Self.yaml(expression, at, samples))
            // promtool cannot compare NaN: ask where it is instead.
            if samples.contains(where: \.value.isNaN) {
                let asked = "(\(expression)) != bool (\(expression))"
                var query = try PromQLQuery(asked)
                cases[cases.count - 1] = Self.yaml(
                    asked, at, try query.evaluate(store, at: Int64(at) * 1_000).samples)
            }
        }
        let (status, output) = try Promtool.run(
            ["test", "rules", "test.yaml"], files: ["test.yaml": Self.file(group, cases)])
        #expect(status == 0, "\(output)")
        // The same file through our own runner of test files.
        let outcome = try RuleTestFile.parse(Self.file(group, cases), path: "test.yaml").run([])
        #expect(outcome.failures.isEmpty)
        #expect(outcome.passed == group.cases.count)
    }

    @Test func promtoolWouldNoticeAWrongValue() throws {
        let group = PromQLCases.Group(name: "wrong", intervalSeconds: 60, series: [("a", "1x3")], cases: [])
        let wrong = Self.yaml("a", 60, [VectorSample(labels: LabelSet(name: "a"), value: 1.0.nextUp)])
        let (status, output) = try Promtool.run(
            ["test", "rules", "test.yaml"], files: ["test.yaml": Self.file(group, [wrong])])
        #expect(status != 0)
        #expect(output.contains("expr: \"a\""))
        #expect(try RuleTestFile.parse(Self.file(group, [wrong]), path: "test.yaml").run([]).failures.count == 1)
    }

    private static func store(_ group: PromQLCases.Group) throws -> SampleStore {
        var store = SampleStore(retentionMilliseconds: .max / 4)
        let series = try group.series.map {
            (try SeriesNotation.labels($0.labels), try SeriesNotation.values($0.values))
        }
        for tick in 0..<(series.map(\.1.count).max() ?? 0) {
            for (labels, values) in series where tick < values.count {
                if let value = values[tick] {
                    store.append(value, to: labels, at: Int64(tick * group.intervalSeconds) * 1_000)
                }
            }
        }
        return store
    }

    private static func file(_ group: PromQLCases.Group, _ cases: [String]) -> String {
        var text = "tests:\n  - interval: \(group.intervalSeconds)s\n    input_series:\n"
        for (labels, values) in group.series {
            text += "      - series: \(quoted(labels))\n        values: \(quoted(values))\n"
        }
        return text + "    promql_expr_test:\n" + cases.joined()
    }

    private static func yaml(_ expression: String, _ at: Int, _ samples: [VectorSample]) -> String {
        var text = "      - expr: \(quoted(expression))\n        eval_time: \(at)s\n"
        if samples.isEmpty { return text }
        text += "        exp_samples:\n"
        for sample in samples {
            let value =
                sample.value.isInfinite
                ? (sample.value < 0 ? "-.inf" : ".inf") : sample.value.isNaN ? ".nan" : "\(sample.value)"
            let labels = sample.labels.isEmpty ? "{}" : sample.labels.description
            text += "          - labels: \(quoted(labels))\n            value: \(value)\n"
        }
        return text
    }

    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
}
