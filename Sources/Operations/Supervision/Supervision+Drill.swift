import Alerting
import Foundation
import Shared
import Telemetry

extension Supervision {
    /// Plays the whole story, from an error to the message that it is resolved, and measures each hop.
    ///
    /// Blocks until it is over. The error, the rule, the incident and the messages are the real ones; only the label `drill="true"` and the
    /// title tell the incident from others, and it is left out of MTTD, MTTA and MTTR.
    /// - Throws: `drill.not_possible` while another drill runs, while the rule fires for a real error, or when no rule in force reads
    ///   `app_errors_total{type="simulated"}`; `request.bad_parameter`.
    package func drill(_ request: DrillRequest) throws -> DrillReply {
        let seconds = request.timeoutSeconds ?? 30
        guard seconds >= 1, seconds <= 600 else {
            throw Problem.badParameter(
                "timeout_seconds", String(seconds), expected: "a number of seconds from 1 to 600")
        }
        try beginDrill()
        defer { endDrill() }
        var run = DrillRun(supervision: self, hopSeconds: seconds)
        run.play()
        return run.reply
    }

    private func beginDrill() throws {
        let mark = try state.withLock { state throws(Problem) -> DrillMark in
            if state.drill?.isRunning == true {
                throw Problem(
                    .drillNotPossible, "A fire drill is under way already.", remedy: "Wait until it has ended.")
            }
            let rules = Set(state.evaluator.file.rules.filter(Self.readsSimulatedErrors).map(\.name))
            guard !rules.isEmpty else {
                throw Problem(
                    .drillNotPossible, "No rule in force reads app_errors_total{type=\"simulated\"}.",
                    remedy: "Add the rule SimulatedError of etc/alerts.yaml to alerting.rules, and reload.")
            }
            let firing = state.evaluator.states.first { alert in
                rules.contains(alert.rule) && alert.phase == .firing && state.drill?.values[alert.fingerprint] == nil
            }
            if let firing {
                throw Problem(
                    .drillNotPossible, "The rule \(firing.rule) fires for an error that is no drill.",
                    remedy: "Look at it with csvctl incidents, and drill when it is quiet again.")
            }
            var mark = DrillMark(rules: rules)
            mark.values = state.drill?.values ?? [:]
            state.drill = mark
            return mark
        }
        try catalogue.setSetting(DrillMark.key, to: mark.stored)
    }

    private func endDrill() {
        let mark = state.withLock { state in
            state.drill?.isRunning = false
            return state.drill
        }
        // A mark that was not stored is one that a restart forgets: the alert is then told as a real one.
        try? catalogue.setSetting(DrillMark.key, to: mark?.stored)
    }

    /// Labels the alerts of a drill; called for each evaluation.
    func markDrill(_ alerts: [IncomingAlert], at now: Date) throws -> [IncomingAlert] {
        let (marked, changed) = state.withLock { state -> ([IncomingAlert], DrillMark??) in
            guard var mark = state.drill else { return (alerts, nil) }
            let marked = mark.take(alerts, at: now)
            let next = mark.isDone ? nil : mark
            guard next != state.drill else { return (marked, nil) }
            state.drill = next
            return (marked, .some(next))
        }
        if let changed { try catalogue.setSetting(DrillMark.key, to: changed?.stored) }
        return marked
    }

    /// By the text, since a drill needs a rule that is about this error and not one that merely counts it among others.
    private static func readsSimulatedErrors(_ rule: Rule) -> Bool {
        let text = rule.expression.text
        return rule.kind == .alert && text.contains("app_errors_total")
            && (text.contains("simulated") || !text.contains("type"))
    }
}

/// One drill as it goes on.
private struct DrillRun {
    let supervision: Supervision
    let hopSeconds: Double
    var reply: DrillReply
    private var last: Date

    init(supervision: Supervision, hopSeconds: Double) {
        self.supervision = supervision
        self.hopSeconds = hopSeconds
        last = Date()
        reply = DrillReply(startedAt: last)
        reply.receiver = supervision.outbox.hasReceiver ? OutboxSender.receiver : nil
    }

    /// Goes from hop to hop; stops at the first that is not reached, and leaves no incident open.
    mutating func play() {
        let start = Date()
        supervision.record(
            type: "simulated", code: ErrorCode.simulated.rawValue, text: "This error was asked for by a fire drill.")
        reach("error", start, "app_errors_total{type=\"simulated\"} went up")
        reply.passed = detect(since: start) && act()
        if let number = reply.incident, !reply.passed { _ = try? resolve(number) }
        reply.totalSeconds = Date().timeIntervalSince(start)
    }

