import Alerting
import Foundation
import Shared

/// A rule file that was read and checked, with its text.
package struct RuleSource: Sendable {
    package let text: String
    package let file: RuleFile

    package var ruleCount: Int { file.rules.count }

    /// - Throws: `RuleError` with file, line and column, for a mistake or a name that nothing will ever match.
    init(text: String, path: String, job: String) throws(RuleError) {
        self.text = text
        file = try RuleFile.parse(text, path: path)
        if let fault = RuleCheck(jobs: [job]).faults(in: file).first { throw fault }
    }

    /// Reads the rule file of the settings; without the default file, the shipped rules are taken.
    ///
    /// - Throws: `RuleError`, or `settings.invalid` for a file that was named and cannot be read.
    package static func load(_ path: String, job: String = "web") throws -> RuleSource {
        guard let data = FileManager.default.contents(atPath: path) else {
            guard path == Settings.Alerting().rules else {
                throw Problem(
                    .settingsInvalid, "The rule file \(path) cannot be read.",
                    remedy:
                        "Set alerting.rules to an existing Prometheus rule file, or leave it out for the shipped rules.",
                    places: [.init(column: "alerting.rules")])
            }
            return try RuleSource(text: ShippedRules.text, path: "the shipped rules", job: job)
        }
        return try RuleSource(text: String(decoding: data, as: UTF8.self), path: path, job: job)
    }
}
