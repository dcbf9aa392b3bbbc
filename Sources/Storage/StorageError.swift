import GRDB
import Shared

/// What can go wrong between a request and the disk.
package enum StorageError: Error, Sendable, Equatable {
    /// The disk or the quota is full (`SQLITE_FULL`, `ENOSPC`, `EDQUOT`). Nothing of the write is kept; reads go on.
    case full(doing: String)
    /// The system refused an operation; `code` is an errno or an extended SQLite result code.
    case io(doing: String, code: Int32, message: String)
    /// A write was refused because an earlier sync failed: what the kernel holds may differ from what is on disk.
    case unsynced(since: String)
    /// Another process has the state directory.
    case locked(directory: String, pid: Int32?)
    /// Bytes on disk are not what was written.
    case damaged(what: String, detail: String)
    /// The database was written by a later release.
    case newer(migration: String)
    /// A use that the stores refuse whatever the disk does, such as a column without its row group.
    case invalid(String)

    case datasetNotFound(String, nearest: String?)
    case datasetExists(String)
    /// A change was made from version `base` while another change made version `current`.
    case conflict(dataset: String, base: Int, current: Int)
    case datasetName(String, reason: String)
    case versionNotFound(dataset: String, version: Int, last: Int)
    case columnNotFound(String, dataset: String, nearest: String?)
    case incompatible(dataset: String, detail: String)
    case rejectNotFound(dataset: String, number: Int)
    case modelNotFound(String, nearest: String?)
    case modelExists(String)
    case modelName(String, reason: String)
    case jobNotFound(String)
    case incidentNotFound(Int)
    case incidentState(number: Int, state: IncidentState, wanted: String)
    case silenceNotFound(String)
}

extension StorageError {
    /// Translates what GRDB throws; a `StorageError` passes unchanged.
    init(_ error: any Error, doing: String) {
        if let error = error as? StorageError {
            self = error
        } else if let error = error as? DatabaseError {
            self.init(sqlite: error.extendedResultCode.rawValue, message: error.message ?? "", doing: doing)
        } else {
            self = .io(doing: doing, code: 0, message: String(describing: error))
        }
    }

    /// Translates an (extended) SQLite result code.
    init(sqlite code: Int32, message: String, doing: String) {
        switch code & 0xFF {
        case 13: self = .full(doing: doing)  // SQLITE_FULL
        case 11, 26: self = .damaged(what: doing, detail: message)  // SQLITE_CORRUPT, SQLITE_NOTADB
        default: self = .io(doing: doing, code: code, message: message)
        }
    }

    /// True for a failed sync of a file or a directory (`SQLITE_IOERR_FSYNC`, `SQLITE_IOERR_DIR_FSYNC`).
    var isSyncFailure: Bool {
        if case .io(_, let code, _) = self { code == 1034 || code == 1290 } else { false }
    }
}
