/// Kinds of journal records that people search for by `MESSAGE_ID`. Ids are never reused; `docs/journal.md` lists them.
package enum LogMessage: String, Sendable, CaseIterable {
    case started, stopping, reloaded, reloadRefused
    case datasetStored, datasetRefused, datasetDeleted
    case trainingStarted, trainingFinished, trainingFailed
    case errorCounted
    case alertFired, alertResolved
    case incidentOpened, incidentAcknowledged, incidentResolved
    case notificationSent, notificationFailed

    /// A 128-bit id as journald wants it.
    package var id: String {
        switch self {
        case .started: "6f0d3c0a5b5e4c8d9a4c2a7f1f0e1001"
        case .stopping: "6f0d3c0a5b5e4c8d9a4c2a7f1f0e1002"
        case .reloaded: "6f0d3c0a5b5e4c8d9a4c2a7f1f0e1003"
        case .reloadRefused: "6f0d3c0a5b5e4c8d9a4c2a7f1f0e1004"
        case .datasetStored: "6f0d3c0a5b5e4c8d9a4c2a7f1f0e2001"
        case .datasetRefused: "6f0d3c0a5b5e4c8d9a4c2a7f1f0e2002"
        case .datasetDeleted: "6f0d3c0a5b5e4c8d9a4c2a7f1f0e2003"
        case .trainingStarted: "6f0d3c0a5b5e4c8d9a4c2a7f1f0e3001"
        case .trainingFinished: "6f0d3c0a5b5e4c8d9a4c2a7f1f0e3002"
        case .trainingFailed: "6f0d3c0a5b5e4c8d9a4c2a7f1f0e3003"
        case .errorCounted: "6f0d3c0a5b5e4c8d9a4c2a7f1f0e4001"
        case .alertFired: "6f0d3c0a5b5e4c8d9a4c2a7f1f0e4002"
        case .alertResolved: "6f0d3c0a5b5e4c8d9a4c2a7f1f0e4003"
        case .incidentOpened: "6f0d3c0a5b5e4c8d9a4c2a7f1f0e4004"
        case .incidentAcknowledged: "6f0d3c0a5b5e4c8d9a4c2a7f1f0e4005"
        case .incidentResolved: "6f0d3c0a5b5e4c8d9a4c2a7f1f0e4006"
        case .notificationSent: "6f0d3c0a5b5e4c8d9a4c2a7f1f0e4007"
        case .notificationFailed: "6f0d3c0a5b5e4c8d9a4c2a7f1f0e4008"
        }
    }
}
