import Foundation
import Telemetry
import Testing

@testable import Alerting

/// The test files of `Fixtures/promql`, which promtool passes, through our own runner: results must be equal to the last bit.
@Suite struct PromQLEqualityTests {
    private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/promql")
    private static let names =
        ((try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []).sorted()

    private static func text(_ name: String) throws -> String {
        try String(contentsOf: directory.appending(path: name), encoding: .utf8)
    }

    /// The expressions of a file, as they are written.
    private static func expressions(_ text: String) -> [Substring] {
        text.split(separator: "\n").filter { $0.hasPrefix("      - expr: ") }
    }

    @Test func thereAreEnoughCases() throws {
        let all = try Self.names.flatMap { Self.expressions(try Self.text($0)) }
        #expect(all.count >= 460)
        for function in PromQLFunction.allCases {
            #expect(all.contains { $0.contains(function.rawValue + "(") }, "no case for \(function.rawValue)")
        }
        for op in PromQLOperator.allCases { #expect(all.contains { $0.contains(" \(op.rawValue) ") }) }
    }

    @Test(arguments: names)
    func promtoolAndOurRunnerPassEveryCase(_ name: String) throws {
        let text = try Self.text(name)
        let (status, output) = try Promtool.run(["test", "rules", name], files: [name: text])
        #expect(status == 0, "\(output)")
        let outcome = try RuleTestFile.parse(text, path: name).run([])
        #expect(outcome.failures.isEmpty)
        #expect(outcome.passed == Self.expressions(text).count)
    }

    @Test(arguments: ["alerts", "templates"])
    func alertsAndTheirTextsAreThoseOfPromtool(_ name: String) throws {
        let place = Self.directory.deletingLastPathComponent().appending(path: "rules")
        let rules = try String(contentsOf: place.appending(path: name + ".rules.yaml"), encoding: .utf8)
        let text = try String(contentsOf: place.appending(path: name + ".yaml"), encoding: .utf8)
        let (status, output) = try Promtool.run(
            ["test", "rules", "test.yaml"], files: ["test.yaml": text, name + ".rules.yaml": rules])
        #expect(status == 0, "\(output)")
        let outcome = try RuleTestFile.parse(text, path: name).run([RuleFile.parse(rules, path: name)])
        #expect(outcome.failures.isEmpty)
        #expect(outcome.passed > 10)
    }

    @Test func bothNoticeAValueThatDiffersInTheLastBit() throws {
        let text = """
            tests:
              - interval: 1m
                input_series:
                  - series: a
                    values: 1x3
                promql_expr_test:
                  - expr: a
                    eval_time: 1m
                    exp_samples:
                      - labels: a
                        value: \(1.0.nextUp)
            """
        let (status, output) = try Promtool.run(["test", "rules", "test.yaml"], files: ["test.yaml": text])
        #expect(status != 0)
        #expect(output.contains("expr: \"a\""))
        #expect(try RuleTestFile.parse(text, path: "test.yaml").run([]).failures.count == 1)
    }
}
