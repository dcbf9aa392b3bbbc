import Foundation

/// One condition on the labels of an alert.
package struct SilenceMatcher: Codable, Sendable, Hashable {
    package enum Comparison: String, Codable, Sendable, CaseIterable {
        case equal = "="
        case notEqual = "!="
        case matches = "=~"
        case matchesNot = "!~"
    }

    package var name: String
    package var op: Comparison
    package var value: String

    package init(name: String, op: Comparison, value: String) {
        self.name = name
        self.op = op
        self.value = value
    }
}

/// The body of `POST /api/v1/silences`: alerts that meet all matchers are not told for a time.
package struct SilenceRequest: Codable, Sendable, Hashable {
    package var matchers: [SilenceMatcher]
    /// Absent for now.
    package var startsAt: Date?
    package var durationSeconds: Double
    package var by: String?
    package var comment: String?

    package init(
        matchers: [SilenceMatcher], startsAt: Date? = nil, durationSeconds: Double, by: String? = nil,
        comment: String? = nil
    ) {
        self.matchers = matchers
        self.startsAt = startsAt
        self.durationSeconds = durationSeconds
        self.by = by
        self.comment = comment
    }
}

package enum SilenceState: String, Codable, Sendable, CaseIterable, Hashable {
    case pending, active, expired
}

package struct SilenceReply: Codable, Sendable, Hashable {
    package var id: String
    package var state: SilenceState
    package var matchers: [SilenceMatcher]
    package var startsAt: Date
    package var endsAt: Date
    package var by: String
    package var comment: String

    package init(
        id: String, state: SilenceState, matchers: [SilenceMatcher], startsAt: Date, endsAt: Date, by: String,
        comment: String
    ) {
        self.id = id
        self.state = state
        self.matchers = matchers
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.by = by
        self.comment = comment
    }
}

/// The answer to `POST /api/v1/rules/check` for a rule file that would be loaded.
package struct RulesCheckReply: Codable, Sendable, Hashable {
    package var groups: Int
    package var rules: Int
    package init(groups: Int, rules: Int) {
        self.groups = groups
        self.rules = rules
    }
}
