import Alerting
import Foundation
import Shared

/// Tells the alerts that a fire drill makes from real ones, for as long as they fire: also after the drill, and over a restart.
///
/// A drill counts a simulated error like any other, so its alert is that of the rule in force. The label `drill="true"` gives it a key, and
/// so an incident, of its own.
struct DrillMark: Codable, Sendable, Equatable {
    static let label = DrillAccount.label
    static let key = "drill"

    var isRunning = true
    /// Names of the rules that read the simulated error.
    var rules: Set<String>
    /// The highest value that each alert of the drill has had, by fingerprint.
    var values: [String: Double] = [:]

    init(rules: Set<String>) { self.rules = rules }

    /// Takes up what an earlier process left: its drill does not run any more.
    init?(stored: String?) {
        guard let stored, var mark = try? JSONDecoder().decode(DrillMark.self, from: Data(stored.utf8)) else {
            return nil
        }
        mark.isRunning = false
        self = mark
    }

    var stored: String? { (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } }

    /// The alert with the drill's label, when it is one of the drill's.
    func labelled(_ alert: IncomingAlert) -> IncomingAlert {
        guard let fingerprint = alert.fingerprint, values[fingerprint] != nil else { return alert }
        return Self.label(alert)
    }

    private static func label(_ alert: IncomingAlert) -> IncomingAlert {
        var alert = alert
        alert.labels[label] = "true"
        alert.source = .drill
        alert.annotations["summary"] = DrillAccount.titlePrefix + (alert.annotations["summary"] ?? alert.rule)
        return alert
    }

    /// The alerts of an evaluation with the drill's label where it belongs. Nil values and no run mean that the mark is done.
    mutating func take(_ alerts: [IncomingAlert], at now: Date) -> [IncomingAlert] {
        alerts.flatMap { alert -> [IncomingAlert] in
            guard rules.contains(alert.rule), let fingerprint = alert.fingerprint else { return [alert] }
            let value = alert.value ?? 0
            guard let highest = values[fingerprint] else {
                guard isRunning, alert.endsAt == nil else { return [alert] }
                values[fingerprint] = value
                return [Self.label(alert)]
            }
            if alert.endsAt != nil {
                values[fingerprint] = nil
                return [Self.label(alert)]
            }
            if isRunning {
                values[fingerprint] = max(highest, value)
                return [Self.label(alert)]
            }
            // One more event raises an increase by about 1: somebody's own error, beside the drill's.
            guard value >= highest + 0.5 else { return [Self.label(alert)] }
            values[fingerprint] = nil
            var (ended, real) = (Self.label(alert), alert)
            ended.endsAt = now
            real.startsAt = now
            return [ended, real]
        }
    }

    var isDone: Bool { !isRunning && values.isEmpty }
}
