/// What makes two alerts the same incident: the rule and its labels, without those that change from one sending to the next.
package enum DedupKey {
    /// Labels that name the sender or the run rather than the trouble.
    package static let volatileLabels: Set<String> = [
        "alertname", "container_id", "datasource_uid", "grafana_folder", "grafana_alert_uid", "monitor", "pid", "pod",
        "prometheus", "prometheus_replica", "receiver", "ref_id", "replica", "request_id",
    ]

    /// `rule{a="1",b="2"}` with the names sorted; names that begin with `__` are left out too.
    package static func make(
        rule: String, labels: [String: String], without volatile: Set<String> = volatileLabels
    ) -> String {
        let kept = labels.filter { !volatile.contains($0.key) && !$0.key.hasPrefix("__") && !$0.value.isEmpty }
        let pairs = kept.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(escaped($0.value))\"" }
        return "\(rule){\(pairs.joined(separator: ","))}"
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
