import Foundation
import Shared

extension AlertPipeline {
    /// Stage 5: writes each alert to the incident of its key, or opens one.
    mutating func journal(_ line: inout [AlertPassage], _ evidence: (IncomingAlert) -> Evidence) {
        for index in line.indices {
            let (alert, now) = (line[index].alert, line[index].now)
            switch (line[index].open, alert.isQuiet(at: now)) {
            case (nil, true): continue
            case (nil, false):
                var found = evidence(alert)
                found.beganAt = found.beginning(
                    of: alert, after: lastResolution(alert, key: line[index].key), at: now)
                line[index].change = IncidentJournal.open(
                    alert, key: line[index].key, number: nextNumber, evidence: found, at: now)
                nextNumber += 1
            case (let incident?, false):
                line[index].change = IncidentJournal.again(incident, alert, at: now)
            case (let incident?, true):
                line[index].change = IncidentJournal.quiet(
                    incident, at: now, because: "the alert stopped firing")
            }
            if let incident = line[index].change?.incident { open[incident.key] = incident }
        }
    }

    /// When an incident of the key was last resolved, or the fire drill of it, which counts in the same series.
    private func lastResolution(_ alert: IncomingAlert, key: String) -> Date? {
        let labels = alert.labels.merging([DrillAccount.label: "true"]) { $1 }
        let drill = DedupKey.make(rule: alert.rule, labels: labels, without: settings.volatileLabels)
        return [resolved[key]?.at, resolved[drill]?.at].compactMap(\.self).max()
    }
}
