import Foundation

/// A test file of promtool with the rule files that it names.
package struct RulesTestRequest: Codable, Sendable, Hashable {
    /// As error messages name it.
    package var path: String
    package var text: String
    package var rules: [RuleText]

    package struct RuleText: Codable, Sendable, Hashable {
        package var path: String
        package var text: String
        package init(path: String, text: String) {
            self.path = path
            self.text = text
        }
    }

    package init(path: String, text: String, rules: [RuleText]) {
        self.path = path
        self.text = text
        self.rules = rules
    }
}

/// How a test file went: one text a failed expectation, with its line.
package struct RulesTestReply: Codable, Sendable, Hashable {
    package var passed: Int
    package var failures: [String]
    /// Rule files that the test file names and the request does not hold: send them too. Nothing was run then.
    package var missing: [String]
    package init(passed: Int, failures: [String], missing: [String] = []) {
        self.passed = passed
        self.failures = failures
        self.missing = missing
    }
}

/// When alerts would have fired over stored samples.
package struct RulesReplayReply: Codable, Sendable, Hashable {
    package var from: Date
    package var to: Date
    package var stepSeconds: Double
    package var items: [Firing]
    /// Rules that could not be evaluated at some time, with the first error of each.
    package var failures: [String]

    /// One alert from firing to its end.
    package struct Firing: Codable, Sendable, Hashable {
        package var group: String
        package var rule: String
        package var labels: [String: String]
        package var firedAt: Date
        /// Nil while it still fires.
        package var resolvedAt: Date?
        /// The value with which it fired.
        package var value: Double

        package init(
            group: String, rule: String, labels: [String: String], firedAt: Date, resolvedAt: Date?, value: Double
        ) {
            self.group = group
            self.rule = rule
            self.labels = labels
            self.firedAt = firedAt
            self.resolvedAt = resolvedAt
            self.value = value
        }
    }

    package init(from: Date, to: Date, stepSeconds: Double, items: [Firing], failures: [String]) {
        self.from = from
        self.to = to
        self.stepSeconds = stepSeconds
        self.items = items
        self.failures = failures
    }
}
