import Foundation
import Shared
import Storage

/// How the daemon is, for health checks.
package struct HealthReply: Codable, Sendable {
    /// `ready`, `degraded` (reading works, writing does not), `draining`.
    package var state: String
    package var reason: String?
}

extension Workspace {
    package func build() -> BuildReply {
        BuildReply(version: Build.version, swift: Build.swift, sqlite: Catalogue.sqliteVersion)
    }

    package func health() -> HealthReply {
        if let reason = catalogue.degraded {
            return HealthReply(state: "degraded", reason: "writing failed: \(reason)")
        }
        if !supervision.isTurning {
            return HealthReply(state: "degraded", reason: "the supervision thread does not turn")
        }
        return HealthReply(state: isDrainingNow ? "draining" : "ready", reason: nil)
    }

    package func status() throws -> StatusReply {
        let configuration = configuration.current
        let incidents = try catalogue.incidentCounts().filter { $0.state != .resolved }.reduce(0) { $0 + $1.count }
        let rules = supervision.rules()
        let queue = training.counts
        var status = StatusReply(
            version: Build.version, pid: Int(getpid()), startedAt: startedAt,
            uptimeSeconds: Date().timeIntervalSince(startedAt), state: health().state, listen: configuration.listen,
            stateDirectory: catalogue.directory.path, databaseBytes: catalogue.databaseBytes,
            datasets: try catalogue.datasetTotals().datasets, models: try catalogue.modelCount(),
            jobsRunning: queue.running,
            jobsQueued: queue.queued, incidentsOpen: incidents, rules: rules.count,
            rulesFiring: rules.count { $0.state == .firing },
            outbox: try catalogue.messageCounts()[.queued] ?? 0, configHash: configuration.hash)
        status.configFile = configuration.file
        status.lastReloadAt = configuration.lastReloadAt
        status.residentBytes = supervision.residentBytes
        return status
    }

    package func draining() throws -> DrainReply {
        let queue = training.counts
        return DrainReply(state: "draining", jobsRunning: queue.running, jobsQueued: queue.queued)
    }

    /// Brings the gauges that are read from the catalogue up to date; called before each sampling.
    func refreshGauges() {
        let registry = supervision.registry
        if let totals = try? catalogue.datasetTotals() {
            registry.set(.datasets, to: Double(totals.datasets))
            registry.set(.datasetRows, to: Double(totals.rows))
        }
        if let counts = try? catalogue.incidentCounts() {
            registry.replace(
                .incidents, with: counts.map { ([$0.state.rawValue, $0.severity.rawValue], Double($0.count)) })
        }
        if let messages = try? catalogue.messageCounts() {
            registry.set(.notificationOutbox, to: Double(messages[.queued] ?? 0))
            registry.set(.notificationDeadLetters, to: Double(messages[.dead] ?? 0))
        }
        training.updateGauges()
        drift.publish(to: registry)
        drift.storeWhenDue()
        registry.set(.sqliteDatabaseBytes, to: Double(catalogue.databaseBytes))
        registry.set(.sqliteWALBytes, to: Double(catalogue.logBytes))
        if let pages = try? catalogue.freelistPages() { registry.set(.sqliteFreelistPages, to: Double(pages)) }
        let activity = catalogue.activity.take()
        registry.increment(.sqliteTransactions, "read", by: Double(activity.reads))
        registry.increment(.sqliteTransactions, "write", by: Double(activity.writes))
        registry.increment(.sqliteBusy, by: Double(activity.busy))
        registry.increment(.sqliteCheckpoints, by: Double(activity.checkpoints))
        for seconds in activity.writeSeconds { registry.observe(.sqliteWriteDuration, value: seconds) }
    }
}
