extension AlertPipeline {
    /// Stage 4: finds the key of each alert, keeps count of what fires behind it, and lets one of each key of a batch on.
    ///
    /// A quiet alert goes on only when nothing else behind its key fires.
    mutating func dedup(_ line: inout [AlertPassage]) {
        for index in line.indices {
            let alert = line[index].alert
            line[index].key = DedupKey.make(rule: alert.rule, labels: alert.labels, without: settings.volatileLabels)
            let identity = DedupKey.make(rule: alert.rule, labels: alert.labels, without: [])
            if alert.isQuiet(at: line[index].now) {
                firing[identity] = nil
            } else {
                firing[identity] = FiringAlert(key: line[index].key, alert: alert)
            }
        }
        let firingKeys = Set(firing.values.map(\.key))
        var seen: Set<String> = []
        line = line.filter { passage in
            let isQuiet = passage.alert.isQuiet(at: passage.now)
            guard isQuiet != firingKeys.contains(passage.key) else { return false }
            if !isQuiet, isSettled(passage) { return false }
            return seen.insert(passage.key).inserted
        }
        for index in line.indices { line[index].open = open[line[index].key] }
    }

    /// Whether a firing alert belongs to an incident that a person has resolved: it has not been quiet since, and senders repeat
    /// themselves. After the repeat interval it is a trouble that the resolution did not end, and opens a new incident.
    private func isSettled(_ passage: AlertPassage) -> Bool {
        guard open[passage.key] == nil, let resolvedAt = resolved[passage.key] else { return false }
        return passage.alert.startsAt <= resolvedAt
            && passage.now.timeIntervalSince(resolvedAt) < settings.repeatIntervalSeconds
    }
}
