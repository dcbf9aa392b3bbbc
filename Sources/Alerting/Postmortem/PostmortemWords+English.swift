import Shared

extension Postmortem.Words {
    static let english = Postmortem.Words(
        title: { "Post-mortem of incident \($0): \($1)" },
        summaryHeading: "Summary", impactHeading: "Impact", causeHeading: "Cause", detectionHeading: "Detection",
        timelineHeading: "Timeline", evidenceHeading: "Evidence", actionsHeading: "Actions taken",
        preventionHeading: "Prevention", windowHeading: "Metric window", errorsHeading: "Last errors",
        openedSentence: { at, rule, severity, value in
            "On \(at), the rule \(rule) fired\(value.map { " with the value \($0)" } ?? "") and opened this incident as "
                + (severity == .critical ? "critical." : "a warning.")
        },
        acknowledgedSentence: { "It was acknowledged by \($0) after \($1)." },
        resolvedSentence: { "It was resolved by \($0) after \($1)." },
        quietSentence: { "The alert stopped firing after \($0)." },
        notAcknowledged: "Nobody acknowledged it.", notResolved: "It has not been resolved yet.",
        stillFiring: "The alert is still firing.",
        firingAtTheEnd: "The alert was still firing when the incident was resolved.",
        drillSentence: "This was a fire drill and counts towards none of MTTD, MTTA and MTTR.",
        drillTitle: { "\($0) (fire drill)" }, drillTexts: [:],
        noImpact: "No impact was recorded.", noCause: "No cause was recorded.", noActions: "No actions were recorded.",
        noPrevention: "No preventive measures were recorded.", noTimeline: "Nothing was recorded in the timeline.",
        noSeries: "No series were recorded.", noErrors: "No errors were recorded before the rule fired.",
        noJournal: "No journal records were available.",
        none: "none", notTold: "not reported", notKnown: "not known", neverAcknowledged: "never acknowledged",
        notYetAcknowledged: "not acknowledged yet", notYetResolved: "not resolved yet",
        noReload: "none since the start",
        what: "What", how: "Value", rule: "Rule", expression: "Expression", value: "Value when it fired",
        labels: "Labels", runbook: "Runbook", detectDelay: "Time to detect (MTTD)",
        acknowledgeDelay: "Time to acknowledge (MTTA)", resolveDelay: "Time to resolve (MTTR)",
        at: "Time", event: "Event", by: "By", detailHeading: "Detail",
        version: "Version of csvand", configHash: "Configuration (SHA-256)", lastReload: "Last reload",
        runningJobs: "Running jobs", journal: "Log",
        seriesColumns: ["Series", "Window (UTC)", "First", "Last", "Minimum", "Maximum"],
        errorColumns: ["Time", "Code", "Request", "Route", "Text"],
        journalHeading: "Journal records", journalColumns: ["Time", "Request", "Text"],
        events: [
            .opened: "opened", .repeated: "fired again", .risen: "value rose", .quiet: "alert quiet",
            .acknowledged: "acknowledged",
            .unacknowledged: "acknowledgement expired", .note: "note", .queued: "notification queued",
            .notified: "notification delivered", .notificationFailed: "notification failed",
            .suppressed: "notification held back",
            .resolved: "resolved",
        ],
        phrases: [], until: { "until \($0) \($1)" }, colon: ": ", noCauseGiven: "no cause given",
        span: { "\($0) to \($1)" },
        months: [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ],
        date: { "\($0) \($1) \($2) at \($3)" }, day: "d", unitSpace: " ", decimalSeparator: ".")
}
