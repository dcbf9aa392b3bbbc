/// What the pipeline is set to.
package struct PipelineSettings: Sendable, Equatable {
    /// How long the first message of a rule waits for further incidents of the same rule.
    package var groupWaitSeconds: Double
    /// After how long an open incident that still fires and that nobody has acknowledged is told again.
    package var repeatIntervalSeconds: Double
    package var inhibitions: [InhibitionRule]
    /// Labels that do not belong to the dedup key.
    package var volatileLabels: Set<String>

    package init(
        groupWaitSeconds: Double = 0, repeatIntervalSeconds: Double = 14_400,
        inhibitions: [InhibitionRule] = [.criticalOverWarning], volatileLabels: Set<String> = DedupKey.volatileLabels
    ) {
        self.groupWaitSeconds = groupWaitSeconds
        self.repeatIntervalSeconds = repeatIntervalSeconds
        self.inhibitions = inhibitions
        self.volatileLabels = volatileLabels
    }
}

/// While an incident that fits the source fires, one that fits the target and has the same values of `equal` is not told.
package struct InhibitionRule: Sendable, Equatable {
    package var source: [AlertMatcher]
    package var target: [AlertMatcher]
    /// Label names; nil compares all labels but `severity` and `notify`, and the rule's name. A label absent on both sides is equal.
    package var equal: [String]?

    package init(source: [AlertMatcher], target: [AlertMatcher], equal: [String]?) {
        self.source = source
        self.target = target
        self.equal = equal
    }

    /// A critical incident holds back the warning of the same rule and labels.
    package static let criticalOverWarning = InhibitionRule(
        source: [.equal("severity", "critical")], target: [.equal("severity", "warning")], equal: nil)
}
