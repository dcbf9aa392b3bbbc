extension AlertPipeline {
    /// Stage 1: a firing critical alert holds back the warning of the same thing.
    func inhibit(_ line: inout [AlertPassage]) {
        let arriving = line.filter { !$0.alert.isQuiet(at: $0.now) }.map(\.alert)
        for index in line.indices where line[index].heldBackBy == nil {
            line[index].heldBackBy = inhibitor(of: line[index].alert, among: arriving)
        }
    }

    /// The reason by which an alert is held back by those that fire or are just arriving.
    func inhibitor(of alert: IncomingAlert, among arriving: [IncomingAlert] = []) -> NotifyReason? {
        let candidates = firing.values.map(\.alert) + arriving
        for rule in settings.inhibitions where rule.target.accept(rule: alert.rule, labels: alert.labels) {
            // What fits the source does not hold back itself.
            guard !rule.source.accept(rule: alert.rule, labels: alert.labels) else { continue }
            let holder = candidates.filter {
                rule.source.accept(rule: $0.rule, labels: $0.labels) && isEqual($0, alert, rule.equal)
            }.map { DedupKey.make(rule: $0.rule, labels: $0.labels, without: settings.volatileLabels) }.min()
            if let holder { return .inhibited(by: holder) }
        }
        return nil
    }

    private func isEqual(_ left: IncomingAlert, _ right: IncomingAlert, _ names: [String]?) -> Bool {
        if let names { return names.allSatisfy { left.labels[$0] == right.labels[$0] } }
        let ignored = settings.volatileLabels.union(["severity", "notify"])
        let kept = { (alert: IncomingAlert) in alert.labels.filter { !ignored.contains($0.key) } }
        return left.rule == right.rule && kept(left) == kept(right)
    }
}