    private mutating func detect(since start: Date) -> Bool {
        let state = supervision.state
        let sampled = wait { state.withLock { $0.lastSample.flatMap { $0 > start ? $0 : nil } } }
        guard reach("metric", sampled, "the rise is among the samples", or: "no sampling took place") else {
            return false
        }
        let fired = wait {
            state.withLock { state -> (Date, String)? in
                guard let mark = state.drill, let evaluated = state.lastEvaluation, evaluated > start else {
                    return nil
                }
                return state.evaluator.states.first { $0.phase == .firing && mark.values[$0.fingerprint] != nil }
                    .map { alert in
                        let firedAt = Date(milliseconds: alert.firedAt ?? alert.activeAt)
                        // One that fires since the drill before is seen by the evaluation.
                        return (firedAt >= start ? firedAt : evaluated, alert.rule)
                    }
            }
        }
        reply.rule = fired?.1
        guard reach("rule", fired?.0, "\(fired?.1 ?? "") fires", or: "no rule fired; see csvctl rules") else {
            return false
        }
        let opened = wait {
            state.withLock { state in
                state.pipeline.open.values.first { $0.record.labels[DrillMark.label] != nil && $0.lastFiredAt >= start }
                    .map { (max($0.record.openedAt, start), $0.number) }
            }
        }
        reply.incident = opened?.1
        return reach("incident", opened?.0, "incident \(opened?.1 ?? 0) is open", or: "no incident opened")
            && told("told", 1, "was told")
    }

    private mutating func act() -> Bool {
        guard let number = reply.incident else { return false }
        let comment = AcknowledgeRequest(by: DrillAccount.actor, comment: DrillAccount.cause)
        guard
            reach(
                "acknowledged", try? supervision.acknowledge(number, comment).acknowledgedAt,
                "as \(DrillAccount.actor)",
                or: "the acknowledgement was refused")
        else { return false }
        guard told("acknowledgement_told", 2, "was told of the acknowledgement") else { return false }
        guard reach("resolved", try? resolve(number), "as \(DrillAccount.actor)", or: "the resolution was refused")
        else {
            return false
        }
        return told("resolution_told", 3, "was told of the resolution")
    }

    private func resolve(_ number: Int) throws -> Date? {
        let request = ResolveRequest(
            by: DrillAccount.actor, cause: DrillAccount.cause, impact: DrillAccount.impact,
            actions: DrillAccount.actions, prevention: DrillAccount.prevention)
        return try supervision.resolve(number, request).resolvedAt
    }

    /// Waits until the receiver has taken so many messages of the incident.
    private mutating func told(_ name: String, _ count: Int, _ what: String) -> Bool {
        guard let number = reply.incident else { return false }
        guard reply.receiver != nil else {
            return reach(name, nil, "", or: "no receiver is set: see alerting.discord.webhook_url_file")
        }
        let catalogue = supervision.catalogue
        let taken = wait(every: 0.02) { () -> Date? in
            let entries = (try? catalogue.incident(number))?.timeline.filter {
                $0.kind == TimelineKind.notified.rawValue
            }
            return (entries?.count ?? 0) >= count ? entries?[count - 1].at : nil
        }
        return reach(name, taken, "\(OutboxSender.receiver) \(what)", or: reasonNotTold(number))
    }

    private func reasonNotTold(_ number: Int) -> String {
        guard let incident = try? supervision.catalogue.incident(number) else { return "the incident cannot be read" }
        if let error = incident.notifications?.last?.lastError { return error }
        let held = incident.timeline.last { $0.kind == TimelineKind.suppressed.rawValue }
        return held?.text ?? "the message was not taken in time"
    }

    @discardableResult
    private mutating func reach(_ name: String, _ at: Date?, _ text: String, or reason: String = "") -> Bool {
        guard let at else {
            reply.hops.append(DrillHop(name: name, at: nil, seconds: nil, text: reason))
            return false
        }
        reply.hops.append(DrillHop(name: name, at: at, seconds: max(0, at.timeIntervalSince(last)), text: text))
        last = max(last, at)
        return true
    }

    private func wait<Value>(every seconds: Double = 0.002, until look: () -> Value?) -> Value? {
        let deadline = ContinuousClock.now + .seconds(hopSeconds)
        repeat {
            if let value = look() { return value }
            Thread.sleep(forTimeInterval: seconds)
        } while ContinuousClock.now < deadline
        return nil
    }
}
