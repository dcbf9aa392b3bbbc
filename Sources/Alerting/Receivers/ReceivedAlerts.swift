import Foundation
import Shared

/// The bodies by which other programs tell csvand of alerts, read into `IncomingAlert`s.
package enum ReceivedAlerts {
    /// The most alerts of one body.
    package static let mostAlerts = 1_000
    static let mostLabels = 64
    static let nameLimitBytes = 256
    static let valueLimitBytes = 8_192
    /// How long an alert without an end is taken to fire when its sender repeats itself, as Alertmanager's `resolve_timeout`.
    static let resolveTimeoutSeconds = 300.0

    /// `POST /api/v2/alerts`: what Prometheus sends to an Alertmanager. An alert that is not sent again is quiet at its end.
    ///
    /// - Throws: `.badBody` with the path to the place, `.tooManyAlerts`.
    package static func prometheus(_ body: [UInt8], at now: Date) throws(IncidentError) -> [IncomingAlert] {
        let root = try AlertBody.parse(body, sender: .prometheus)
        return try list(root).map { entry throws(IncidentError) in
            var alert = try common(entry, at: now)
            if alert.endsAt == nil { alert.endsAt = now.addingTimeInterval(resolveTimeoutSeconds) }
            return alert
        }
    }

    /// The webhook of an Alertmanager, version 4. It tells of a group when something in it changes, so that firing alerts have no end.
    ///
    /// - Throws: `.badBody` with the path to the place, `.tooManyAlerts`.
    package static func alertmanager(_ body: [UInt8], at now: Date) throws(IncidentError) -> [IncomingAlert] {
        let root = try AlertBody.parse(body, sender: .alertmanager)
        if let version = try root.member("version"), case .string(let text) = version.value, text != "4" {
            throw version.error("version \"\(text.prefix(20))\" is not known, only \"4\"")
        }
        return try webhook(root, at: now) { _, _ in }
    }

    /// The webhook of a Grafana contact point (unified alerting).
    ///
    /// - Throws: `.badBody` with the path to the place, `.tooManyAlerts`.
    package static func grafana(_ body: [UInt8], at now: Date) throws(IncidentError) -> [IncomingAlert] {
        let root = try AlertBody.parse(body, sender: .grafana)
        if try root.member("alerts") == nil, try root.member("ruleName") != nil {
            throw root.error("this is the webhook of Grafana's legacy alerting, which Grafana 11 no longer has")
        }
        return try webhook(root, at: now) { alert, entry throws(IncidentError) in
            if let values = try entry.member("values"), case .object(let members) = values.value {
                alert.value = members.sorted { $0.key < $1.key }.compactMap { number($0.value) }.first
            }
            alert.annotations = alert.annotations.filter { !$0.key.hasPrefix("__") }
            for (name, key) in [("dashboard", "dashboardURL"), ("panel", "panelURL")] {
                if let text = try entry.text(key), !text.isEmpty { alert.annotations[name] = text }
            }
        }
    }

    private static func webhook(
        _ root: AlertBody, at now: Date,
        complete: (inout IncomingAlert, AlertBody) throws(IncidentError) -> Void
    ) throws(IncidentError) -> [IncomingAlert] {
        guard let alerts = try root.member("alerts") else { throw root.error("the list \"alerts\" is missing") }
        var result: [IncomingAlert] = []
        for entry in try list(alerts) {
            var alert = try common(entry, at: now)
            switch try entry.text("status") {
            case "firing": alert.endsAt = nil
            case "resolved": alert.endsAt = min(alert.endsAt ?? now, now)
            case let other?: throw entry.error("status \"\(other.prefix(20))\" is neither firing nor resolved")
            case nil: throw entry.error("\"status\" is missing")
            }
            try complete(&alert, entry)
            result.append(alert)
        }
        return result
    }

    private static func list(_ body: AlertBody) throws(IncidentError) -> [AlertBody] {
        let entries = try body.elements()
        guard entries.count <= mostAlerts else { throw .tooManyAlerts(count: entries.count, limit: mostAlerts) }
        return entries
    }

    /// What all senders have in one alert.
    private static func common(_ entry: AlertBody, at now: Date) throws(IncidentError) -> IncomingAlert {
        guard let labelMember = try entry.member("labels") else { throw entry.error("\"labels\" is missing") }
        let labels = try labelMember.texts()
        guard let rule = labels["alertname"], !rule.isEmpty else {
            throw labelMember.error("the label \"alertname\" is missing")
        }
        let annotations = try entry.member("annotations")?.texts() ?? [:]
        let startsAt = try entry.date("startsAt") ?? now
        return IncomingAlert(
            rule: rule, labels: labels, annotations: annotations, startsAt: startsAt, endsAt: try entry.date("endsAt"),
            source: entry.sender, fingerprint: try entry.text("fingerprint"),
            generatorURL: try entry.text("generatorURL"))
    }

    private static func number(_ value: JSONValue) -> Double? {
        switch value {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}
