import Shared
import Telemetry
import Testing

@testable import Alerting

@Suite struct RulesEvaluatorTests {
    private static func evaluator(_ fields: String) throws -> RuleEvaluator {
        RuleEvaluator(
            try RuleFile.parse("groups:\n- name: g\n  rules:\n  - {alert: A, expr: x > 0, \(fields)}\n", path: "r"))
    }

    /// The kinds of transitions when `x` takes these values, one every ten seconds; nil for no sample.
    private static func story(_ fields: String, _ values: [Double?]) throws -> [String] {
        var evaluator = try evaluator(fields)
        var store = SampleStore()
        return values.enumerated().map { tick, value in
            let time = Int64(tick) * 10_000
            store.append(value ?? Staleness.marker, to: LabelSet(name: "x"), at: time)
            let transitions = evaluator.evaluate(&store, at: time).transitions
            return transitions.map { transition in
                switch transition {
                case .pending: "pending"
                case .fired: "fired"
                case .firing: "firing"
                case .resolved: "resolved"
                case .withdrawn: "withdrawn"
                }
            }.joined(separator: " ")
        }
    }

    @Test func anAlertWithoutForFiresAtOnceAndResolves() throws {
        #expect(try Self.story("labels: {}", [0, 1, 2, 0, 0, 1]) == ["", "fired", "firing", "resolved", "", "fired"])
    }

