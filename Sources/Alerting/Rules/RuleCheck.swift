import Shared
import Telemetry

/// Compares what rules read with what the daemon has.
package struct RuleCheck: Sendable {
    private let jobs: [String]

    /// - Parameter jobs: those that a `job` label may name.
    package init(jobs: [String] = ["web"]) { self.jobs = jobs }

    /// Every name in a file that nothing will ever match, in the order of the file.
    package func faults(in file: RuleFile) -> [RuleError] {
        let recorded = Set(file.rules.filter { $0.kind == .record }.map(\.name))
        return file.rules.flatMap { rule in
            faults(in: rule.expression, recorded: recorded).map(rule.placing)
        }
    }

    /// The same for one expression; places are within its text.
    package func faults(in expression: PromQLExpression, recorded: Set<String> = []) -> [RuleError] {
        var faults: [RuleError] = []
        expression.forEachSelector { selector in
            faults += self.faults(in: selector, recorded).map { expression.error($0.fault, at: $0.offset) }
        }
        return faults
    }

    private typealias Found = (fault: RuleError.Fault, offset: Int)

    private func faults(in selector: PromQLSelector, _ recorded: Set<String>) -> [Found] {
        guard let name = selector.name else { return [] }
        if recorded.contains(name) { return [] }
        if MetricCatalogue.scrapeNames.contains(name) {
            return selector.matchers.compactMap { check($0, metric: name, labels: []) }
        }
        guard let descriptor = MetricCatalogue.bySampleName[name] else {
            let known =
                Array(MetricCatalogue.bySampleName.keys).sorted() + MetricCatalogue.scrapeNames + recorded.sorted()
            return [(.unknownMetric(name, nearest: Spelling.nearest(to: name, among: known)), selector.offset)]
        }
        var labels = descriptor.labels
        if name.hasSuffix("_bucket") {
            labels.append(.fixed("le", (descriptor.buckets + [.infinity]).map(MetricNumber.text)))
        }
        return selector.matchers.compactMap { check($0, metric: name, labels: labels) }
    }

    private func check(_ matcher: LabelMatcher, metric: String, labels: [LabelDescriptor]) -> Found? {
        if matcher.name == "job" {
            guard !jobs.contains(where: { meets($0, matcher) }) else { return nil }
            return (
                .unknownJob(matcher.value, nearest: Spelling.nearest(to: matcher.value, among: jobs)), matcher.offset
            )
        }
        if matcher.name == "instance" || matcher.name == LabelSet.metricName { return nil }
        guard let label = labels.first(where: { $0.name == matcher.name }) else {
            let known = labels.map(\.name) + ["job", "instance"]
            return (
                .unknownLabel(matcher.name, metric: metric, nearest: Spelling.nearest(to: matcher.name, among: known)),
                matcher.offset
            )
        }
        guard case .fixed(let values) = label.values, !matcher.value.isEmpty,
            !values.contains(where: { meets($0, matcher) })
        else { return nil }
        return (
            .unknownLabelValue(
                matcher.value, label: label.name, metric: metric,
                nearest: Spelling.nearest(to: matcher.value, among: values)),
            matcher.offset
        )
    }

    /// Whether a matcher speaks of a value: what it excludes must exist as well.
    private func meets(_ value: String, _ matcher: LabelMatcher) -> Bool {
        switch matcher.condition {
        case .equal, .matches: matcher.accepts(value)
        case .notEqual, .matchesNot: !matcher.accepts(value)
        }
    }
}
