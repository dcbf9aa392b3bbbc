import Foundation
import Shared

enum StatusText {
    static func rendered(_ status: StatusReply, now: Date, style: TextStyle = .plain) -> String {
        var fields = FieldList()
        fields.add("state", status.state) { coloured($0, style) }
        fields.add("version", status.version)
        fields.add("process", "pid \(status.pid), up \(Quantities.duration(seconds: status.uptimeSeconds))")
        fields.add("memory", status.residentBytes.map(Quantities.bytes))
        fields.add("listens on", status.listen)
        fields.add("state directory", "\(status.stateDirectory) (database \(Quantities.bytes(status.databaseBytes)))")
        fields.add("configuration", "\(status.configFile ?? "defaults, no file") (\(status.configHash.prefix(12)))")
        fields.add("reloaded", status.lastReloadAt.map { Quantities.relative($0, now: now) })
        fields.add("datasets", Quantities.count(status.datasets))
        fields.add("models", Quantities.count(status.models))
        fields.add("jobs", "\(status.jobsRunning) running, \(status.jobsQueued) queued")
        fields.add("rules", "\(status.rules), \(status.rulesFiring) firing")
        fields.add("incidents", "\(status.incidentsOpen) open")
        fields.add("outbox", status.outbox == 0 ? "empty" : "\(status.outbox) waiting to be sent")
        return fields.rendered(style: style)
    }

    private static func coloured(_ state: String, _ style: TextStyle) -> String {
        switch state {
        case "ready": style.green(state)
        case "degraded": style.red(state)
        case "draining": style.yellow(state)
        default: state
        }
    }
}
