import Foundation

/// What `csvctl status` shows.
package struct StatusReply: Codable, Sendable {
    package var version: String
    package var pid: Int
    package var startedAt: Date
    package var uptimeSeconds: Double
    /// `ready`, `degraded`, `draining`.
    package var state: String
    package var listen: String
    package var stateDirectory: String
    package var databaseBytes: Int
    package var datasets: Int
    package var models: Int
    package var jobsRunning: Int
    package var jobsQueued: Int
    package var incidentsOpen: Int
    package var rules: Int
    package var rulesFiring: Int
    package var outbox: Int
    package var configHash: String
    package var configFile: String?
    package var lastReloadAt: Date?
    package var residentBytes: Int?

    package init(
        version: String, pid: Int, startedAt: Date, uptimeSeconds: Double, state: String, listen: String,
        stateDirectory: String, databaseBytes: Int, datasets: Int, models: Int, jobsRunning: Int, jobsQueued: Int,
        incidentsOpen: Int, rules: Int, rulesFiring: Int, outbox: Int, configHash: String
    ) {
        self.version = version
        self.pid = pid
        self.startedAt = startedAt
        self.uptimeSeconds = uptimeSeconds
        self.state = state
        self.listen = listen
        self.stateDirectory = stateDirectory
        self.databaseBytes = databaseBytes
        self.datasets = datasets
        self.models = models
        self.jobsRunning = jobsRunning
        self.jobsQueued = jobsQueued
        self.incidentsOpen = incidentsOpen
        self.rules = rules
        self.rulesFiring = rulesFiring
        self.outbox = outbox
        self.configHash = configHash
    }
}

package struct ReloadReply: Codable, Sendable {
    package var configHash: String
    package var rules: Int
    /// Settings that changed but take effect only at the next start.
    package var needsRestart: [String]
    package init(configHash: String, rules: Int, needsRestart: [String]) {
        self.configHash = configHash
        self.rules = rules
        self.needsRestart = needsRestart
    }
}

package struct BuildReply: Codable, Sendable {
    package var version: String
    package var swift: String
    package var sqlite: String
    package init(version: String, swift: String, sqlite: String) {
        self.version = version
        self.swift = swift
        self.sqlite = sqlite
    }
}
