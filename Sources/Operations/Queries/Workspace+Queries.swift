import Alerting
import Foundation
import Shared
import Storage
import Telemetry

/// Expressions and rules over the samples that are kept.
extension Workspace {
    /// Answers a call of Prometheus's HTTP API. Refusals have its shape as well.
    package func answer(_ call: PrometheusCall) -> PrometheusAnswer {
        PrometheusAPI(
            samples: { since in try self.supervision.samples(since: since) },
            evaluationMilliseconds: supervision.evaluationMilliseconds, now: Date().milliseconds
        ).answer(call)
    }

    /// Runs a test file of promtool over the daemon's evaluator.
    ///
    /// - Throws: `rule.invalid` with file, line and column; `request.rate_limited` while another run goes on.
    package func testRules(_ request: RulesTestRequest) throws -> RulesTestReply {
        let test = try RuleTestFile.parse(request.text, path: request.path)
        let sent = Dictionary(request.rules.map { ($0.path, $0.text) }, uniquingKeysWith: { $1 })
        let missing = test.ruleFiles.filter { sent[$0] == nil }
        if !missing.isEmpty { return RulesTestReply(passed: 0, failures: [], missing: missing) }
        var files: [RuleFile] = []
        for name in test.ruleFiles { files.append(try RuleFile.parse(sent[name] ?? "", path: name)) }
        let outcome = try supervision.alone {
            try test.run(files, deadline: .now + .seconds(Supervision.longestRuleRunSeconds))
        }
        return RulesTestReply(passed: outcome.passed, failures: outcome.failures)
    }

    /// When each rule would have fired.
    ///
    /// - Parameter rules: a rule file; nil for the rules in force.
    /// - Throws: `rule.invalid`; `request.rate_limited` while another run goes on.
    package func replayRules(_ rules: String?, sinceSeconds: Double, stepSeconds: Double?) throws -> RulesReplayReply {
        try supervision.alone {
            try supervision.replay(rules, sinceSeconds: sinceSeconds, stepSeconds: stepSeconds)
        }
    }
}

extension Supervision {
    /// A test or a replay of rules computes for no longer.
    static let longestRuleRunSeconds = 60.0
    /// How long one waits for the one before it.
    private static let ruleRunPatienceSeconds = 5.0

    /// Runs a test or a replay of rules while no other one runs, so that they take one processor at most.
    ///
    /// - Throws: `request.rate_limited` when the one before does not end soon.
    func alone<T>(_ work: () throws -> T) throws -> T {
        let end = ContinuousClock.now + .seconds(Self.ruleRunPatienceSeconds)
        while !isRunningRules.withLock({ isTaken in
            defer { isTaken = true }
            return !isTaken
        }) {
            guard ContinuousClock.now < end else {
                throw Problem(
                    .requestRateLimited, "Another test or replay of rules is running.",
                    remedy: "Try again when it has ended, a minute later at most.")
            }
            Thread.sleep(forTimeInterval: 0.02)
        }
        defer { isRunningRules.withLock { $0 = false } }
        return try work()
    }

    var evaluationMilliseconds: Int64 {
        state.withLock { max(1, Int64($0.settings.alerting.evaluationIntervalSeconds * 1000)) }
    }

    /// Samples since a time: those in memory, with stored ones before them if they do not go back that far.
    func samples(since: Int64) throws -> SampleStore {
        guard let recorder = recorder.current else { return SampleStore() }
        let recent = recorder.withStore { copy $0 }
        guard let oldest = recent.oldestTime, since < oldest else { return recent }
        let blocks = try catalogue.sampleBlocks(since: since, before: oldest)
        if blocks.isEmpty { return recent }
        var store = SampleStore(retentionMilliseconds: .max / 4)
        for bytes in blocks {
            // A block that cannot be read costs its samples, not the answer.
            if let block = try? SampleBlock(bytes: bytes) { store.load(block) }
        }
        if let block = recent.block(after: store.newestTime ?? .min) { store.load(block) }
        return store
    }

    func replay(_ rules: String?, sinceSeconds: Double, stepSeconds: Double?) throws -> RulesReplayReply {
        let (job, inForce) = state.withLock { ($0.settings.metrics.job, $0.rules) }
        let source = try rules.map { try RuleSource(text: $0, path: "rules", job: job) } ?? inForce
        let to = Date().milliseconds
        let from = to - Int64(sinceSeconds * 1000)
        let store = try samples(since: from - source.file.reachMilliseconds - PromQLLimits().lookbackMilliseconds)
        // Before the first sample nothing can fire, but absences would.
        let start = max(from, store.oldestTime ?? from)
        let replay = try RuleReplay(
            source.file, store, from: start, to: to,
            step: stepSeconds.map { Int64($0 * 1000) } ?? evaluationMilliseconds,
            deadline: .now + .seconds(Self.longestRuleRunSeconds))
        return RulesReplayReply(
            from: Date(milliseconds: start), to: Date(milliseconds: to),
            stepSeconds: Double(replay.stepMilliseconds) / 1000,
            items: replay.firings.map { firing in
                RulesReplayReply.Firing(
                    group: String(firing.state.ruleKey.dropLast(firing.state.rule.count + 1)), rule: firing.state.rule,
                    labels: firing.state.labels.dictionary,
                    firedAt: Date(milliseconds: firing.state.firedAt ?? firing.state.activeAt),
                    resolvedAt: firing.resolvedAt.map { Date(milliseconds: $0) }, value: firing.state.value)
            }, failures: replay.failures.map(\.description))
    }
}
