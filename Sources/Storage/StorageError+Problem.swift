import Shared

extension StorageError {
    /// The error as clients see it.
    package var problem: Problem {
        switch self {
        case .full(let doing):
            Problem(
                .storageFull, "There is no space left on the disk while \(doing).",
                remedy: "Free space in the state directory or delete datasets; nothing of this request was kept.")
        case .io(let doing, let code, let message):
            Problem(
                .storageFailed, "The disk refused \(doing): \(message) (code \(code)).",
                remedy: "Look at the daemon's journal and the kernel's log, then try again.")
        case .unsynced(let since):
            Problem(
                .storageFailed, "Writing is stopped since a sync failed while \(since).",
                remedy: "Check the disk, then restart the daemon; reading goes on, and what was acknowledged is kept.")
        case .locked(let directory, let pid):
            Problem(
                .storageLocked,
                "The state directory \(directory) is in use by another csvand" + (pid.map { " (pid \($0))." } ?? "."),
                remedy: "Stop the other daemon, or start this one with another --state-dir.")
        case .damaged(let what, let detail):
            Problem(
                .storageDamaged, "Stored data is damaged: \(what): \(detail).",
                remedy: "Restore a backup with csvctl restore, or delete the dataset and upload it again.")
        case .newer(let migration):
            Problem(
                .storageDamaged, "The database was written by a later csvand (it has \(migration)).",
                remedy: "Install that release again, or restore a backup of this one.")
        case .invalid(let what):
            Problem(.internalError, what, remedy: "Report this with the request id.")
        default: resourceProblem
        }
    }

    private var resourceProblem: Problem {
        switch self {
        case .datasetNotFound(let name, let nearest):
            Problem(
                .datasetNotFound, "There is no dataset \(name.quotedForMessage).",
                remedy: nearest.map { "Did you mean \($0.quotedForMessage)?" } ?? "List them with GET /api/v1/datasets."
            )
        case .datasetExists(let name):
            Problem(
                .datasetExists, "A dataset named \(name.quotedForMessage) exists already.",
                remedy: "Choose another name, or pass if_exists=replace, append or version.")
        case .conflict(let dataset, let base, let current):
            Problem(
                .datasetConflict,
                "Dataset \(dataset.quotedForMessage) is at version \(current) by now, but this change was made from version \(base).",
                remedy: "Nothing of it was kept: look at version \(current), then send the change again.")
        case .datasetName(let name, let reason):
            Problem(
                .datasetName, "\(name.quotedForMessage) cannot name a dataset: \(reason).",
                remedy: "Use 1 to 128 bytes without control characters, '/' or '@'.")
        case .versionNotFound(let dataset, let version, let last):
            Problem(
                .datasetVersionNotFound, "Dataset \(dataset.quotedForMessage) has no version \(version).",
                remedy: "Its last version is \(last).")
        case .columnNotFound(let column, let dataset, let nearest):
            Problem(
                .datasetColumnNotFound, "Dataset \(dataset.quotedForMessage) has no column \(column.quotedForMessage).",
                remedy: nearest.map { "Did you mean \($0.quotedForMessage)?" } ?? "GET the dataset to see its columns.",
                places: [.init(column: column)])
        case .incompatible(let dataset, let detail):
            Problem(
                .datasetIncompatible, "The upload does not fit dataset \(dataset.quotedForMessage): \(detail).",
                remedy: "Upload the same columns in the same order, or pass if_exists=version.")
        case .rejectNotFound(let dataset, let number):
            Problem(
                .datasetRejectNotFound, "Dataset \(dataset.quotedForMessage) has no rejected row \(number).",
                remedy: "List them with GET /api/v1/datasets/{d}/rejects.")
        default: modelProblem
        }
    }

    private var modelProblem: Problem {
        switch self {
        case .modelNotFound(let name, let nearest):
            Problem(
                .modelNotFound, "There is no model \(name.quotedForMessage).",
                remedy: nearest.map { "Did you mean \($0.quotedForMessage)?" } ?? "List them with GET /api/v1/models.")
        case .modelExists(let name):
            Problem(
                .modelExists, "A model named \(name.quotedForMessage) exists already.", remedy: "Choose another name.")
        case .modelName(let name, let reason):
            Problem(
                .modelName, "\(name.quotedForMessage) cannot name a model: \(reason).",
                remedy: "Use 1 to 128 bytes without control characters, '/' or '@'.")
        case .jobNotFound(let id):
            Problem(.jobNotFound, "There is no job \(id.quotedForMessage).", remedy: "List them with GET /api/v1/jobs.")
        case .incidentNotFound(let number):
            Problem(
                .incidentNotFound, "There is no incident \(number).", remedy: "List them with GET /api/v1/incidents.")
        case .incidentState(let number, let state, let wanted):
            Problem(
                .incidentState, "Incident \(number) is \(state.rawValue) and cannot be \(wanted).",
                remedy: "Look at its timeline with csvctl incidents show \(number).")
        case .silenceNotFound(let id):
            Problem(
                .silenceNotFound, "There is no silence \(id.quotedForMessage).",
                remedy: "List them with csvctl silences.")
        default: Problem(.internalError, "\(self)", remedy: "Report this with the request id.")
        }
    }
}
