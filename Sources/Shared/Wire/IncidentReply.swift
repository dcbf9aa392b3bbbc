import Foundation

package enum IncidentState: String, Codable, Sendable, CaseIterable, Hashable {
    case open, acknowledged, resolved
}

package enum Severity: String, Codable, Sendable, CaseIterable, Hashable {
    case warning, critical
}

package struct IncidentReply: Codable, Sendable {
    package var number: Int
    package var state: IncidentState
    package var severity: Severity
    /// The dedup key: one open incident a key.
    package var key: String
    package var title: String
    package var openedAt: Date
    package var acknowledgedAt: Date?
    package var resolvedAt: Date?
    package var rule: String
    package var labels: [String: String]
    package var annotations: [String: String]?
    package var evidence: Evidence
    package var timeline: [TimelineEntry]
    package var cause: String?
    package var impact: String?
    package var actions: String?
    package var prevention: String?
    package var notifications: [NotificationReply]?

    package init(
        number: Int, state: IncidentState, severity: Severity, key: String, title: String, openedAt: Date,
        acknowledgedAt: Date? = nil, resolvedAt: Date? = nil, rule: String, labels: [String: String],
        annotations: [String: String]? = nil, evidence: Evidence, timeline: [TimelineEntry], cause: String? = nil,
        impact: String? = nil, actions: String? = nil, prevention: String? = nil,
        notifications: [NotificationReply]? = nil
    ) {
        self.number = number
        self.state = state
        self.severity = severity
        self.key = key
        self.title = title
        self.openedAt = openedAt
        self.acknowledgedAt = acknowledgedAt
        self.resolvedAt = resolvedAt
        self.rule = rule
        self.labels = labels
        self.annotations = annotations
        self.evidence = evidence
        self.timeline = timeline
        self.cause = cause
        self.impact = impact
        self.actions = actions
        self.prevention = prevention
        self.notifications = notifications
    }
}

/// What was known when the incident was opened.
package struct Evidence: Codable, Sendable, Hashable {
    package var expression: String
    package var value: Double?
    /// When the trouble began: the first rise of a counter that the rule reads since an incident like it was resolved, or the begin that a
    /// foreign sender names; nil when nothing tells it.
    package var beganAt: Date?
    /// The series the rule read, over the window before it fired.
    package var series: [Series]
    /// The last errors before it fired, newest first.
    package var errors: [RecordedError]
    package var version: String
    package var configHash: String
    package var lastReloadAt: Date?
    package var runningJobs: [String]
    /// Cursors of the journal around the window, for `journalctl --cursor`.
    package var journalFrom: String?
    package var journalTo: String?
    /// The daemon's own records of the window, oldest first.
    package var journal: [JournalLine]?
    /// What the sender of the alert knew besides, in the order in which it is to be read.
    package var facts: [Fact]?

    package struct Fact: Codable, Sendable, Hashable {
        package var name: String
        package var text: String
        package init(_ name: String, _ text: String) {
            self.name = name
            self.text = text
        }
    }

    package struct JournalLine: Codable, Sendable, Hashable {
        package var at: Date
        /// Syslog's number, 3 for an error.
        package var priority: Int
        package var text: String
        package var requestId: String?
        package init(at: Date, priority: Int, text: String, requestId: String?) {
            self.at = at
            self.priority = priority
            self.text = text
            self.requestId = requestId
        }
    }

    package struct Series: Codable, Sendable, Hashable {
        package var metric: String
        package var labels: [String: String]
        /// `[unix seconds, value]` pairs, oldest first.
        package var samples: [[Double]]
        package init(metric: String, labels: [String: String], samples: [[Double]]) {
            self.metric = metric
            self.labels = labels
            self.samples = samples
        }
    }

    package struct RecordedError: Codable, Sendable, Hashable {
        package var at: Date
        package var type: String
        package var code: String
        package var requestId: String?
        package var route: String?
        package var text: String
        package init(at: Date, type: String, code: String, requestId: String?, route: String?, text: String) {
            self.at = at
            self.type = type
            self.code = code
            self.requestId = requestId
            self.route = route
            self.text = text
        }
    }

    package init(expression: String, value: Double?, version: String, configHash: String) {
        self.expression = expression
        self.value = value
        self.version = version
        self.configHash = configHash
        series = []
        errors = []
        runningJobs = []
    }
}

