import Alerting
import Foundation
import Logging
import Shared
import Storage
import Telemetry

extension Supervision {
    /// From here on a difference between the clocks is no adjustment of their pace.
    private static let clockJumpSeconds = 5.0

    /// Evaluates all rules over the samples, and takes what fires or ends through the pipeline.
    func evaluate() {
        let now = Date()
        let started = ContinuousClock.now
        guard let recorder = recorder.current else { return }
        let (evaluation, before) = state.withLock { state -> (RuleEvaluation, [AlertState]) in
            let before = state.evaluator.states
            var evaluator = state.evaluator
            if let last = state.lastEvaluation, let instant = state.lastEvaluationInstant {
                let jump = now.timeIntervalSince(last) - (started - instant) / .seconds(1)
                if jump > Self.clockJumpSeconds {
                    evaluator.follow(clockSetForwardBy: Int64(min(jump, 1e11) * 1000))
                    logger.warning("The clock was set forward by \(Int(min(jump, 1e11))) s.")
                }
            }
            let evaluation = recorder.withStore { evaluator.evaluate(&$0, at: now.milliseconds) }
            state.evaluator = evaluator
            (state.lastEvaluation, state.lastEvaluationInstant) = (now, started)
            return (evaluation, before)
        }
        registry.observe(.ruleEvaluationDuration, value: (ContinuousClock.now - started) / .seconds(1))
        for failure in evaluation.failures {
            registry.increment(.ruleEvaluationFailures)
            logger.error("Rule \(failure.rule.name) cannot be evaluated: \(failure.error)")
        }
        do {
            try settle(evaluation, at: now)
            try keepStates(changedFrom: before)
            try settleAfterStart(at: now)
        } catch {
            logger.error("Alerts could not be stored: \(ErrorTranslation.problem(for: error).detail)")
        }
        countAlerts()
    }

    private func settle(_ evaluation: RuleEvaluation, at now: Date) throws {
        var alerts: [IncomingAlert] = []
        for transition in evaluation.transitions {
            if let alert = IncomingAlert(transition, at: now) { alerts.append(alert) }
            switch transition {
            case .fired(let alert): note(alert, "fired", .alertFired)
            case .resolved(let alert): note(alert, "ended", .alertResolved)
            case .pending, .firing, .withdrawn: break
            }
        }
        let keys = Dictionary(
            evaluation.transitions.map { ($0.state.rule, $0.state.ruleKey) }, uniquingKeysWith: { first, _ in first })
        let marked = try markDrill(alerts, at: now)
        try take(marked, at: now, ruleKeys: keys)
    }

    /// Once after a start, when every rule has had the time of its `for`: what is still open and does not fire is marked quiet.
    private func settleAfterStart(at now: Date) throws {
        let isDue = state.withLock { state in
            let longest = state.evaluator.file.rules.map(\.forMilliseconds).max() ?? 0
            let wait =
                Double(longest) / 1000 + 3 * state.settings.alerting.evaluationIntervalSeconds
                + Self.foreignRepeatSeconds
            guard !state.isSettledAfterStart, now.timeIntervalSince(startedAt) > wait else { return false }
            state.isSettledAfterStart = true
            return true
        }
        if isDue { try step { pipeline, _ in pipeline.settleAfterStart(at: now) } }
    }

    /// How often Prometheus and Alertmanager tell again what fires, at the least.
    private static let foreignRepeatSeconds = 120.0

    private func note(_ alert: AlertState, _ what: String, _ message: LogMessage) {
        logger.warning(
            "Rule \(alert.rule) \(what) with the value \(alert.value)",
            metadata: ["message_id": "\(message.id)", "rule": "\(alert.rule)", "fingerprint": "\(alert.fingerprint)"])
    }

    /// Takes alerts, of our own rules, of other parts of the daemon or of other programs, through the pipeline; then what time brings about.
    ///
    /// The way in for whatever finds something wrong: see `IncomingAlert`.
    /// - Throws: `StorageError` when the incidents could not be stored; nothing of it is then in force.
    func take(_ alerts: [IncomingAlert], at now: Date, ruleKeys: [String: String] = [:]) throws {
        try step { pipeline, state in
            let taken = pipeline.take(alerts, at: now) { alert in
                self.evidence(for: alert, ruleKey: ruleKeys[alert.rule], state, at: now)
            }
            return taken + pipeline.tick(at: now)
        }
    }

    /// Stores where alerts stand when that has changed. Values change at every evaluation, and are found again after a restart.
    private func keepStates(changedFrom before: [AlertState]) throws {
        let states = state.withLock { $0.evaluator.states }
        guard !states.elementsEqual(before, by: { $0.hasSameStanding(as: $1) }) else { return }
        try catalogue.replaceAlertStates(
            states.map { AlertStateRecord(fingerprint: $0.fingerprint, rule: $0.rule, document: $0.document) },
            at: Date())
    }

    private func countAlerts() {
        let states = state.withLock { $0.evaluator.states }
        for phase in [AlertState.Phase.pending, .firing] {
            registry.set(.alerts, phase.rawValue, to: Double(states.count { $0.phase == phase }))
        }
    }

    // MARK: What is shown

    func rules() -> [RuleReply] { state.withLock { $0.evaluator.replies } }

    func alerts() -> [AlertReply] {
        state.withLock { state in
            state.evaluator.states.map { alert in
                let key = IncomingAlert(.firing(alert), at: Date()).map { incoming in
                    let shown = state.drill?.labelled(incoming) ?? incoming
                    return DedupKey.make(rule: shown.rule, labels: shown.labels)
                }
                let incident = alert.phase == .firing ? key.flatMap { state.pipeline.open[$0]?.number } : nil
                return alert.reply(incident: incident)
            }
        }
    }

    /// - Throws: `RuleError` for the first mistake, and for the first name that nothing will ever match.
    func check(rules text: String) throws -> RulesCheckReply {
        let source = try RuleSource(text: text, path: "rules", job: state.withLock { $0.settings.metrics.job })
        return RulesCheckReply(groups: source.file.groups.count, rules: source.ruleCount)
    }

    /// Puts settings and rules in force; alerts of rules that stay keep their state.
    func reload(settings: Settings, rules: RuleSource, webhookURLFile: String?, configHash: String) throws {
        try outbox.configure(settings: settings, webhookURLFile: webhookURLFile)
        simulations.withLock { $0.perMinute = settings.http.simulateErrorsPerMinute }
        state.withLock { state in
            state.evaluator = RuleEvaluator(rules.file, states: state.evaluator.states)
            state.rules = rules
            state.settings = settings
            state.pipeline.settings = settings.pipeline
            state.configHash = configHash
            state.lastReloadAt = Date()
        }
        attention.raise()
    }
}
