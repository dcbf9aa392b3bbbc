import Foundation
import Shared

/// Incidents as people read them.
enum IncidentText {
    static func list(_ incidents: [IncidentReply], now: Date, width: Int?, style: TextStyle = .plain) -> String {
        guard !incidents.isEmpty else { return "no incidents" }
        var table = TextTable([
            .number("NO"), .text("STATE"), .text("SEVERITY"), .text("OPENED"), .text("RULE"), .text("TITLE"),
        ])
        for incident in incidents {
            table.add([
                String(incident.number), incident.state.rawValue, incident.severity.rawValue,
                Quantities.relative(incident.openedAt, now: now), incident.rule, incident.title,
            ])
        }
        return table.rendered(width: width, style: style)
    }

    /// One incident with its evidence, notifications and timeline, in sections separated by an empty line.
    static func detail(_ incident: IncidentReply, now: Date, width: Int?, style: TextStyle = .plain) -> String {
        var sections = [summary(incident, now: now, style: style), evidence(incident.evidence, style: style)]
        sections += incident.evidence.series.map { series($0, width: width, style: style) }
        if !incident.evidence.errors.isEmpty {
            sections.append(errors(incident.evidence.errors, width: width, style: style))
        }
        if let journal = incident.evidence.journal, !journal.isEmpty {
            sections.append(records(journal, width: width, style: style))
        }
        if let notifications = incident.notifications, !notifications.isEmpty {
            sections.append(self.notifications(notifications, width: width, style: style))
        }
        sections.append(timeline(incident.timeline, width: width, style: style))
        return sections.joined(separator: "\n\n")
    }

    private static func summary(_ incident: IncidentReply, now: Date, style: TextStyle) -> String {
        let title = "Incident \(incident.number): \(PrintableText.line(incident.title))"
        var fields = FieldList()
        let state = incident.state.rawValue
        fields.add("state", "\(state), \(incident.severity.rawValue)") {
            incident.state == .resolved ? style.green($0) : style.red($0)
        }
        fields.add("opened", moment(incident.openedAt, now: now))
        fields.add(
            "acknowledged",
            incident.acknowledgedAt.map { moment($0, now: now) + after($0, incident.openedAt) })
        fields.add("resolved", incident.resolvedAt.map { moment($0, now: now) + after($0, incident.openedAt) })
        fields.add("rule", incident.rule)
        fields.add("labels", incident.labels.isEmpty ? nil : LabelText.rendered(incident.labels))
        for (name, value) in (incident.annotations ?? [:]).sorted(by: { $0.key < $1.key }) { fields.add(name, value) }
        fields.add("cause", incident.cause)
        fields.add("impact", incident.impact)
        fields.add("actions", incident.actions)
        fields.add("prevention", incident.prevention)
        return style.bold(title) + "\n" + fields.rendered(style: style)
    }

    private static func evidence(_ evidence: Evidence, style: TextStyle) -> String {
        var fields = FieldList()
        fields.add("expression", evidence.expression.isEmpty ? nil : evidence.expression)
        fields.add("value", evidence.value.map(Quantities.number))
        fields.add("version", "\(evidence.version), configuration \(evidence.configHash.prefix(12))")
        fields.add("last reload", evidence.lastReloadAt.map(WireDay.moment))
        fields.add(
            "running jobs", evidence.runningJobs.isEmpty ? nil : evidence.runningJobs.joined(separator: ", "))
        if let from = evidence.journalFrom {
            fields.add("journal", "journalctl -u csvand --cursor='\(from)'")
        }
        for fact in evidence.facts ?? [] { fields.add(fact.name.lowercased(), fact.text) }
        return style.bold("Evidence") + "\n" + fields.rendered(style: style)
    }