package struct TimelineEntry: Codable, Sendable, Hashable {
    package var at: Date
    /// `opened`, `repeated`, `risen`, `quiet`, `acknowledged`, `acknowledgement_expired`, `note`, `queued`, `notified`, `notification_failed`,
    /// `suppressed`, `resolved`.
    package var kind: String
    package var by: String
    package var text: String

    package init(at: Date, kind: String, by: String, text: String) {
        self.at = at
        self.kind = kind
        self.by = by
        self.text = text
    }
}

/// Where a message of an incident stands.
package struct NotificationReply: Codable, Sendable, Hashable {
    package var receiver: String
    /// `queued`, `sent`, `dead`.
    package var state: String
    package var attempts: Int
    package var lastError: String?
    package var messageId: String?

    package init(receiver: String, state: String, attempts: Int, lastError: String?, messageId: String?) {
        self.receiver = receiver
        self.state = state
        self.attempts = attempts
        self.lastError = lastError
        self.messageId = messageId
    }
}

package struct AcknowledgeRequest: Codable, Sendable {
    package var by: String?
    package var comment: String?
    package var durationSeconds: Double?
    package init(by: String? = nil, comment: String? = nil, durationSeconds: Double? = nil) {
        self.by = by
        self.comment = comment
        self.durationSeconds = durationSeconds
    }
}

package struct NoteRequest: Codable, Sendable {
    package var by: String?
    package var text: String
    package init(by: String? = nil, text: String) {
        self.by = by
        self.text = text
    }
}

package struct ResolveRequest: Codable, Sendable {
    package var by: String?
    package var cause: String?
    package var impact: String?
    package var actions: String?
    package var prevention: String?
    package init(
        by: String? = nil, cause: String? = nil, impact: String? = nil, actions: String? = nil,
        prevention: String? = nil
    ) {
        self.by = by
        self.cause = cause
        self.impact = impact
        self.actions = actions
        self.prevention = prevention
    }
}

extension ResolveRequest {
    private enum CodingKeys: String, CodingKey { case by, cause, impact, actions, prevention }

    /// Takes each text as a string or as a list of strings, one line each.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) throws -> String? {
            if let lines = try? container.decodeIfPresent([String].self, forKey: key) {
                return lines.joined(separator: "\n")
            }
            return try container.decodeIfPresent(String.self, forKey: key)
        }
        by = try text(.by)
        cause = try text(.cause)
        impact = try text(.impact)
        actions = try text(.actions)
        prevention = try text(.prevention)
    }
}

package enum RuleState: String, Codable, Sendable, CaseIterable, Hashable {
    case inactive, pending, firing
}

package struct RuleReply: Codable, Sendable {
    package var group: String
    package var name: String
    package var expression: String
    package var forSeconds: Double
    package var labels: [String: String]
    package var annotations: [String: String]
    package var state: RuleState
    package var value: Double?
    package var lastEvaluation: Date?
    package init(
        group: String, name: String, expression: String, forSeconds: Double, labels: [String: String],
        annotations: [String: String], state: RuleState, value: Double?, lastEvaluation: Date?
    ) {
        self.group = group
        self.name = name
        self.expression = expression
        self.forSeconds = forSeconds
        self.labels = labels
        self.annotations = annotations
        self.state = state
        self.value = value
        self.lastEvaluation = lastEvaluation
    }
}

package struct AlertReply: Codable, Sendable {
    package var rule: String
    package var state: RuleState
    package var labels: [String: String]
    package var annotations: [String: String]
    package var activeAt: Date
    package var value: Double
    /// The incident it belongs to, once it has fired.
    package var incident: Int?
    package init(
        rule: String, state: RuleState, labels: [String: String], annotations: [String: String], activeAt: Date,
        value: Double, incident: Int? = nil
    ) {
        self.rule = rule
        self.state = state
        self.labels = labels
        self.annotations = annotations
        self.activeAt = activeAt
        self.value = value
        self.incident = incident
    }
}
