import Shared

extension Postmortem.Words {
    static let english = Postmortem.Words(
        title: { "Post-mortem of incident \($0): \($1)" },
        summaryHeading: "Summary", impactHeading: "Impact", causeHeading: "Cause", detectionHeading: "Detection",
        timelineHeading: "Timeline", evidenceHeading: "Evidence", actionsHeading: "Actions taken",
        preventionHeading: "Prevention", windowHeading: "Metric window", errorsHeading: "Last errors",
        openedSentence: { at, rule, severity, value in
            "At \(at) the rule \(rule) fired\(value.map { " with the value \($0)" } ?? "") and opened this incident with the "
                + "severity \(severity)."
        },
        acknowledgedSentence: { "\($0) acknowledged it after \($1)." },
        resolvedSentence: { "\($0) resolved it after \($1)." },
        notAcknowledged: "Nobody acknowledged it.", notResolved: "It is not resolved yet.",
        noImpact: "No impact was recorded.", noCause: "No cause was recorded.", noActions: "No actions were recorded.",
        noPrevention: "No prevention was recorded.", noTimeline: "Nothing was recorded in the timeline.",
        noSeries: "No series was recorded.", noErrors: "No error was recorded before the rule fired.", none: "none",
        notTold: "not told",
        what: "What", how: "Value", rule: "Rule", expression: "Expression", value: "Value when it fired",
        labels: "Labels", detectDelay: "Time to detect (MTTD)", acknowledgeDelay: "Time to acknowledge (MTTA)",
        resolveDelay: "Time to resolve (MTTR)",
        at: "Time", event: "Event", by: "By", detailHeading: "Detail",
        version: "Version", configHash: "Configuration", lastReload: "Last reload", runningJobs: "Running jobs",
        journal: "Log",
        seriesColumns: ["Series", "Window (UTC)", "First", "Last", "Least", "Most"],
        errorColumns: ["Time", "Code", "Request", "Route", "Text"],
        journalHeading: "Records of the journal", journalColumns: ["Time", "Request", "Text"],
        severities: [.warning: "warning", .critical: "critical"],
        events: [
            .opened: "opened", .repeated: "fired again", .risen: "value risen", .quiet: "quiet",
            .acknowledged: "acknowledged",
            .unacknowledged: "acknowledgement ended", .note: "note", .queued: "message queued",
            .notified: "message delivered", .notificationFailed: "message not delivered", .suppressed: "not told",
            .resolved: "resolved",
        ],
        phrases: [],
        span: { "\($0) to \($1)" }, day: "d", decimalSeparator: ".")
}
