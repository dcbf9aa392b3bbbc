import Foundation
import Telemetry
import Testing

@testable import Alerting

@Suite struct RulesFileTests {
    private static func error(_ yaml: String) -> String {
        do throws(RuleError) {
            _ = try RuleFile.parse(yaml, path: "r.yaml")
            return "none"
        } catch {
            return error.description
        }
    }

    private static func rule(_ lines: String...) -> String {
        "groups:\n- name: g\n  rules:\n  - alert: A\n" + lines.map { "    \($0)\n" }.joined()
    }

    @Test(arguments: [
        (rule("expr: up == 0"), "none"),
        (rule("expr: incrase(up[5m])"), "r.yaml:5:11: there is no function \"incrase\"; did you mean \"increase\"?"),
        (rule("expr: 'up +'"), "r.yaml:5:16: found the end where an expression belongs"),
        (rule("expr: |", "  up", "  + $"), "r.yaml:7:9: found \"$\" where an expression belongs"),
        (rule("expr: up", "fro: 5m"), "r.yaml:6:10: unknown field \"fro\"; did you mean \"for\"?"),
        (rule("expr: up", "for: soon"), "r.yaml:6:10: \"for\" must be a duration such as 5m, found \"soon\""),
        (rule("for: 5m"), "r.yaml:4:5: the field \"expr\" is missing"),
        (
            rule("expr: up[5m]"),
            "r.yaml:5:11: the result of a rule must be an instant vector or a scalar, found a range vector"
        ),
        (
            rule("expr: up", "annotations: {a: '{{ $lables.x }}'}"),
            "r.yaml:6:22: template \"{{ $lables.x }}\": \"$lables.x\" is nothing that csvand fills in"
        ),
        (
            rule("expr: up", "annotations: {a: '{{ query \"up\" }}'}"),
            "r.yaml:6:22: template \"{{ query \\\"up\\\" }}\": \"query\" is no function that csvand fills in"
        ),
        (
            rule("expr: up", "labels: {a-b: c}"),
            "r.yaml:6:19: \"label name\" must be letters, digits and underscores, found \"a-b\""
        ),
        ("groups:\n- name: g\n- name: g\n", "r.yaml:3:3: two groups are named \"g\""),
        ("groups: 5", "r.yaml:1:9: \"groups\" must be a list, found \"5\""),
        ("", "r.yaml:1:1: the field \"groups\" is missing"),
        (
            "groups:\n- {name: g, rules: [{record: 'a-b', expr: up}]}",
            "r.yaml:2:30: \"record\" must be a metric name, found \"a-b\""
        ),
    ])
    func faultsAreNamedWithFileAndPlace(_ yaml: String, _ message: String) {
        #expect(Self.error(yaml) == message)
    }

    @Test func brokenYAMLIsNamedWithItsLine() {
        #expect(Self.error("groups:\n  - name: [").hasPrefix("r.yaml:"))
        #expect(Self.error("a: 1\na: 2").contains("a key stands twice"))
    }

    @Test func theProblemCarriesCodePlaceAndRemedy() throws {
        let problem = RuleError(.unsupported("@"), file: "r.yaml", line: 3, column: 4).problem
        #expect(problem.code == "rule.invalid")
        #expect(problem.detail == "r.yaml:3:4: \"@\" is not evaluated by csvand")
        #expect(problem.places?.first?.line == 3)
        #expect(problem.remedy == "Write the rule with the functions listed in docs/rules.md.")
    }

