import Foundation

/// The body of `POST /admin/v1/simulate`: errors to count as if they had happened.
package struct SimulateRequest: Codable, Sendable, Hashable {
    /// A `type` of `app_errors_total`.
    package var type: String
    package var count: Int

    package init(type: String, count: Int) {
        self.type = type
        self.count = count
    }
}

package struct SimulateReply: Codable, Sendable, Hashable {
    package var type: String
    package var count: Int
    /// The counter after counting them.
    package var total: Int

    package init(type: String, count: Int, total: Int) {
        self.type = type
        self.count = count
        self.total = total
    }
}

/// The answer to `POST /admin/v1/drain`: no new work is taken from now on.
package struct DrainReply: Codable, Sendable, Hashable {
    /// `draining`
    package var state: String
    package var jobsRunning: Int
    package var jobsQueued: Int

    package init(state: String, jobsRunning: Int, jobsQueued: Int) {
        self.state = state
        self.jobsRunning = jobsRunning
        self.jobsQueued = jobsQueued
    }
}

package struct BackupRequest: Codable, Sendable, Hashable {
    /// An absolute path on the daemon's machine.
    package var path: String

    package init(path: String) { self.path = path }
}

package struct BackupReply: Codable, Sendable, Hashable {
    package var path: String
    package var bytes: Int
    package var elapsedMs: Double

    package init(path: String, bytes: Int, elapsedMs: Double) {
        self.path = path
        self.bytes = bytes
        self.elapsedMs = elapsedMs
    }
}

package enum TokenRole: String, Codable, Sendable, CaseIterable, Hashable {
    case viewer, editor, admin
}

package struct TokenRequest: Codable, Sendable, Hashable {
    package var name: String
    package var role: TokenRole
    /// Absent for a token that does not expire.
    package var expiresInSeconds: Double?

    package init(name: String, role: TokenRole, expiresInSeconds: Double? = nil) {
        self.name = name
        self.role = role
        self.expiresInSeconds = expiresInSeconds
    }
}

package struct TokenReply: Codable, Sendable, Hashable {
    package var id: String
    package var name: String
    package var role: TokenRole
    package var createdAt: Date
    package var expiresAt: Date?
    package var lastUsedAt: Date?
    /// The secret itself: only in the answer that made it, because only its hash is stored.
    package var token: String?

    package init(
        id: String, name: String, role: TokenRole, createdAt: Date, expiresAt: Date? = nil, lastUsedAt: Date? = nil,
        token: String? = nil
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.token = token
    }
}

/// The body and the answer of `PUT /admin/v1/log-level`.
package struct LogLevelReply: Codable, Sendable, Hashable {
    /// `trace`, `debug`, `info`, `notice`, `warning`, `error`, `critical`.
    package var level: String

    package init(level: String) { self.level = level }
}