    @Test func anAlertWaitsForItsFor() throws {
        #expect(
            try Self.story("for: 20s", [1, 1, 1, 1, nil, 1, 0])
                == ["pending", "pending", "fired", "firing", "resolved", "pending", "withdrawn"])
    }

    @Test func anAlertKeepsFiringForAWhile() throws {
        #expect(
            try Self.story("keep_firing_for: 20s", [1, 0, 0, 1, 0, 0, 0, 0])
                == ["fired", "firing", "firing", "firing", "firing", "firing", "resolved", ""])
    }

    @Test func statesSurviveARestart() throws {
        var store = SampleStore()
        store.append(1, to: LabelSet(name: "x", ["i": "1"]), at: 0)
        var first = try Self.evaluator("for: 20s")
        _ = first.evaluate(&store, at: 0)
        let documents = first.states.map(\.document)
        #expect(documents.count == 1)
        var second = RuleEvaluator(first.file, states: documents)
        #expect(second.states == first.states)
        store.append(1, to: LabelSet(name: "x", ["i": "1"]), at: 20_000)
        guard case .fired(let state)? = second.evaluate(&store, at: 20_000).transitions.first else {
            Issue.record("the alert did not fire")
            return
        }
        #expect(state.activeAt == 0)
        #expect(state.firedAt == 20_000)
        #expect(state.labels.dictionary == ["alertname": "A", "i": "1"])
        #expect(RuleEvaluator(first.file, states: ["{}", "no"]).states.isEmpty)
    }

    @Test func aResolvedAlertKeepsItsLastAnnotations() throws {
        var evaluator = try Self.evaluator("annotations: {v: 'is {{ $value }} at {{ $labels.i }}'}")
        var store = SampleStore()
        for (time, value) in [(0, 5.0), (1_000, 0)] {
            store.append(value, to: LabelSet(name: "x", ["i": "1"]), at: Int64(time))
            let transition = evaluator.evaluate(&store, at: Int64(time)).transitions.first
            #expect(transition?.state.annotations == ["v": "is 5 at 1"])
        }
    }

    @Test func aRuleThatCannotBeEvaluatedKeepsItsAlertsAndSaysWhy() throws {
        let yaml = "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: x + on (i) y\n"
        var evaluator = RuleEvaluator(try RuleFile.parse(yaml, path: "r.yaml"))
        var store = SampleStore()
        store.append(1, to: LabelSet(name: "x", ["i": "1"]), at: 0)
        store.append(1, to: LabelSet(name: "y", ["i": "1"]), at: 0)
        #expect(evaluator.evaluate(&store, at: 0).transitions.count == 1)
        store.append(1, to: LabelSet(name: "y", ["i": "1", "j": "2"]), at: 1_000)
        let evaluation = evaluator.evaluate(&store, at: 1_000)
        #expect(
            evaluation.failures.map(\.error.description)
                == ["r.yaml:5:11: several series of the right side match the labels {i=\"1\"}"])
        #expect(evaluator.states.count == 1)
    }

    @Test func recordingRulesFeedLaterRules() throws {
        let yaml = """
            groups:
            - name: g
              rules:
              - {record: "job:x:sum", expr: sum by (job) (x), labels: {kind: sum}}
              - {alert: Big, expr: 'job:x:sum{kind="sum"} > 5'}
            """
        var evaluator = RuleEvaluator(try RuleFile.parse(yaml, path: "r"))
        var store = SampleStore()
        store.append(4, to: LabelSet(name: "x", ["job": "a", "i": "1"]), at: 0)
        store.append(3, to: LabelSet(name: "x", ["job": "a", "i": "2"]), at: 0)
        let transitions = evaluator.evaluate(&store, at: 0).transitions
        #expect(transitions.map(\.state.labels.dictionary) == [["alertname": "Big", "job": "a", "kind": "sum"]])
        #expect(transitions.first?.state.value == 7)
    }

    @Test func groupsWithAnIntervalAreEvaluatedWhenTheyAreDue() throws {
        let yaml = "groups:\n- {name: g, interval: 1m, rules: [{alert: A, expr: vector(1)}]}"
        var evaluator = RuleEvaluator(try RuleFile.parse(yaml, path: "r"))
        var store = SampleStore()
        let evaluated = [0, 30_000, 60_000, 119_000, 120_000].map {
            !evaluator.evaluate(&store, at: Int64($0)).vectors.isEmpty
        }
        #expect(evaluated == [true, false, true, false, true])
    }

    @Test func aClockThatIsSetBackLosesNoAlert() throws {
        let registry = MetricRegistry()
        let recorder = SampleRecorder(registry, instance: "i")
        let yaml =
            "groups:\n- name: g\n  rules:\n"
            + "  - {alert: A, expr: 'increase(app_errors_total{type=\"simulated\"}[1m]) > 0'}\n"
            + "  - {alert: B, expr: up == 1, for: 10s}\n"
        var evaluator = RuleEvaluator(try RuleFile.parse(yaml, path: "r"))
        func look(_ time: Int64) -> [String] {
            recorder.sample(at: time)
            return recorder.withStore { evaluator.evaluate(&$0, at: time) }.transitions.map {
                "\($0)".prefix(5) + $0.state.rule
            }
        }
        let day: Int64 = 86_400_000
        #expect(look(day + 1_000) == ["pendiB"])
        registry.increment(.appErrors, "simulated")
        #expect(look(day + 2_000).contains("firedA"))
        #expect(Set(look(3_000)) == ["firinA", "pendiB"])
        #expect(Set(look(13_000)) == ["firinA", "firedB"])
    }

    @Test func aClockThatIsSetForwardEndsNoFor() throws {
        var evaluator = try Self.evaluator("for: 5m")
        var store = SampleStore()
        let day: Int64 = 86_400_000
        var phases: [AlertState.Phase] = []
        for time in [0, 60_000, day + 60_000, day + 299_000, day + 300_000] {
            store.append(1, to: LabelSet(name: "x"), at: time)
            if time == day + 60_000 { evaluator.follow(clockSetForwardBy: day) }
            _ = evaluator.evaluate(&store, at: time)
            phases += evaluator.states.map(\.phase)
        }
        #expect(phases == [.pending, .pending, .pending, .pending, .firing])
    }

    @Test func repliesShowRulesAndTheirState() throws {
        var evaluator = try Self.evaluator("for: 1m, labels: {severity: warning}")
        #expect(evaluator.replies.map(\.state) == [.inactive])
        var store = SampleStore()
        store.append(1, to: LabelSet(name: "x"), at: 0)
        _ = evaluator.evaluate(&store, at: 0)
        let reply = try #require(evaluator.replies.first)
        #expect(reply.state == .pending)
        #expect(reply.value == 1)
        #expect(reply.forSeconds == 60)
        #expect(reply.expression == "x > 0")
        #expect(reply.labels == ["severity": "warning"])
        #expect(evaluator.evidence(forRule: "g/A", store, at: 0).map(\.points) == [[SamplePoint(time: 0, value: 1)]])
    }

    @Test(arguments: [
        ("app_error_total > 0", "the daemon has no metric \"app_error_total\"; did you mean \"app_errors_total\"?"),
        (
            "app_errors_total{type=\"simulate\"}",
            "label type of metric app_errors_total never has the value \"simulate\"; did you mean \"simulated\"?"
        ),
        (
            "app_errors_total{types=\"simulated\"}",
            "metric app_errors_total has no label \"types\"; did you mean \"type\"?"
        ),
        ("up{job=\"wep\"} == 0", "there is no job \"wep\"; did you mean \"web\"?"),
        (
            "django_http_requests_total_by_status_total{status=~\"6..\"}",
            "label status of metric django_http_requests_total_by_status_total never has the value \"6..\""
        ),
        ("up{job!=\"x\"}", "there is no job \"x\""), ("node_load1", "the daemon has no metric \"node_load1\""),
        (
            "csvand_http_request_duration_seconds_bucket{le=\"17\"}",
            "label le of metric csvand_http_request_duration_seconds_bucket never has the value \"17\"; did you mean \"1\"?"
        ),
        ("csvand_http_requests_total{route=\"/x\", status=~\"5..\", job=\"web\"}", ""),
        ("{__name__=~\"csvand_.*\"}", ""),
        ("app_errors_total{type!~\"simulated|other\"}", ""),
    ])
    func namesThatTheDaemonDoesNotHaveAreRefused(_ expression: String, _ fault: String) throws {
        let faults = RuleCheck().faults(in: try PromQLExpression(expression))
        #expect(faults.map(\.fault.text) == (fault.isEmpty ? [] : [fault]))
    }

    @Test func theFirstSimulatedErrorFires() throws {
        let registry = MetricRegistry()
        let recorder = SampleRecorder(registry, instance: "127.0.0.1:8000")
        var evaluator = RuleEvaluator(try RuleFile.parse(try RulesShippedTests.shipped(), path: "alerts.yaml"))
        recorder.sample(at: 1_000)
        #expect(recorder.withStore { evaluator.evaluate(&$0, at: 1_000) }.transitions.isEmpty)
        registry.increment(.appErrors, "simulated")
        recorder.sample(at: 1_400)
        let evaluation = recorder.withStore { evaluator.evaluate(&$0, at: 1_400) }
        #expect(evaluation.failures.isEmpty)
        #expect(evaluation.transitions.map(\.state.rule) == ["SimulatedError"])
    }
}
