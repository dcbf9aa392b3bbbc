import Foundation
import Shared

/// The account of an incident as a Markdown document.
///
/// Everything in it was recorded while the incident ran or was said when it was resolved; what is absent is a sentence that says so.
/// Text by people (cause, impact, actions, prevention) is Markdown of theirs and stands as it is; all else is escaped.
package struct Postmortem: Sendable {
    package enum Language: String, Sendable, CaseIterable {
        case english = "en"
        case french = "fr"

        var words: Words { self == .english ? .english : .french }
    }

    private let incident: IncidentReply
    private let delays: IncidentDelays
    private let words: Words

    package init(_ incident: IncidentReply, language: Language = .english) {
        self.incident = incident
        delays = IncidentDelays(incident)
        words = language.words
    }

    /// The whole document, ending with a line break.
    package var markdown: String {
        let parts = [
            "# " + words.title(incident.number, MarkdownText.escaped(title)),
            section(words.summaryHeading, summary),
            section(words.impactHeading, told(incident.impact, or: words.noImpact)),
            section(words.causeHeading, told(incident.cause, or: words.noCause)),
            section(words.detectionHeading, detection),
            section(words.timelineHeading, timeline),
            section(words.evidenceHeading, evidence),
            section(words.actionsHeading, told(incident.actions, or: words.noActions, asList: true)),
            section(words.preventionHeading, told(incident.prevention, or: words.noPrevention, asList: true)),
        ]
        return parts.joined(separator: "\n\n") + "\n"
    }

    private func section(_ heading: String, _ text: String) -> String { "## \(heading)\n\n\(text)" }

    private var summary: String {
        var sentences = [
            words.openedSentence(
                words.moment(incident.openedAt), MarkdownText.code(incident.rule, inTable: false), incident.severity,
                incident.evidence.value.map(number))
        ]
        if isDrill { sentences.append(words.drillSentence) }
        if let seconds = delays.acknowledgeSeconds, let entry = first(.acknowledged) {
            sentences.append(words.acknowledgedSentence(MarkdownText.escaped(entry.by), words.duration(seconds)))
        } else {
            sentences.append(words.notAcknowledged)
        }
        if let seconds = delays.resolveSeconds {
            let by = first(.resolved)?.by ?? IncidentJournal.daemon
            sentences.append(words.resolvedSentence(MarkdownText.escaped(by), words.duration(seconds)))
        } else {
            sentences.append(words.notResolved)
        }
        sentences.append(alertSentence)
        return sentences.joined(separator: " ")
    }

    /// Whether the trouble itself was over, whatever people had done by then.
    private var alertSentence: String {
        let entries = incident.timeline.filter { $0.kind == TimelineKind.quiet.rawValue || isFiring($0) }
        guard let last = entries.max(by: { $0.at < $1.at }), !isFiring(last) else {
            return incident.resolvedAt == nil ? words.stillFiring : words.firingAtTheEnd
        }
        return words.quietSentence(words.duration(max(0, last.at.timeIntervalSince(incident.openedAt))))
    }

    private func isFiring(_ entry: TimelineEntry) -> Bool {
        entry.kind == TimelineKind.opened.rawValue || entry.kind == TimelineKind.repeated.rawValue
    }

    private var detection: String {
        let labels = incident.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }.joined(
            separator: ", ")
        let expression = incident.evidence.expression
        let isResolved = incident.resolvedAt != nil
        var rows = [
            (words.rule, MarkdownText.code(incident.rule)),
            (words.expression, expression.isEmpty ? words.notTold : MarkdownText.code(expression)),
            (words.value, incident.evidence.value.map(number) ?? words.notTold),
            (words.labels, labels.isEmpty ? words.none : MarkdownText.code(labels)),
        ]
        if let runbook = incident.annotations?["runbook"] ?? incident.annotations?["runbook_url"], !runbook.isEmpty {
            rows.append((words.runbook, MarkdownText.code(runbook)))
        }
        rows += [
            (words.detectDelay, delays.detectSeconds.map(words.duration) ?? words.notKnown),
            (
                words.acknowledgeDelay,
                delays.acknowledgeSeconds.map(words.duration)
                    ?? (isResolved ? words.neverAcknowledged : words.notYetAcknowledged)
            ),
            (words.resolveDelay, delays.resolveSeconds.map(words.duration) ?? words.notYetResolved),
        ]
        let table = MarkdownText.table([words.what, words.how], rows.map { [$0, $1] })
        let about = incident.annotations?["description"].map { MarkdownText.escaped($0) } ?? ""
        return about.isEmpty ? table : about + "\n\n" + table
    }

    private var timeline: String {
        guard !incident.timeline.isEmpty else { return words.noTimeline }
        let rows = incident.timeline.sorted { $0.at < $1.at }.map { entry in
            let detail = MarkdownText.escaped(isDrill ? words.drill(words.detail(entry)) : words.detail(entry))
            return [
                time(entry.at), words.event(entry.kind), MarkdownText.escaped(entry.by), detail.isEmpty ? "–" : detail,
            ]
        }
        return MarkdownText.table([words.at, words.event, words.by, words.detailHeading], rows)
    }

    private func told(_ text: String?, or absent: String, asList: Bool = false) -> String {
        guard let text = text?.trimmingCharacters(in: .whitespacesAndNewlines), !text.isEmpty else { return absent }
        if isDrill { return words.drill(text) }
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        let isPlain = lines.allSatisfy { !$0.hasPrefix("-") && !$0.hasPrefix("*") && !($0.first?.isNumber ?? false) }
        return asList && lines.count > 1 && isPlain ? lines.map { "- " + $0 }.joined(separator: "\n") : text
    }

    private func first(_ kind: TimelineKind) -> TimelineEntry? { incident.timeline.first { $0.kind == kind.rawValue } }

    private var isDrill: Bool { incident.labels[DrillAccount.label] == "true" }

    private var title: String {
        guard isDrill, incident.title.hasPrefix(DrillAccount.titlePrefix) else { return incident.title }
        return words.drillTitle(String(incident.title.dropFirst(DrillAccount.titlePrefix.count)))
    }
}

