import Foundation
import Shared
import Storage

extension Workspace {
    /// Runs one read-only statement over all datasets. Cancelling the task interrupts it.
    package func query(_ request: SQLRequest) async throws -> SQLReply {
        let limits = settings.sql
        if let seconds = request.timeoutSeconds, !(seconds > 0) {
            throw Problem.badParameter("timeout_seconds", String(seconds), expected: "a positive number of seconds")
        }
        if let limit = request.limit, limit < 1 {
            throw Problem.badParameter("limit", String(limit), expected: "a whole number from 1")
        }
        let isCancelled = Locked(false)
        return try await withTaskCancellationHandler {
            try await Offload.run {
                try self.sandbox.run(
                    request.sql, params: request.params ?? [],
                    limits: SQLLimits(
                        timeoutSeconds: min(request.timeoutSeconds ?? limits.timeoutSeconds, limits.timeoutSeconds),
                        maxRows: min(request.limit ?? limits.maxRows, limits.maxRows), maxBytes: limits.maxBytes),
                    isCancelled: { isCancelled.current }
                ).reply
            }
        } onCancel: {
            isCancelled.withLock { $0 = true }
        }
    }
}