    /// `metric{labels}` above its samples as a sparkline with the smallest and largest value and the span.
    private static func series(_ series: Evidence.Series, width: Int?, style: TextStyle) -> String {
        let samples = series.samples.filter { $0.count == 2 }
        let name = series.metric + (series.labels.isEmpty ? "" : LabelText.rendered(series.labels))
        let title = style.bold(PrintableText.line(name))
        guard let first = samples.first, let last = samples.last else { return title + "\nno samples" }
        let values = samples.map { $0[1] }
        let finite = values.filter(\.isFinite)
        let range =
            finite.isEmpty
            ? "" : "\(Quantities.number(finite.min() ?? 0)) … \(Quantities.number(finite.max() ?? 0))"
        let span = Quantities.duration(seconds: last[0] - first[0])
        let line = Sparkline.text(values, width: min(60, max(10, (width ?? 80) - 2)))
        return "\(title)\n\(line)\n\(range), \(samples.count) samples over \(span)"
    }

    private static func errors(_ errors: [Evidence.RecordedError], width: Int?, style: TextStyle) -> String {
        var table = TextTable([
            .text("AT"), .text("TYPE"), .text("CODE"), .text("REQUEST"), .text("ROUTE"), .text("ERROR"),
        ])
        for error in errors {
            table.add([
                WireDay.time(error.at), error.type, error.code, error.requestId ?? "-", error.route ?? "-", error.text,
            ])
        }
        return style.bold("Last errors") + "\n" + table.rendered(width: width, style: style)
    }

    private static func records(_ lines: [Evidence.JournalLine], width: Int?, style: TextStyle) -> String {
        var table = TextTable([.text("AT"), .text("REQUEST"), .text("RECORD")])
        for line in lines { table.add([WireDay.time(line.at), line.requestId ?? "-", line.text]) }
        return style.bold("Journal") + "\n" + table.rendered(width: width, style: style)
    }

    private static func notifications(_ items: [NotificationReply], width: Int?, style: TextStyle) -> String {
        var table = TextTable([
            .text("RECEIVER"), .text("STATE"), .number("ATTEMPTS"), .text("MESSAGE"), .text("LAST ERROR"),
        ])
        for item in items {
            table.add([
                item.receiver, item.state, String(item.attempts), item.messageId ?? "-", item.lastError ?? "-",
            ])
        }
        return style.bold("Notifications") + "\n" + table.rendered(width: width, style: style)
    }

    private static func timeline(_ entries: [TimelineEntry], width: Int?, style: TextStyle) -> String {
        guard !entries.isEmpty else { return style.bold("Timeline") + "\nempty" }
        var table = TextTable([.text("AT"), .text("WHAT"), .text("BY"), .text("TEXT")])
        for entry in entries { table.add([WireDay.moment(entry.at), entry.kind, entry.by, entry.text]) }
        return style.bold("Timeline") + "\n" + table.rendered(width: width, style: style)
    }

    /// What a watcher prints of an incident it saw before as `old`: nothing when nothing changed.
    static func changes(from old: IncidentReply?, to new: IncidentReply) -> [String] {
        let known = old?.timeline.count ?? 0
        let title = PrintableText.line(new.title)
        if new.timeline.isEmpty {
            return old?.state == new.state ? [] : ["#\(new.number) \(new.state.rawValue): \(title)"]
        }
        return new.timeline.dropFirst(known).map { entry in
            let text = entry.text.isEmpty ? "" : ": " + PrintableText.line(entry.text)
            return "\(WireDay.time(entry.at)) #\(new.number) \(title): \(PrintableText.line(entry.kind))"
                + " by \(PrintableText.line(entry.by))\(text)"
        }
    }

    private static func moment(_ date: Date, now: Date) -> String {
        let relative = Quantities.relative(date, now: now)
        // Beyond a month the relative time is the day again.
        return WireDay.moment(date) + (relative == WireDay.text(date) ? "" : " (\(relative))")
    }

    private static func after(_ date: Date, _ start: Date) -> String {
        ", after " + Quantities.duration(seconds: date.timeIntervalSince(start))
    }
}

/// Labels as Prometheus writes them.
enum LabelText {
    /// `{severity="critical", team="data"}`
    static func rendered(_ labels: [String: String]) -> String {
        let pairs = labels.sorted { $0.key < $1.key }.map { pair in
            let value = pair.value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            return "\(pair.key)=\"\(value)\""
        }
        return "{" + pairs.joined(separator: ", ") + "}"
    }
}
