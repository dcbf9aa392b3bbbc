import Foundation
import Shared

extension Postmortem {
    /// Everything in the document that is in a language.
    struct Words: Sendable {
        var title: @Sendable (_ number: Int, _ title: String) -> String
        var summaryHeading, impactHeading, causeHeading, detectionHeading, timelineHeading: String
        var evidenceHeading, actionsHeading, preventionHeading, windowHeading, errorsHeading: String

        var openedSentence: @Sendable (_ at: String, _ rule: String, _ severity: Severity, _ value: String?) -> String
        var acknowledgedSentence: @Sendable (_ by: String, _ after: String) -> String
        var resolvedSentence: @Sendable (_ by: String, _ after: String) -> String
        var quietSentence: @Sendable (_ after: String) -> String
        var notAcknowledged, notResolved, stillFiring, firingAtTheEnd, drillSentence: String
        var drillTitle: @Sendable (_ title: String) -> String
        /// What `DrillAccount` writes, as it is to be read.
        var drillTexts: [String: String]
        var noImpact, noCause, noActions, noPrevention, noTimeline, noSeries, noErrors, noJournal: String
        var none, notTold, notKnown, neverAcknowledged, notYetAcknowledged, notYetResolved, noReload: String

        var what, how, rule, expression, value, labels, runbook: String
        var detectDelay, acknowledgeDelay, resolveDelay: String
        var at, event, by, detailHeading: String
        var version, configHash, lastReload, runningJobs, journal: String
        var seriesColumns, errorColumns: [String]
        var journalHeading: String
        var journalColumns: [String]
        var events: [TimelineKind: String]
        /// What the daemon's own entries are to be read as, phrase by phrase and in this order; they are recorded in English.
        var phrases: [(recorded: String, read: String)]
        var until: @Sendable (_ day: String, _ time: String) -> String
        var colon: String
        var noCauseGiven: String
        var span: @Sendable (_ from: String, _ to: String) -> String
        /// Of the year, January first.
        var months: [String]
        /// A day with the time of day.
        var date: @Sendable (_ day: Int, _ month: String, _ year: String, _ time: String) -> String
        var day: String
        /// Between a number and its unit.
        var unitSpace: String
        var decimalSeparator: String

        func event(_ kind: String) -> String { TimelineKind(rawValue: kind).flatMap { events[$0] } ?? kind }

        /// What a drill wrote.
        func drill(_ text: String) -> String { drillTexts[text] ?? text }

        /// A point in time within a sentence.
        func moment(_ time: Date) -> String {
            let text = IncidentJournal.timeText(time)
            guard let match = text.wholeMatch(of: /(\d{4})-(\d\d)-(\d\d) (.*)/), let month = Int(match.2),
                let day = Int(match.3), months.indices.contains(month - 1)
            else { return text }
            return date(day, months[month - 1], String(match.1), String(match.4))
        }

        /// The text of an entry. What a person wrote is left as it is.
        func detail(_ entry: TimelineEntry) -> String {
            let kind = TimelineKind(rawValue: entry.kind)
            if entry.by != IncidentJournal.daemon { return byPerson(entry.text, kind) }
            // The stable name of a decision is for programs.
            var text = entry.text
            if kind == .queued || kind == .suppressed, let colon = text.firstRange(of: ": ") {
                text = String(text[colon.upperBound...])
            }
            text = phrases.reduce(text) { $0.replacing($1.recorded, with: $1.read) }
            guard kind == .opened || kind == .repeated || kind == .risen, decimalSeparator != "." else { return text }
            return text.replacing(#/ (-?\d+)\.(\d+)/#) { " \($0.1)\(decimalSeparator)\($0.2)" }
        }

        /// The end of an acknowledgement and the absence of a cause are the journal's words, the rest is the person's.
        private func byPerson(_ text: String, _ kind: TimelineKind?) -> String {
            if kind == .resolved, text == "no cause given" { return noCauseGiven }
            guard kind == .acknowledged,
                let match = text.wholeMatch(
                    of: /until (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d UTC)(?:: (.*))?/.dotMatchesNewlines())
            else { return text }
            return until(String(match.1), String(match.2)) + (match.3.map { "\(colon)\($0)" } ?? "")
        }

        func number(_ value: Double) -> String {
            IncidentJournal.shortNumber(value).replacing(".", with: decimalSeparator)
        }

        /// `24 ms`, `0.4 s`, `45 s`, `2 min 5 s`, `1 h 3 min`, `3 d 4 h`.
        func duration(_ seconds: Double) -> String {
            guard seconds.isFinite, seconds >= 0, seconds < 1e11 else { return "–" }
            if seconds >= 0.000_5, seconds < 0.095 { return "\(Int((seconds * 1000).rounded()))\(unitSpace)ms" }
            if seconds < 10 {
                let tenths = Int((seconds * 10).rounded())
                return tenths % 10 == 0
                    ? "\(tenths / 10)\(unitSpace)s" : "\(tenths / 10)\(decimalSeparator)\(tenths % 10)\(unitSpace)s"
            }
            let whole = Int(seconds.rounded())
            let parts = [(whole / 86_400, day), (whole / 3_600 % 24, "h"), (whole / 60 % 60, "min"), (whole % 60, "s")]
            let first = parts.firstIndex { $0.0 > 0 } ?? 3
            return parts[first...].prefix(2).filter { $0.0 > 0 }.map { "\($0.0)\(unitSpace)\($0.1)" }.joined(
                separator: unitSpace)
        }
    }
}
