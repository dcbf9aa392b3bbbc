import Foundation
import Shared

extension Postmortem {
    /// Everything in the document that is in a language.
    struct Words: Sendable {
        var title: @Sendable (_ number: Int, _ title: String) -> String
        var summaryHeading, impactHeading, causeHeading, detectionHeading, timelineHeading: String
        var evidenceHeading, actionsHeading, preventionHeading, windowHeading, errorsHeading: String

        var openedSentence: @Sendable (_ at: String, _ rule: String, _ severity: String, _ value: String?) -> String
        var acknowledgedSentence: @Sendable (_ by: String, _ after: String) -> String
        var resolvedSentence: @Sendable (_ by: String, _ after: String) -> String
        var notAcknowledged, notResolved: String
        var noImpact, noCause, noActions, noPrevention, noTimeline, noSeries, noErrors, none, notTold: String

        var what, how, rule, expression, value, labels, detectDelay, acknowledgeDelay, resolveDelay: String
        var at, event, by, detailHeading: String
        var version, configHash, lastReload, runningJobs, journal: String
        var seriesColumns, errorColumns: [String]
        var journalHeading: String
        var journalColumns: [String]
        var severities: [Severity: String]
        var events: [TimelineKind: String]
        /// What the daemon's own entries are to be read as, phrase by phrase and in this order; they are recorded in English.
        var phrases: [(recorded: String, read: String)]
        var span: @Sendable (_ from: String, _ to: String) -> String
        var day: String
        var decimalSeparator: String

        func severity(_ severity: Severity) -> String { severities[severity] ?? severity.rawValue }

        func event(_ kind: String) -> String { TimelineKind(rawValue: kind).flatMap { events[$0] } ?? kind }

        /// The text of an entry. What a person wrote is left as it is.
        func detail(_ entry: TimelineEntry) -> String {
            if entry.by != IncidentJournal.daemon {
                let phrases = phrases.filter { $0.recorded == "until " || $0.recorded == "no cause given" }
                guard let phrase = phrases.first(where: { entry.text.hasPrefix($0.recorded) }) else {
                    return entry.text
                }
                return phrase.read + entry.text.dropFirst(phrase.recorded.count)
            }
            // The stable name of a decision is for programs.
            var text = entry.text
            if let kind = TimelineKind(rawValue: entry.kind), kind == .queued || kind == .suppressed,
                let colon = text.firstRange(of: ": ")
            {
                text = String(text[colon.upperBound...])
            }
            return phrases.reduce(text) { $0.replacing($1.recorded, with: $1.read) }
        }

        func number(_ value: Double) -> String {
            IncidentJournal.shortNumber(value).replacing(".", with: decimalSeparator)
        }

        /// `0.4 s`, `45 s`, `2 min 5 s`, `1 h 3 min`, `3 d 4 h`.
        func duration(_ seconds: Double) -> String {
            guard seconds.isFinite, seconds >= 0, seconds < 1e11 else { return "–" }
            if seconds < 10 {
                let tenths = Int((seconds * 10).rounded())
                return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10)\(decimalSeparator)\(tenths % 10) s"
            }
            let whole = Int(seconds.rounded())
            let parts = [(whole / 86_400, day), (whole / 3_600 % 24, "h"), (whole / 60 % 60, "min"), (whole % 60, "s")]
            let first = parts.firstIndex { $0.0 > 0 } ?? 3
            return parts[first...].prefix(2).filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " ")
        }
    }
}
