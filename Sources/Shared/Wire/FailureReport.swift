import Foundation

/// What `csvctl notify-failure` leaves for the next start of the daemon: that a unit has failed, and who has been told.
package struct FailureReport: Codable, Sendable, Hashable {
    /// Where the reports are, below the state directory.
    package static let directory = "failures"

    package var unit: String
    package var at: Date
    /// `exit-code`, `signal`, `watchdog`, `start-limit-hit` and so on, as systemd names it.
    package var result: String?
    /// `exited`, `killed`, `dumped`.
    package var exitCode: String?
    /// The number or the signal.
    package var exitStatus: String?
    package var invocation: String?
    /// The receiver's id of the message that told of it; absent when nobody could be told.
    package var messageId: String?

    package init(unit: String, at: Date) {
        self.unit = unit
        self.at = at
    }

    /// `exit-code, exited 1`
    package var reason: String {
        let end = [exitCode, exitStatus].compactMap(\.self).joined(separator: " ")
        let parts = [result ?? "", end].filter { !$0.isEmpty }
        return parts.isEmpty ? "unknown" : parts.joined(separator: ", ")
    }
}
