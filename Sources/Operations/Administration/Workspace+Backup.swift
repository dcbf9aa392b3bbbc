import Foundation
import Shared
import Storage

extension Workspace {
    /// Copies the state to a new directory while everything goes on.
    package func backup(_ request: BackupRequest) throws -> BackupReply {
        guard request.path.hasPrefix("/"), !request.path.contains("/../") else {
            throw Problem.badParameter("path", request.path, expected: "an absolute path on the daemon's machine")
        }
        let started = ContinuousClock.now
        let bytes = try catalogue.backup(to: request.path)
        return BackupReply(
            path: request.path, bytes: bytes, elapsedMs: (ContinuousClock.now - started) / .milliseconds(1))
    }
}
