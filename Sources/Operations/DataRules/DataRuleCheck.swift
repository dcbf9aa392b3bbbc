import Foundation
import Shared

/// Holds rules against a version's profile and what came before it. Pure: what has to be asked is handed in.
struct DataRuleCheck {
    let profile: ProfileReply
    /// Rows of earlier versions, newest first.
    let earlierRows: [Int]
    /// Against the version before; nil for a first version.
    let comparison: () throws -> ComparisonReply?
    /// Rows that make an expression false.
    let violations: (String) throws -> Int

    /// Earlier versions that a row count is held against.
    static let remembered = 10
    static let driftLimit = 0.2

    func result(_ rule: DataRule) -> DataRuleResult {
        do {
            return try measured(rule)
        } catch {
            // A rule that cannot be checked has not passed.
            let text = ErrorTranslation.problem(for: error).detail
            return DataRuleResult(
                rule: rule.name, kind: rule.kind, passed: false, found: "could not be checked: \(text)",
                expected: expectation(rule), value: nil)
        }
    }

    private func measured(_ rule: DataRule) throws -> DataRuleResult {
        func result(_ passed: Bool, _ found: String, _ value: Double? = nil) -> DataRuleResult {
            DataRuleResult(
                rule: rule.name, kind: rule.kind, passed: passed, found: found, expected: expectation(rule),
                value: value)
        }
        switch rule.kind {
        case .nullShare:
            guard let column = column(rule) else { return result(false, Self.gone(rule)) }
            let share = Double(column.nulls) / Double(max(1, column.nulls + column.count))
            return result(share <= rule.number(rule.max) ?? 0, "\(Self.percent(share)) empty", share)
        case .distinct:
            guard let column = column(rule) else { return result(false, Self.gone(rule)) }
            let distinct = Double(column.distinct)
            let about = column.exact ? "" : "about "
            return result(isBetween(distinct, rule), "\(about)\(column.distinct) different values", distinct)
        case .range:
            guard let column = column(rule) else { return result(false, Self.gone(rule)) }
            guard let least = column.min, let greatest = column.max else { return result(true, "no values") }
            let isAbove = rule.min.map { order(least, $0, rule).map { $0 >= 0 } ?? false } ?? true
            let isBelow = rule.max.map { order(greatest, $0, rule).map { $0 <= 0 } ?? false } ?? true
            return result(isAbove && isBelow, "\(least) … \(greatest)")
        case .rowCount: return rowCount(rule, result)
        case .condition:
            let count = try violations(rule.expression ?? "")
            let share = Double(count) / Double(max(1, profile.rows))
            return result(
                share <= rule.number(rule.max) ?? 0, "\(count) rows (\(Self.percent(share))) do not meet it", share)
        case .schema:
            guard let comparison = try comparison() else { return result(true, "first version") }
            let changes = comparison.columns.filter { $0.change != .same }.map {
                "\($0.name.quotedForMessage) \($0.change.rawValue)"
            }
            return result(changes.isEmpty, changes.isEmpty ? "same columns" : changes.joined(separator: ", "))
        case .drift: return try drift(rule, result)
        }
    }

    private func rowCount(_ rule: DataRule, _ result: (Bool, String, Double?) -> DataRuleResult) -> DataRuleResult {
        let rows = Double(profile.rows)
        guard isBetween(rows, rule) else { return result(false, "\(profile.rows) rows", rows) }
        guard let within = rule.within, !earlierRows.isEmpty else { return result(true, "\(profile.rows) rows", rows) }
        let sorted = earlierRows.prefix(Self.remembered).sorted()
        let median = Double(sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        let text = "\(profile.rows) rows, median of \(sorted.count) earlier versions \(Self.plain(median))"
        return result(abs(rows - median) <= within * median, text, rows)
    }

    private func drift(_ rule: DataRule, _ result: (Bool, String, Double?) -> DataRuleResult) throws -> DataRuleResult {
        guard let comparison = try comparison() else { return result(true, "first version", nil) }
        if rule.column != nil, column(rule) == nil { return result(false, Self.gone(rule), nil) }
        let compared = comparison.columns.filter { rule.column == nil || $0.name == rule.column }
        guard let most = compared.max(by: { ($0.psi ?? 0) < ($1.psi ?? 0) }), let psi = most.psi else {
            return result(true, "nothing to compare", nil)
        }
        let text = "PSI \(String(format: "%.3f", psi)) of \(most.name.quotedForMessage)"
        return result(psi <= rule.number(rule.max) ?? Self.driftLimit, text, psi)
    }

    /// What a rule asks for, in words.
    func expectation(_ rule: DataRule) -> String {
        let column = rule.column.map { $0.quotedForMessage } ?? "every column"
        let bounds = [("from", rule.min), ("to", rule.max)].compactMap { word, bound in
            bound.map { "\(word) \(rule.number($0).map(Self.plain) ?? $0.plainText)" }
        }.joined(separator: " ")
        switch rule.kind {
        case .nullShare: return "\(column): at most \(Self.percent(rule.number(rule.max) ?? 0)) empty"
        case .distinct: return "\(column): \(bounds) different values"
        case .range: return "\(column): values \(bounds)"
        case .rowCount:
            let band = rule.within.map { "within \(Self.percent($0)) of the median of earlier versions" }
            return [bounds.isEmpty ? nil : "\(bounds) rows", band].compactMap(\.self).joined(separator: ", ")
        case .condition: return rule.expression ?? ""
        case .schema: return "the columns and types of the version before"
        case .drift: return "\(column): PSI at most \(Self.plain(rule.number(rule.max) ?? Self.driftLimit))"
        }
    }

    private func column(_ rule: DataRule) -> ColumnProfileReply? { profile.columns.first { $0.name == rule.column } }

    private func isBetween(_ value: Double, _ rule: DataRule) -> Bool {
        value >= rule.number(rule.min) ?? -.infinity && value <= rule.number(rule.max) ?? .infinity
    }

    /// Where a value stands to a bound: numbers by value, dates and times as their canonical texts, which are in the order of time.
    /// Nil when the two cannot be compared.
    private func order(_ value: String, _ bound: JSONValue, _ rule: DataRule) -> Int? {
        if let limit = rule.number(bound) { return Double(value).map { $0 < limit ? -1 : $0 > limit ? 1 : 0 } }
        let limit = bound.plainText
        return value < limit ? -1 : value > limit ? 1 : 0
    }

    private static func gone(_ rule: DataRule) -> String {
        "there is no column \((rule.column ?? "").quotedForMessage)"
    }
    private static func percent(_ share: Double) -> String { plain((share * 10_000).rounded() / 100) + " %" }
    private static func plain(_ value: Double) -> String { String(format: "%.10g", value) }
}
