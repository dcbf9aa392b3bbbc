import Foundation
import Shared
import Telemetry

/// Where one alert stands: a rule and a set of labels that its expression returned.
package struct AlertState: Sendable, Codable, Equatable {
    package enum Phase: String, Sendable, Codable { case pending, firing }

    /// `group/name` of the rule.
    package var ruleKey: String
    package var rule: String
    /// With the rule's labels and `alertname`.
    package var labels: LabelSet
    package var annotations: [String: String]
    package var value: Double
    package var phase: Phase
    /// Milliseconds since 1970, as all times here: when the condition was first met.
    package var activeAt: Int64
    package var firedAt: Int64?
    /// When the condition stopped being met while `keep_firing_for` holds the alert.
    package var quietSince: Int64?

    /// Whether it differs from another in no more than what the next evaluation finds anew: value and annotations.
    package func hasSameStanding(as other: AlertState) -> Bool {
        phase == other.phase && activeAt == other.activeAt && firedAt == other.firedAt && quietSince == other.quietSince
            && ruleKey == other.ruleKey && labels == other.labels
    }

    /// Stable over restarts: FNV-1a over the labels and the rule.
    package var fingerprint: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for text in [ruleKey] + labels.labels.flatMap({ [$0.name, $0.value] }) {
            for byte in Array(text.utf8) + [0xff] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// What an evaluation did to an alert.
package enum AlertTransition: Sendable, Equatable {
    /// The condition holds, its `for` has not passed.
    case pending(AlertState)
    case fired(AlertState)
    /// It goes on firing, with its newest value and annotations.
    case firing(AlertState)
    /// It had fired and is over.
    case resolved(AlertState)
    /// The condition went away before it fired.
    case withdrawn(AlertState)

    package var state: AlertState {
        switch self {
        case .pending(let state), .fired(let state), .firing(let state), .resolved(let state), .withdrawn(let state):
            state
        }
    }
}

extension AlertState {
    /// What one evaluation of the rule found for these labels.
    package struct Finding: Sendable, Equatable {
        package var labels: LabelSet
        package var annotations: [String: String]
        package var value: Double

        package init(labels: LabelSet, annotations: [String: String], value: Double) {
            self.labels = labels
            self.annotations = annotations
            self.value = value
        }
    }

    /// The next state of an alert, and what to do about it. Pure: no clock, no store.
    ///
    /// Source: prometheus/rules/alerting.go of 2.42, `Eval`.
    ///
    /// - Parameters:
    ///   - previous: nil for an alert that was not active.
    ///   - finding: nil if the expression did not return these labels.
    static func next(
        _ previous: AlertState?, _ finding: Finding?, rule: Rule, at time: Int64
    ) -> (state: AlertState?, transition: AlertTransition?) {
        guard let finding else {
            guard let previous else { return (nil, nil) }
            return previous.without(rule, at: time)
        }
        var state =
            previous
            ?? AlertState(
                ruleKey: rule.key, rule: rule.name, labels: finding.labels, annotations: [:], value: 0, phase: .pending,
                activeAt: time)
        state.annotations = finding.annotations
        state.value = finding.value
        state.quietSince = nil
        if state.phase == .pending, time - state.activeAt >= rule.forMilliseconds {
            state.phase = .firing
            state.firedAt = time
            return (state, .fired(state))
        }
        return (state, state.phase == .firing ? .firing(state) : .pending(state))
    }

    /// Times that have not come yet after the clock was set back become now.
    mutating func follow(clockSetBackTo time: Int64) {
        activeAt = min(activeAt, time)
        firedAt = firedAt.map { min($0, time) }
        quietSince = quietSince.map { min($0, time) }
    }

    /// What waits goes on waiting for as long as it would have, after the clock was set forward.
    mutating func follow(clockSetForwardBy milliseconds: Int64) {
        if phase == .pending { activeAt += milliseconds }
        quietSince = quietSince.map { $0 + milliseconds }
    }

    private func without(_ rule: Rule, at time: Int64) -> (state: AlertState?, transition: AlertTransition?) {
        guard phase == .firing else { return (nil, .withdrawn(self)) }
        var state = self
        state.quietSince = quietSince ?? time
        if rule.keepFiringForMilliseconds > 0, time - (state.quietSince ?? time) < rule.keepFiringForMilliseconds {
            return (state, .firing(state))
        }
        return (nil, .resolved(self))
    }
}

extension AlertState {
    /// As JSON, for storage over a restart.
    package var document: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "+Inf", negativeInfinity: "-Inf", nan: "NaN")
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// Nil for a document of another format.
    package init?(document: String) {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "+Inf", negativeInfinity: "-Inf", nan: "NaN")
        guard let state = try? decoder.decode(AlertState.self, from: Data(document.utf8)) else { return nil }
        self = state
    }

    /// As REST and csvctl show it.
    package func reply(incident: Int? = nil) -> AlertReply {
        AlertReply(
            rule: rule, state: phase == .firing ? .firing : .pending, labels: labels.dictionary,
            annotations: annotations, activeAt: Date(timeIntervalSince1970: Double(activeAt) / 1_000), value: value,
            incident: incident)
    }
}
