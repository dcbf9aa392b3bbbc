import Foundation
import Shared
import Storage

/// An answer to SQL that is written while it is computed.
///
/// One batch of rows is in memory at a time. When it ends before the answer does, `next` says so in the stream's own form.
// Safety: one task at a time asks for the next bytes; the state is touched by no one else.
package final class SQLStream: @unchecked Sendable {
    private enum State { case start(RowBatch?), rows, over }

    private let query: SQLQuery
    private let format: SQLFormat
    private let keys: [[UInt8]]
    private var state: State

    /// Computes the first rows, so that what fails before them is refused rather than broken off.
    init(_ query: SQLQuery, _ format: SQLFormat) throws(SQLError) {
        self.query = query
        self.format = format
        keys = JSONText.keys(query.columns)
        state = .start(try query.next())
    }

    /// Whether rows were left off; known at the end.
    package var truncated: Bool { query.truncated }

    /// The next bytes, nil after the last.
    ///
    /// Throws: why a CSV answer breaks off. NDJSON says it in its last line instead.
    package func next() async throws -> [UInt8]? { try await Offload.run { try self.step() } }

    private func step() throws -> [UInt8]? {
        if case .over = state { return nil }
        if case .start(let first) = state {
            state = .rows
            var text = CSVText()
            if format == .csv { text.appendRow(query.columns) }
            // An answer without rows is a line of names, or nothing.
            if let first { return text.bytes + rows(first) }
            if format == .csv { return text.bytes }
        }
        do {
            if let batch = try query.next() { return rows(batch) }
            state = .over
            return query.truncated && format == .ndjson ? ending("truncated", nil) : nil
        } catch {
            state = .over
            guard format == .ndjson else { throw error }
            return ending("error", error)
        }
    }

    private func rows(_ batch: RowBatch) -> [UInt8] {
        if format == .csv {
            var text = CSVText(neutralisesFormulas: true)
            text.rows(batch)
            return text.bytes
        }
        var text = JSONText(capacity: batch.size)
        text.lines(batch, keys: keys)
        return text.bytes
    }

    /// The last line of an answer that is not whole.
    private func ending(_ reason: String, _ error: (any Error)?) -> [UInt8] {
        var text = JSONText()
        text.raw("{\"$end\":")
        text.string(reason)
        text.raw(",\"rows\":")
        text.integer(Int64(query.rows))
        if let error {
            let problem = ErrorTranslation.problem(for: error)
            text.raw(",\"problem\":")
            text.copy([UInt8]((try? WireJSON.encode(problem)) ?? Data("null".utf8))[...])
        }
        text.raw("}\n")
        return text.bytes
    }
}
