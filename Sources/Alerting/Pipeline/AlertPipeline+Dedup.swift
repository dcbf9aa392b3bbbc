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
    /// themselves. When its value has risen since, or after the repeat interval, it is a new trouble and opens a new incident.
    private mutating func isSettled(_ passage: AlertPassage) -> Bool {
        guard open[passage.key] == nil, let settled = resolved[passage.key] else { return false }
        if settled.value == nil { resolved[passage.key]?.value = passage.alert.value }
        return passage.alert.startsAt <= settled.at && !Self.hasRisen(passage.alert.value, since: settled.value)
            && passage.now.timeIntervalSince(settled.at) < settings.repeatIntervalSeconds
    }

    /// One more event raises `increase()` by at least 1; extrapolation to the edge of the window moves it by much less.
    private static func hasRisen(_ value: Double?, since settled: Double?) -> Bool {
        guard let value, let settled else { return false }
        return value >= settled + 0.5 && value >= settled * 1.02
    }
}
