import Foundation
import Shared

/// One alert on its way through the stages, with what each has decided.
struct AlertPassage: Sendable {
    var alert: IncomingAlert
    /// Set by `dedup`.
    var key = ""
    /// Set by `dedup`: the open incident of the key.
    var open: Incident?
    /// Why nobody is told, from the first stage that says so.
    var heldBackBy: NotifyReason?
    /// Set by `group`: until when the first message waits.
    var waitsUntil: Date?
    /// What the journal made of it so far.
    var change: IncidentChange?
    let now: Date
}
