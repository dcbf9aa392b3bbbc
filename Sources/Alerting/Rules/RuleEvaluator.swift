import Foundation
import Shared
import Telemetry

/// What one evaluation of all rules brought.
package struct RuleEvaluation: Sendable {
    /// What happened to alerts, in the order of the rules.
    package var transitions: [AlertTransition] = []
    /// Rules that could not be evaluated; their alerts stay as they were.
    package var failures: [(rule: Rule, error: RuleError)] = []
    /// The vector that each evaluated rule returned, by `Rule.key`.
    package var vectors: [String: [VectorSample]] = [:]
}

/// Evaluates the rules of a file over samples and keeps the state of their alerts. A value: keep it where the samples are.
package struct RuleEvaluator: Sendable {
    private struct Entry: Sendable {
        let rule: Rule
        var query: PromQLQuery
        var active: [LabelSet: AlertState] = [:]
        /// Series that a recording rule wrote last time.
        var recorded: Set<LabelSet> = []
        var value: Double?
        var lastEvaluation: Int64?
    }

    package let file: RuleFile
    private var groups: [[Entry]]

    /// - Parameter states: those of an earlier process or of the file's earlier content; of rules that are gone they are
    ///   left out.
    package init(_ file: RuleFile, states: [AlertState] = []) {
        self.file = file
        groups = file.groups.map { group in
            group.rules.map { rule in
                var entry = Entry(rule: rule, query: PromQLQuery(rule.expression))
                for state in states where state.ruleKey == rule.key { entry.active[state.labels] = state }
                return entry
            }
        }
    }

    /// From `AlertState.document`s.
    package init(_ file: RuleFile, states documents: [String]) {
        self.init(file, states: documents.compactMap { AlertState(document: $0) })
    }

    /// The alerts that are pending or firing.
    package var states: [AlertState] {
        groups.joined().flatMap { $0.active.values.sorted { $0.fingerprint < $1.fingerprint } }
    }

    /// To be called when the clock was set forward: no `for` and no `keep_firing_for` is over because of that.
    ///
    /// - Parameter milliseconds: how much the clock ran ahead of a steady one.
    package mutating func follow(clockSetForwardBy milliseconds: Int64) {
        for group in groups.indices {
            for entry in groups[group].indices {
                for labels in groups[group][entry].active.keys {
                    groups[group][entry].active[labels]?.follow(clockSetForwardBy: milliseconds)
                }
            }
        }
    }

    /// Evaluates every group that is due at a time, milliseconds since 1970, rule after rule; recording rules write into
    /// the store, so that later rules see what they wrote. An earlier time than the last one means that the clock was set
    /// back: no alert has then been active for longer than since now.
    ///
    /// - Parameter recordsResults: false over samples of the past, which hold what recording rules wrote.
    package mutating func evaluate(
        _ store: inout SampleStore, at time: Int64, limits: PromQLLimits = PromQLLimits(), recordsResults: Bool = true
    ) -> RuleEvaluation {
        var evaluation = RuleEvaluation()
        for (position, group) in file.groups.enumerated() {
            let last = groups[position].first?.lastEvaluation
            if let last, let interval = group.intervalMilliseconds, time >= last, time - last < interval { continue }
            for index in groups[position].indices {
                if !recordsResults, groups[position][index].rule.kind == .record { continue }
                Self.evaluate(&groups[position][index], &store, at: time, limits, group.limit, into: &evaluation)
            }
        }
        return evaluation
    }

    private static func evaluate(
        _ entry: inout Entry, _ store: inout SampleStore, at time: Int64, _ limits: PromQLLimits, _ limit: Int,
        into evaluation: inout RuleEvaluation
    ) {
        if let last = entry.lastEvaluation, time < last {
            for labels in entry.active.keys { entry.active[labels]?.follow(clockSetBackTo: time) }
        }
        entry.lastEvaluation = time
        do throws(RuleError) {
            let samples = try entry.query.evaluate(store, at: time, limits: limits).samples
            if limit > 0, samples.count > limit {
                // As in Prometheus, a rule over its limit has no alerts and records nothing.
                evaluation.transitions += entry.active.values.map {
                    $0.phase == .firing ? .resolved($0) : .withdrawn($0)
                }
                entry.active = [:]
                throw RuleError(.overLimit(limit: limit, found: samples.count))
            }
            switch entry.rule.kind {
            case .alert: evaluation.transitions += try advance(&entry, samples, at: time)
            case .record: try record(&entry, samples, &store, at: time)
            }
            evaluation.vectors[entry.rule.key] = samples
            entry.value = samples.first?.value
        } catch {
            var placed = error
            placed.file = entry.rule.expressionPlace.file
            placed.line = entry.rule.expressionPlace.line
            placed.column = entry.rule.expressionPlace.column
            evaluation.failures.append((entry.rule, placed))
        }
    }

    private static func advance(
        _ entry: inout Entry, _ samples: [VectorSample], at time: Int64
    ) throws(RuleError) -> [AlertTransition] {
        let findings = try findings(entry.rule, samples)
        var transitions: [AlertTransition] = []
        var active: [LabelSet: AlertState] = [:]
        let gone = entry.active.keys.filter { findings[$0] == nil }
        for labels in Array(findings.keys) + gone {
            let (state, transition) = AlertState.next(
                entry.active[labels], findings[labels], rule: entry.rule, at: time)
            active[labels] = state
            if let transition { transitions.append(transition) }
        }
        entry.active = active
        return transitions.sorted { $0.state.fingerprint < $1.state.fingerprint }
    }

    /// Names and fills in what the expression returned.
    private static func findings(
        _ rule: Rule, _ samples: [VectorSample]
    ) throws(RuleError) -> [LabelSet: AlertState.Finding] {
        var findings: [LabelSet: AlertState.Finding] = [:]
        for sample in samples {
            let own = rule.labels.map { Label($0.name, $0.template.filled(value: sample.value, labels: sample.labels)) }
            let labels = sample.labels.withoutName.setting(own + [Label("alertname", rule.name)])
            let annotations = Dictionary(
                rule.annotations.map { ($0.name, $0.template.filled(value: sample.value, labels: sample.labels)) },
                uniquingKeysWith: { $1 })
            let finding = AlertState.Finding(labels: labels, annotations: annotations, value: sample.value)
            if findings.updateValue(finding, forKey: labels) != nil {
                throw RuleError(.duplicateSeries(labels.description))
            }
        }
        return findings
    }

    private static func record(
        _ entry: inout Entry, _ samples: [VectorSample], _ store: inout SampleStore, at time: Int64
    ) throws(RuleError) {
        let own = entry.rule.labels.map { Label($0.name, $0.template.source) }
        var written: Set<LabelSet> = []
        for sample in samples {
            let labels = sample.labels.setting([Label(LabelSet.metricName, entry.rule.name)] + own)
            guard written.insert(labels).inserted else { throw RuleError(.duplicateSeries(labels.description)) }
            store.append(sample.value, to: labels, at: time)
        }
        for labels in entry.recorded.subtracting(written) { store.append(Staleness.marker, to: labels, at: time) }
        entry.recorded = written
    }

    /// The rules as REST and csvctl show them.
    package var replies: [RuleReply] {
        groups.joined().map { entry in
            let isFiring = entry.active.values.contains { $0.phase == .firing }
            return RuleReply(
                group: entry.rule.group, name: entry.rule.name, expression: entry.rule.expression.text,
                forSeconds: Double(entry.rule.forMilliseconds) / 1_000,
                labels: Dictionary(entry.rule.labels.map { ($0.name, $0.template.source) }, uniquingKeysWith: { $1 }),
                annotations: Dictionary(
                    entry.rule.annotations.map { ($0.name, $0.template.source) }, uniquingKeysWith: { $1 }),
                state: isFiring ? .firing : entry.active.isEmpty ? .inactive : .pending, value: entry.value,
                lastEvaluation: entry.lastEvaluation.map { Date(timeIntervalSince1970: Double($0) / 1_000) })
        }
    }

    /// The series that a rule reads, with their samples before a time: evidence for an incident.
    package func evidence(
        forRule key: String, _ store: borrowing SampleStore, at time: Int64
    ) -> [(labels: LabelSet, points: [SamplePoint])] {
        groups.joined().first { $0.rule.key == key }?.query.evidence(store, at: time) ?? []
    }
}
