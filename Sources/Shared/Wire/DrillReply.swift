import Foundation

/// The body of `POST /api/v1/drills`.
package struct DrillRequest: Codable, Sendable, Hashable {
    /// How long one hop may take; 30 when absent.
    package var timeoutSeconds: Double?

    package init(timeoutSeconds: Double? = nil) { self.timeoutSeconds = timeoutSeconds }
}

/// How a fire drill went: each hop from an error to its resolution, with its delay.
package struct DrillReply: Codable, Sendable, Hashable {
    /// Whether every hop was reached.
    package var passed: Bool
    /// The incident that the drill opened and resolved; absent when none opened.
    package var incident: Int?
    /// The rule that fired.
    package var rule: String?
    /// Who was told; absent when no receiver is set.
    package var receiver: String?
    package var startedAt: Date
    package var totalSeconds: Double
    package var hops: [DrillHop]

    package init(startedAt: Date) {
        passed = false
        self.startedAt = startedAt
        totalSeconds = 0
        hops = []
    }
}

package struct DrillHop: Codable, Sendable, Hashable {
    /// `error`, `metric`, `rule`, `incident`, `told`, `acknowledged`, `acknowledgement_told`, `resolved`, `resolution_told`.
    package var name: String
    /// Absent when it was not reached.
    package var at: Date?
    /// Since the hop before.
    package var seconds: Double?
    /// What was seen, or why the hop was not reached.
    package var text: String

    package init(name: String, at: Date?, seconds: Double?, text: String) {
        self.name = name
        self.at = at
        self.seconds = seconds
        self.text = text
    }
}
