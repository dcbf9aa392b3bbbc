import Foundation
import Shared
import Storage

/// The forms of an answer to SQL.
package enum SQLFormat: String, Sendable, CaseIterable {
    /// One object, whole.
    case json
    /// Rows as they are found, of any number.
    case ndjson, csv

    /// - Parameters:
    ///   - field: what the request's body says.
    ///   - accept: the request's `Accept`, which counts where the body says nothing.
    package init(field: String?, accept: String?) throws(Problem) {
        if let field {
            guard let format = SQLFormat(rawValue: field) else {
                throw Problem.badParameter("format", field, expected: "json, ndjson or csv")
            }
            self = format
        } else if accept?.contains("application/x-ndjson") == true {
            self = .ndjson
        } else {
            self = accept?.contains("text/csv") == true ? .csv : .json
        }
    }

    package var contentType: String {
        switch self {
        case .json: "application/json"
        case .ndjson: "application/x-ndjson"
        case .csv: "text/csv; charset=utf-8"
        }
    }
}

extension Workspace {
    /// The whole answer to one read-only statement as JSON.
    ///
    /// - Parameter hasLeft: asked now and then from another thread; true interrupts the query, as cancelling the task does.
    package func query(
        _ request: SQLRequest, hasLeft: @escaping @Sendable () -> Bool = { false }
    ) async throws -> [UInt8] {
        let limits = try limits(request)
        let cap = settings.sql
        return try await interruptible(hasLeft) { isCancelled in
            let query = try self.sandbox.open(
                request.sql, params: request.params ?? [],
                limits: SQLLimits(
                    timeoutSeconds: limits.timeoutSeconds, maxRows: min(limits.maxRows, cap.maxRows),
                    maxBytes: cap.maxBytes),
                isCancelled: isCancelled)
            var text = JSONText()
            text.raw("{\"columns\":")
            text.value(.array(query.columns.map(JSONValue.string)))
            text.raw(",\"rows\":[")
            while let batch = try query.next() { text.rows(batch, isFirst: query.rows == batch.rows) }
            text.raw(query.truncated ? "],\"truncated\":true" : "],\"truncated\":false")
            text.raw(",\"elapsed_ms\":")
            text.value(.number(query.elapsedSeconds * 1000))
            text.raw("}")
            return text.bytes
        }
    }

    /// Begins an answer of any number of rows; it is computed as fast as it is read, a batch at a time. `hasLeft` as for `query`.
    package func stream(
        _ request: SQLRequest, as format: SQLFormat, hasLeft: @escaping @Sendable () -> Bool = { false }
    ) async throws -> SQLStream {
        let limits = try limits(request)
        return try await interruptible(hasLeft) { isCancelled in
            try SQLStream(
                self.sandbox.open(request.sql, params: request.params ?? [], limits: limits, isCancelled: isCancelled),
                format)
        }
    }

    /// The limits that a request asks for, the time within the setting.
    private func limits(_ request: SQLRequest) throws(Problem) -> SQLLimits {
        if let seconds = request.timeoutSeconds, !(seconds > 0) {
            throw Problem.badParameter("timeout_seconds", String(seconds), expected: "a positive number of seconds")
        }
        if let limit = request.limit, limit < 1 {
            throw Problem.badParameter("limit", String(limit), expected: "a whole number from 1")
        }
        let most = settings.sql.timeoutSeconds
        return SQLLimits(
            timeoutSeconds: min(request.timeoutSeconds ?? most, most), maxRows: request.limit ?? .max, maxBytes: .max)
    }

    /// Runs blocking work that asks whether the task was cancelled.
    private func interruptible<T: Sendable>(
        _ hasLeft: @escaping @Sendable () -> Bool,
        _ work: @escaping @Sendable (_ isCancelled: @escaping @Sendable () -> Bool) throws -> T
    ) async throws -> T {
        let cancelled = Locked(false)
        return try await withTaskCancellationHandler {
            try await Offload.run { try work { cancelled.current || hasLeft() } }
        } onCancel: {
            cancelled.withLock { $0 = true }
        }
    }
}
