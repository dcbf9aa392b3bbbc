import Shared

/// A condition on a label of an alert, its pattern made ready.
///
/// The rule's name is the label `alertname`, and also `rule`; an absent label is the empty text, as in Prometheus. Patterns are
/// anchored at both ends and matched in time linear in the text.
package struct AlertMatcher: Sendable, Equatable {
    package let wire: SilenceMatcher
    /// Nil for `=` and `!=`.
    private let pattern: TextPattern?

    /// - Throws: `.badMatcher` for a name that is none and for a pattern that is not of RE2's syntax.
    package init(_ wire: SilenceMatcher) throws(IncidentError) {
        let bytes = wire.name.utf8
        let isName = bytes.first.map { !(48...57).contains($0) } ?? false
        guard isName, bytes.allSatisfy({ (48...57).contains($0) || (65...90).contains($0 & 0xDF) || $0 == 95 }) else {
            throw .badMatcher(name: wire.name, reason: "it is not a label name")
        }
        guard wire.value.utf8.count <= 1_024 else {
            throw .badMatcher(name: wire.name, reason: "its value is too long")
        }
        self.wire = wire
        switch wire.op {
        case .equal, .notEqual: pattern = nil
        case .matches, .matchesNot:
            do throws(TextPattern.Failure) {
                pattern = try TextPattern(wire.value)
            } catch {
                throw .badMatcher(name: wire.name, reason: error.reason)
            }
        }
    }

    private init(name: String, equal value: String) {
        wire = SilenceMatcher(name: name, op: .equal, value: value)
        pattern = nil
    }

    /// The matcher `name="value"`.
    package static func equal(_ name: String, _ value: String) -> AlertMatcher {
        AlertMatcher(name: name, equal: value)
    }

    /// Whether an alert of that rule with these labels meets it.
    package func accepts(rule: String, labels: [String: String]) -> Bool {
        accepts(labels[wire.name] ?? (wire.name == "alertname" || wire.name == "rule" ? rule : ""))
    }

    func accepts(_ text: String) -> Bool {
        switch wire.op {
        case .equal: text == wire.value
        case .notEqual: text != wire.value
        case .matches: pattern?.matches(whole: text) ?? false
        case .matchesNot: !(pattern?.matches(whole: text) ?? true)
        }
    }

    package static func == (left: AlertMatcher, right: AlertMatcher) -> Bool { left.wire == right.wire }
}

extension [AlertMatcher] {
    func accept(rule: String, labels: [String: String]) -> Bool {
        allSatisfy { $0.accepts(rule: rule, labels: labels) }
    }
}