    @Test(arguments: [
        ("plain", "plain"), ("{{ $value }}", "0.125"), ("{{.Value}} of {{ .Labels.job }}", "0.125 of web"),
        ("{{ $labels.none }}!", "!"), ("{{ humanize $value }}", "125m"), ("{{ $value | humanizePercentage }}", "12.5%"),
        ("{{ humanizeDuration 3725 }}", "1h 2m 5s"), ("{{ humanize1024 1048576 }}", "1Mi"),
        ("{{ printf \"%.2f\" $value }}", "0.12"),
        ("{{ $value | printf \"%5.1f|%%\" }}", "  0.1|%"), ("{{ $labels.job | toUpper }}", "WEB"),
        ("{{ title \"a b\" }}", "A B"),
        ("a {{- $value -}} b", "a0.125b"), ("{{/* nothing */}}x", "x"),
        ("{{ printf \"%s=%v\" $labels.job $value }}", "web=0.125"),
        ("{{ humanize 1234567 }}", "1.235M"), ("{{ humanizeDuration 0.05 }}", "50ms"), ("{{ humanize 0 }}", "0"),
    ])
    func templatesAreFilledIn(_ text: String, _ filled: String) throws {
        let labels = LabelSet(name: "m", ["job": "web"])
        #expect(try TemplateText(text).filled(value: 0.125, labels: labels) == filled)
    }

    @Test(arguments: [
        ("{{ $value", "{{ has no }}"), ("{{ }}", "a command is empty"), ("{{ if true }}", "if has no end"),
        ("{{ end }}", "end has no if or with before it"), ("{{ else }}", "else has no if or with before it"),
        ("{{ with $value }}{{ else if true }}{{ end }}", "else of a with takes no condition"),
        ("{{ range query \"up\" }}{{ end }}", "\"range\" is no block that csvand fills in"),
        ("{{ query \"up\" | first }}", "\"query\" is no function that csvand fills in"),
        ("{{ $value | first }}", "\"first\" is no function that csvand fills in"),
        ("{{ externalURL }}", "\"externalURL\" is nothing that csvand fills in"),
        ("{{ $x := 1 }}", "\"$x\" is no function that csvand fills in"),
        ("{{ . }}", "\".\" is nothing that csvand fills in"),
        ("{{ with $labels.a }}{{ .Value }}{{ end }}", "\".Value\" is nothing that csvand fills in"),
        ("{{ printf \"%x\" $value }}", "printf fills in %s %v %f %g %e %d %q %t only"),
        ("{{ printf \"%f\" }}", "printf has 1 verbs and 0 values"), ("{{ humanize }}", "humanize takes one value"),
        ("{{ gt $value 1 }}", "gt compares values of one kind: write a number beside $value with a point"),
        ("{{ match $labels.a \"x\" }}", "match needs a pattern in quotes"),
        ("{{ match \"(\" \"x\" }}", "the pattern \"(\": a parenthesis is not closed"),
        ("{{ toUpper $value }}", "toUpper takes a text"), ("{{ (1 }}", "( has no )"),
        ("{{ 1) }}", ") has no ( before it"),
        (String(repeating: "{{ if true }}", count: 10_000), "blocks stand too deep in each other"),
        ("{{ " + String(repeating: "(", count: 10_000) + " }}", "parentheses stand too deep in each other"),
    ])
    func otherTemplatesAreRefused(_ text: String, _ reason: String) {
        #expect(throws: TemplateText.Failure(reason: reason)) { try TemplateText(text) }
    }
}

