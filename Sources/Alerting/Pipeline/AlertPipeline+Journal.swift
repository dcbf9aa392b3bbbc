import Shared

extension AlertPipeline {
    /// Stage 5: writes each alert to the incident of its key, or opens one.
    mutating func journal(_ line: inout [AlertPassage], _ evidence: (IncomingAlert) -> Evidence) {
        for index in line.indices {
            let (alert, now) = (line[index].alert, line[index].now)
            switch (line[index].open, alert.isQuiet(at: now)) {
            case (nil, true): continue
            case (nil, false):
                line[index].change = IncidentJournal.open(
                    alert, key: line[index].key, number: nextNumber, evidence: evidence(alert), at: now)
                nextNumber += 1
            case (let incident?, false):
                line[index].change = IncidentJournal.again(incident, alert, at: now)
            case (let incident?, true):
                line[index].change = IncidentJournal.quiet(
                    incident, at: now, because: "the alert does not fire any more")
            }
            if let incident = line[index].change?.incident { open[incident.key] = incident }
        }
    }
}
