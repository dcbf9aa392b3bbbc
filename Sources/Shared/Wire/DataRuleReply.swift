/// What the data of a dataset must meet, looked at in every new version.
package struct DataRule: Codable, Sendable, Hashable {
    /// Unique in its dataset; part of the key of its incidents.
    package var name: String
    package var kind: Kind
    package var column: String?
    /// Numbers, or dates and times as text.
    package var min: JSONValue?
    package var max: JSONValue?
    /// For `row_count`: how far from the median of earlier versions, as a share of it.
    package var within: Double?
    /// For `condition`: an SQL expression that no row may make false.
    package var expression: String?
    /// `warning` without it.
    package var severity: Severity?

    private enum CodingKeys: String, CodingKey {
        case name, kind, column, min, max, within, severity
        case expression = "where"
    }

    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// Share of empty cells, at most `max`.
        case nullShare = "null_share"
        /// Different values, from `min` to `max`.
        case distinct
        /// Every value from `min` to `max`.
        case range
        /// Rows from `min` to `max`, or within a share of the median of earlier versions.
        case rowCount = "row_count"
        /// Rows that make `expression` false: at most the share `max`, none without it.
        case condition
        /// The columns and types of the version before.
        case schema
        /// Stability index against the version before: at most `max`, 0.2 without it.
        case drift
    }

    package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

/// The rules of a dataset, as they are put.
package struct DataRules: Codable, Sendable, Hashable {
    package var rules: [DataRule]
}

/// What a rule found in a version.
package struct DataRuleResult: Codable, Sendable, Hashable {
    package var rule: String
    package var kind: DataRule.Kind
    package var passed: Bool
    /// What was measured, and what was asked for, as texts.
    package var found: String
    package var expected: String
    /// The measured number, when there is one.
    package var value: Double?

    package init(rule: String, kind: DataRule.Kind, passed: Bool, found: String, expected: String, value: Double?) {
        self.rule = rule
        self.kind = kind
        self.passed = passed
        self.found = found
        self.expected = expected
        self.value = value
    }
}

/// The rules of a dataset, with what they found in a version.
package struct DataRulesReply: Codable, Sendable, Hashable {
    package var dataset: String
    package var version: Int
    package var rules: [DataRule]
    /// One a rule, in their order; empty before the first check.
    package var results: [DataRuleResult]

    package init(dataset: String, version: Int, rules: [DataRule], results: [DataRuleResult]) {
        self.dataset = dataset
        self.version = version
        self.rules = rules
        self.results = results
    }
}
