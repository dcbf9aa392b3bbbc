import Foundation
import Shared

extension DiscordMessage {
    /// 0x992D22, as Alertmanager has it for what fires.
    static let firingColor = 10_038_562
    /// 0xFFBF00, amber.
    static let acknowledgedColor = 16_760_576
    /// 0x2ECC71, as Alertmanager has it for what is resolved.
    static let resolvedColor = 3_066_993

    /// The one message of an incident, as it stands now: posted first, then edited.
    ///
    /// - Parameter pageURL: the incident's page, if readers of Discord can reach it.
    package init(_ incident: IncidentReply, nonce: String, pageURL: String? = nil) {
        let (word, color) =
            switch incident.state {
            case .open: ("FIRING", Self.firingColor)
            case .acknowledged: ("ACKNOWLEDGED", Self.acknowledgedColor)
            case .resolved: ("RESOLVED", Self.resolvedColor)
            }
        let title = DiscordText.cut(
            "[\(word)] \(DiscordText.escaped(incident.title))", to: DiscordLimits.title)
        let footer = Footer(text: "csvand incident \(incident.number)")
        let about = incident.annotations?["description"] ?? incident.annotations?["message"]
        let description = about.map { DiscordText.cut(DiscordText.escaped($0), to: Self.descriptionShare) }
        var left = DiscordLimits.total - DiscordText.length(title) - DiscordText.length(footer.text)
        left -= description.map(DiscordText.length) ?? 0
        let changedAt = incident.resolvedAt ?? incident.acknowledgedAt ?? incident.openedAt
        content = ""
        embeds = [
            Embed(
                title: title, description: description, url: pageURL, color: color, timestamp: WireTime.text(changedAt),
                fields: Self.fitting(Self.fields(incident), within: left), footer: footer)
        ]
        self.nonce = String(decoding: nonce.utf8.prefix(DiscordLimits.nonce), as: UTF8.self)
    }

    /// A short message that the incident still waits for someone; it is never edited.
    package init(reminderOf incident: IncidentReply, because: NotifyReason, nonce: String) {
        let why =
            switch because {
            case .acknowledgementExpired: "the acknowledgement has ended and it is not resolved"
            default: "it still fires and nobody has acknowledged it"
            }
        let text =
            "Incident \(incident.number), **\(DiscordText.escaped(incident.title))**, is open since "
            + "\(IncidentJournal.timeText(incident.openedAt)): \(why).\nLook at it with "
            + DiscordText.code("csvctl incidents show \(incident.number)")
        content = DiscordText.cut(text, to: DiscordLimits.content)
        embeds = []
        self.nonce = String(decoding: nonce.utf8.prefix(DiscordLimits.nonce), as: UTF8.self)
    }

    /// What a description may take of the total, so that fields have room.
    private static let descriptionShare = 2_000

    /// All fields, the most important first.
    private static func fields(_ incident: IncidentReply) -> [Field] {
        var fields = [
            Field(name: "Rule", value: DiscordText.escaped(incident.rule), inline: true),
            Field(
                name: "Value", value: incident.evidence.value.map(IncidentJournal.shortNumber) ?? "not told",
                inline: true),
            Field(name: "Severity", value: incident.severity.rawValue, inline: true),
            Field(name: "Since", value: IncidentJournal.timeText(incident.openedAt), inline: true),
        ]
        let quiet = incident.timeline.last {
            $0.kind == TimelineKind.quiet.rawValue || $0.kind == TimelineKind.repeated.rawValue
        }
        if incident.state != .resolved, let quiet, quiet.kind == TimelineKind.quiet.rawValue {
            fields.append(Field(name: "Quiet since", value: IncidentJournal.timeText(quiet.at), inline: true))
        }
        fields += people(incident)
        fields.append(
            Field(
                name: "How to look", value: DiscordText.code("csvctl incidents show \(incident.number)"), inline: false)
        )
        if let runbook = incident.annotations?["runbook"] ?? incident.annotations?["runbook_url"], !runbook.isEmpty {
            fields.append(Field(name: "Runbook", value: link(runbook), inline: false))
        }
        let labels = incident.labels.sorted { $0.key < $1.key }.map {
            "\(DiscordText.escaped($0.key)) = \(DiscordText.escaped($0.value.replacing("\n", with: " ")))"
        }
        if !labels.isEmpty {
            fields.append(Field(name: "Labels", value: labels.joined(separator: "\n"), inline: false))
        }
        if !incident.evidence.expression.isEmpty {
            fields.append(
                Field(name: "Expression", value: DiscordText.code(incident.evidence.expression), inline: false))
        }
        if let error = incident.evidence.errors.first {
            let request = error.requestId.map { " (request \($0))" } ?? ""
            fields.append(Field(name: "Last error", value: DiscordText.escaped(error.text + request), inline: false))
        }
        return fields
    }

    /// What people have said and done.
    private static func people(_ incident: IncidentReply) -> [Field] {
        func last(_ kind: TimelineKind) -> TimelineEntry? { incident.timeline.last { $0.kind == kind.rawValue } }
        var fields: [Field] = []
        if incident.state != .open, let entry = last(.acknowledged) {
            let comment = entry.text.isEmpty ? "" : "\n" + DiscordText.escaped(entry.text)
            fields.append(
                Field(
                    name: "Acknowledged by",
                    value: "\(DiscordText.escaped(entry.by)), \(IncidentJournal.timeText(entry.at))\(comment)",
                    inline: false))
        }
        guard incident.state == .resolved, let at = incident.resolvedAt else { return fields }
        let by = last(.resolved).map { "\(DiscordText.escaped($0.by)), " } ?? ""
        let after = Postmortem.Words.english.duration(at.timeIntervalSince(incident.openedAt))
        fields.append(
            Field(name: "Resolved by", value: "\(by)\(IncidentJournal.timeText(at)), after \(after)", inline: false))
        for (name, text) in [("Cause", incident.cause), ("Impact", incident.impact), ("Actions", incident.actions)] {
            if let text, !text.isEmpty {
                fields.append(Field(name: name, value: DiscordText.escaped(text), inline: false))
            }
        }
        return fields
    }

    /// The fields cut to Discord's limits and to what is left of the total; what finds no room is left out.
    private static func fitting(_ fields: [Field], within total: Int) -> [Field] {
        var left = total
        var kept: [Field] = []
        for field in fields.prefix(DiscordLimits.fields) {
            let room = min(DiscordLimits.fieldValue, left - DiscordText.length(field.name))
            // Less than this is not worth a field.
            guard room >= 32 else { break }
            let value = DiscordText.cut(field.value.isEmpty ? "none" : field.value, to: room)
            left -= DiscordText.length(field.name) + DiscordText.length(value)
            kept.append(Field(name: field.name, value: value, inline: field.inline))
        }
        return kept
    }

    /// A web address as it is, so that it can be followed; anything else as text.
    private static func link(_ text: String) -> String {
        let isLink = text.hasPrefix("https://") || text.hasPrefix("http://")
        let isPlain = text.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != 60 && $0 != 62 && $0 != 96 }
        return isLink && isPlain ? "<\(text)>" : DiscordText.escaped(text)
    }
}