@Suite struct RulesShippedTests {
    /// The file as it is in the repository.
    static func shipped() throws -> String {
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "etc/alerts.yaml"), encoding: .utf8)
    }

    @Test func shippedRulesLoadHereAndInPromtool() throws {
        let text = try Self.shipped()
        let file = try RuleFile.parse(text, path: "alerts.yaml")
        #expect(file.rules.count == 12)
        #expect(RuleCheck().faults(in: file).map(\.description) == [])
        for rule in file.rules {
            #expect(rule.labels.contains { $0.name == "service" && $0.template.source == "csv_analyzer" })
            #expect(rule.labels.contains { $0.name == "severity" })
            #expect(
                rule.annotations.contains {
                    $0.name == "runbook" && $0.template.source == "docs/runbook.md#\(rule.name.lowercased())"
                })
        }
        let (status, output) = try Promtool.run(["check", "rules", "alerts.yaml"], files: ["alerts.yaml": text])
        #expect(status == 0, "\(output)")
    }

    @Test func alertsFireAtTheSameMomentHereAndInPromtool() throws {
        let rules = try Self.shipped()
        for (test, isRight) in [
            (Self.test, true), (Self.test.replacing("eval_time: 70s", with: "eval_time: 40s"), false),
        ] {
            let (status, output) = try Promtool.run(
                ["test", "rules", "test.yaml"], files: ["alerts.yaml": rules, "test.yaml": test])
            #expect((status == 0) == isRight, "\(output)")
            let outcome = try RuleTestFile.parse(test, path: "test.yaml").run([
                try RuleFile.parse(rules, path: "alerts.yaml")
            ])
            #expect(outcome.failures.isEmpty == isRight, "\(outcome.failures)")
        }
    }

    private static let test = """
        rule_files: [alerts.yaml]
        evaluation_interval: 10s
        tests:
          - interval: 10s
            input_series:
              - series: 'app_errors_total{type="simulated", instance="i", job="web"}'
                values: '0 0 1x60'
              - series: 'up{instance="i", job="web"}'
                values: '1 0x20 1x20'
              - series: 'csvand_model_score{model="m", metric="r2", instance="i", job="web"}'
                values: '0.5x40'
              - series: 'django_http_requests_total_by_status_total{status="503", instance="i", job="web"}'
                values: '0+1x60'
            alert_rule_test:
              - eval_time: 10s
                alertname: SimulatedError
              - eval_time: 20s
                alertname: SimulatedError
                exp_alerts:
                  - exp_labels: {type: simulated, instance: i, job: web, service: csv_analyzer, severity: warning}
                    exp_annotations:
                      summary: Somebody simulated an error
                      description: 'Simulated errors within 5 minutes on i: 1.'
                      runbook: docs/runbook.md#simulatederror
              - eval_time: 70s
                alertname: TargetDown
                exp_alerts:
                  - exp_labels: {instance: i, job: web, service: csv_analyzer, severity: critical}
                    exp_annotations:
                      summary: csvand does not answer
                      description: 'i has not answered a scrape for a minute.'
                      runbook: docs/runbook.md#targetdown
              - eval_time: 220s
                alertname: TargetDown
              - eval_time: 0s
                alertname: LowModelScore
                exp_alerts:
                  - exp_labels: {model: m, metric: r2, instance: i, job: web, service: csv_analyzer, severity: warning}
                    exp_annotations:
                      summary: Model m scores low
                      description: 'Its r2 in cross-validation is 0.500.'
                      runbook: docs/runbook.md#lowmodelscore
              - eval_time: 50s
                alertname: ServerErrors
              - eval_time: 80s
                alertname: ServerErrors
                exp_alerts:
                  - exp_labels: {status: "503", instance: i, job: web, service: csv_analyzer, severity: critical}
                    exp_annotations:
                      summary: Requests end with status 503
                      description: '8 requests were answered 503 within 5 minutes on i.'
                      runbook: docs/runbook.md#servererrors
        """

    @Test func aTestFileOfVeryManyValuesOrEvaluationsIsGivenUp() throws {
        let series = String(repeating: "      - {series: a, values: 1x99999}\n", count: 51)
        #expect {
            try RuleTestFile.parse("tests:\n  - interval: 1m\n    input_series:\n" + series, path: "t.yaml")
        } throws: {
            "\($0)" == "t.yaml:54:9: \"values\" must be at most 5000000 values in a file, found \"5100000\""
        }
        let long = """
            evaluation_interval: 1ms
            tests:
              - promql_expr_test:
                  - {expr: time(), eval_time: 50y}
            """
        let file = try RuleTestFile.parse(long, path: "t.yaml")
        let start = ContinuousClock.now
        #expect(throws: RuleError(.timedOut)) { try file.run([], deadline: .now + .milliseconds(100)) }
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