extension Postmortem {
    private var evidence: String {
        let evidence = incident.evidence
        var facts = [
            (words.version, MarkdownText.code(evidence.version)),
            (words.configHash, MarkdownText.code(evidence.configHash)),
        ]
        facts.append((words.lastReload, evidence.lastReloadAt.map(time) ?? words.noReload))
        let jobs = evidence.runningJobs.map { MarkdownText.code($0) }.joined(separator: ", ")
        facts.append((words.runningJobs, jobs.isEmpty ? words.none : jobs))
        if let from = evidence.journalFrom {
            facts.append((words.journal, MarkdownText.code("journalctl -u csvand --cursor='\(from)'")))
        }
        facts += (evidence.facts ?? []).map { (MarkdownText.escaped($0.name), MarkdownText.escaped($0.text)) }
        var parts = [
            MarkdownText.table([words.what, words.how], facts.map { [$0, $1] }),
            "### \(words.windowHeading)", seriesTable, "### \(words.errorsHeading)", errorTable,
        ]
        parts += ["### \(words.journalHeading)", journalTable(evidence.journal ?? [])]
        return parts.joined(separator: "\n\n")
    }

    private func journalTable(_ lines: [Evidence.JournalLine]) -> String {
        guard !lines.isEmpty else { return words.noJournal }
        let rows = lines.map { line in
            [time(line.at), line.requestId.map { MarkdownText.code($0) } ?? "–", MarkdownText.escaped(line.text)]
        }
        return MarkdownText.table(words.journalColumns, rows)
    }

    private var seriesTable: String {
        let rows = incident.evidence.series.compactMap { series -> [String]? in
            let samples = series.samples.filter { $0.count >= 2 }
            guard let first = samples.first, let last = samples.last else { return nil }
            let values = samples.map { $0[1] }
            let labels = series.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }
            let name = labels.isEmpty ? series.metric : "\(series.metric){\(labels.joined(separator: ","))}"
            return [
                MarkdownText.code(name), words.span(clock(first[0]), clock(last[0])), number(first[1]), number(last[1]),
                number(values.min() ?? first[1]), number(values.max() ?? first[1]),
            ]
        }
        guard !rows.isEmpty else { return words.noSeries }
        return MarkdownText.table(words.seriesColumns, rows)
    }

    private var errorTable: String {
        guard !incident.evidence.errors.isEmpty else { return words.noErrors }
        let rows = incident.evidence.errors.prefix(20).map { error in
            [
                time(error.at), MarkdownText.code(error.code), error.requestId.map { MarkdownText.code($0) } ?? "–",
                error.route.map { MarkdownText.code($0) } ?? "–", MarkdownText.escaped(error.text),
            ]
        }
        return MarkdownText.table(words.errorColumns, rows)
    }

    private func number(_ value: Double) -> String { words.number(value) }

    private func time(_ date: Date) -> String { IncidentJournal.timeText(date) }

    /// The time of day of a sample.
    private func clock(_ unixSeconds: Double) -> String {
        guard unixSeconds.isFinite, abs(unixSeconds) < 1e11 else { return "–" }
        return String(WireTime.text(Date(timeIntervalSince1970: unixSeconds)).dropFirst(11).prefix(8))
    }
}
