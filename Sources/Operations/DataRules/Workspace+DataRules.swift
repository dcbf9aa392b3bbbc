import Alerting
import Foundation
import Shared
import Storage
import Tabular

extension Workspace {
    /// The rules of a dataset and what they found in a version, the newest without a number.
    package func dataRules(of reference: String, version: Int?) throws -> DataRulesReply {
        let (dataset, version) = try catalogue.datasetVersion(reference, version: version)
        return DataRulesReply(
            dataset: dataset.name, version: version.version, rules: try catalogue.dataRules(of: dataset),
            results: try catalogue.dataRuleResults(of: version))
    }

    /// Puts rules in place of all earlier ones and holds them against the newest version. That opens no incident: what is wrong already
    /// is in the answer.
    ///
    /// - Throws: `rule.invalid`, `dataset.column_not_found`, and `sql.…` for a condition that cannot be asked; nothing is then changed.
    package func putDataRules(_ document: JSONValue, of reference: String) throws -> DataRulesReply {
        let rules = try DataRule.read(document)
        let table = try catalogue.table(reference)
        for rule in rules {
            if let column = rule.column { _ = try table.column(named: column) }
            if rule.kind == .condition { _ = try violations(of: rule.expression ?? "", in: table) }
        }
        let results = try check(rules, table)
        try catalogue.putDataRules(rules, of: table.dataset)
        try catalogue.putDataRuleResults(results, of: table.version)
        return DataRulesReply(
            dataset: table.dataset.name, version: table.version.version, rules: rules, results: results)
    }

    /// Holds the dataset's rules against a new version: what fails becomes an incident, what passes ends one.
    ///
    /// The version is stored already; a check that goes wrong is a failed rule, never a failed upload.
    func checkDataRules(_ dataset: DatasetRecord, _ version: VersionRecord) {
        do {
            let rules = try catalogue.dataRules(of: dataset)
            guard !rules.isEmpty else { return }
            let table = try catalogue.table(dataset.id, version: version.version)
            let results = try check(rules, table)
            try catalogue.putDataRuleResults(results, of: version)
            let now = Date()
            try supervision.take(
                zip(rules, results).map { alert($0, $1, dataset, version, at: now) }, at: now)
            for result in results {
                supervision.registry.increment(.dataRuleChecks, result.passed ? "passed" : "failed")
            }
        } catch {
            logger.error(
                "The data rules of \(dataset.name) could not be checked: \(ErrorTranslation.problem(for: error).detail)"
            )
        }
    }

    private func check(_ rules: [DataRule], _ table: StoredTable) throws -> [DataRuleResult] {
        let profile = try profile(of: table.dataset.id, version: table.version.version)
        let earlier = try catalogue.versions(of: table.dataset.id).filter { $0.version < table.version.version }
        let compared = Locked<ComparisonReply?>(nil)
        let check = DataRuleCheck(
            profile: profile, earlierRows: earlier.map(\.rows),
            comparison: {
                guard let before = earlier.first else { return nil }
                if let known = compared.current { return known }
                let reply = try self.compare(
                    table.dataset.id, version: table.version.version, with: String(before.version))
                compared.withLock { $0 = reply }
                return reply
            }, violations: { try self.violations(of: $0, in: table) })
        return rules.map(check.result)
    }

    /// Rows that make a condition false; a condition that is null is met, as in a CHECK of SQL.
    private func violations(of condition: String, in table: StoredTable) throws -> Int {
        let name = "\"" + "\(table.dataset.name)@\(table.version.version)".replacing("\"", with: "\"\"") + "\""
        let reply = try sandbox.run(
            "SELECT count(*) FROM \(name) WHERE NOT (\(condition)\n)",
            limits: SQLLimits(
                timeoutSeconds: settings.sql.timeoutSeconds, maxRows: 1, maxBytes: settings.sql.maxBytes))
        guard case .integer(let count)? = reply.rows.first?.first else { return 0 }
        return Int(count)
    }

    private func alert(
        _ rule: DataRule, _ result: DataRuleResult, _ dataset: DatasetRecord, _ version: VersionRecord, at now: Date
    ) -> IncomingAlert {
        IncomingAlert(
            rule: "DataRule",
            labels: [
                "dataset": dataset.name, "data_rule": rule.name, "kind": rule.kind.rawValue,
                "severity": (rule.severity ?? .warning).rawValue, "service": "csv_analyzer",
            ],
            annotations: [
                "summary": "\(dataset.name): \(rule.name)",
                "description":
                    "Version \(version.version) of \(dataset.name) has \(result.found); asked for was \(result.expected).",
                "runbook": "docs/runbook.md#datarule",
            ],
            value: result.value, startsAt: now, endsAt: result.passed ? now : nil, source: .data,
            findings: AlertFindings(
                facts: [Evidence.Fact("Found", "\(result.found)"), Evidence.Fact("Asked for", "\(result.expected)")]))
    }
}
