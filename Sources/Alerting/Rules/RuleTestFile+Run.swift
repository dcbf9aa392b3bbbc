import Telemetry

/// How a test file went.
package struct RuleTestOutcome: Sendable, Equatable {
    package var passed = 0
    /// One text a failed expectation, with its line.
    package var failures: [String] = []
}

extension RuleTestFile {
    /// Runs every test over these rules.
    ///
    /// Source: prometheus/cmd/promtool/unittest.go of 2.42: rules are evaluated from 0 on at the evaluation interval; an
    /// alert test sees the evaluation at or before its time, an expression test is evaluated at its own. As there, series go
    /// no further than the last evaluation.
    ///
    /// - Parameter deadline: when to give up; nil for never.
    ///
    /// Throws: `timedOut`.
    package func run(
        _ rules: [RuleFile], deadline: ContinuousClock.Instant? = nil
    ) throws(RuleError) -> RuleTestOutcome {
        var outcome = RuleTestOutcome()
        for group in groups { try run(group, rules, deadline, &outcome) }
        return outcome
    }

    private func run(
        _ group: TestGroup, _ rules: [RuleFile], _ deadline: ContinuousClock.Instant?, _ outcome: inout RuleTestOutcome
    ) throws(RuleError) {
        var store = SampleStore(retentionMilliseconds: .max / 4)
        var evaluators = rules.map { RuleEvaluator($0) }
        // As in promtool, a sub-query without a step has that of the evaluations.
        var limits = PromQLLimits()
        limits.subqueryStepMilliseconds = evaluationInterval
        limits.deadline = deadline
        let end = (group.alerts.map(\.at) + group.expressions.map(\.at)).max() ?? 0
        let length = group.series.map(\.values.count).max() ?? 0
        var tick = 0
        var time: Int64 = 0
        func load(upTo limit: Int64) {
            while tick < length, Int64(tick) * group.interval <= limit {
                let at = Int64(tick) * group.interval
                for series in group.series where tick < series.values.count {
                    if let value = series.values[tick] { store.append(value, to: series.labels, at: at) }
                }
                tick += 1
            }
        }
        while time <= end {
            try limits.checkDeadline()
            load(upTo: time)
            for index in evaluators.indices {
                let evaluation = evaluators[index].evaluate(&store, at: time, limits: limits)
                outcome.failures += evaluation.failures.map { $0.error.description }
            }
            for test in group.alerts where test.at >= time && test.at < time + evaluationInterval {
                compare(test, evaluators.flatMap(\.states), &outcome)
            }
            time += evaluationInterval
        }
        for test in group.expressions {
            try limits.checkDeadline()
            compare(test, store, limits, &outcome)
        }
    }

    private func compare(_ test: ExpectedAlerts, _ states: [AlertState], _ outcome: inout RuleTestOutcome) {
        let found = states.filter { $0.phase == .firing && $0.rule == test.alert }
            .map { ExpectedAlert(labels: $0.labels.dictionary, annotations: $0.annotations) }
        if Set(found) == Set(test.alerts), found.count == test.alerts.count {
            outcome.passed += 1
            return
        }
        outcome.failures.append(
            "\(path):\(test.line): alert \(test.alert) at \(PromQLDuration.text(test.at)): expected "
                + "\(Self.text(test.alerts)), found \(Self.text(found))")
    }

    private func compare(
        _ test: ExpectedSamples, _ store: SampleStore, _ limits: PromQLLimits, _ outcome: inout RuleTestOutcome
    ) {
        var query = test.query
        let place = "\(path):\(test.line): \(query.expression.text) at \(PromQLDuration.text(test.at))"
        do throws(RuleError) {
            let found = try query.evaluate(store, at: test.at, limits: limits).samples.map(Self.text).sorted()
            let expected = test.samples.map(Self.text).sorted()
            if found == expected {
                outcome.passed += 1
            } else {
                outcome.failures.append(
                    "\(place): expected [\(expected.joined(separator: ", "))], found [\(found.joined(separator: ", "))]"
                )
            }
        } catch {
            outcome.failures.append("\(place): \(error)")
        }
    }

    private static func text(_ sample: VectorSample) -> String {
        // Both zeros are one value.
        sample.labels.description + " " + PromQLNumber.text(sample.value == 0 ? 0 : sample.value)
    }

    private static func text(_ alerts: [ExpectedAlert]) -> String {
        "["
            + alerts.map { alert in
                let annotations = alert.annotations.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
                return LabelSet(name: nil, alert.labels).description + " " + annotations.joined(separator: "; ")
            }.sorted().joined(separator: ", ") + "]"
    }
}
