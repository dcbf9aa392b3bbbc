import GRDBSQLite
import Shared

/// A query under way: its rows come in batches, computed as they are asked for.
///
/// Only the time within `next` counts against the time limit, so a slow reader is no slow query.
// Safety: one thread at a time uses it; it may be another one for each batch.
package final class SQLQuery: @unchecked Sendable {
    private enum Source {
        case native(NativeQuery, first: RowBatch?)
        case sqlite(SandboxConnection, OpaquePointer?)
    }

    package let columns: [String]
    /// Whether rows were left off because of a cap; known after the last batch.
    package private(set) var truncated = false
    /// Rows given so far.
    package private(set) var rows = 0
    private var source: Source
    private let limits: SQLLimits
    private let clock: QueryClock
    private var size = 0
    private var isOver = false

    private static let batchRows = 1024
    private static let batchBytes = 1 << 20

    /// `first` was computed by `native`.
    init(native: NativeQuery, first: RowBatch?, limits: SQLLimits, clock: QueryClock) {
        source = .native(native, first: first)
        columns = native.titles
        isOver = first == nil
        self.limits = limits
        self.clock = clock
    }

    /// Takes over the statement.
    init(_ connection: SandboxConnection, _ statement: OpaquePointer?, limits: SQLLimits) {
        source = .sqlite(connection, statement)
        columns = (0..<sqlite3_column_count(statement)).map { column in
            sqlite3_column_name(statement, column).map { String(cString: $0) } ?? ""
        }
        self.limits = limits
        clock = connection.query.clock
    }

    deinit {
        if case .sqlite(_, let statement) = source { sqlite3_finalize(statement) }
    }

    /// Whether the native path answers it.
    package var isNative: Bool { if case .native = source { true } else { false } }

    /// Time spent computing.
    package var elapsedSeconds: Double { clock.elapsedSeconds }

    /// The next rows, nil after the last.
    package func next() throws(SQLError) -> RowBatch? {
        if isOver { return nil }
        clock.start()
        defer { clock.pause() }
        guard var batch = try nextBatch(), batch.rows > 0 else {
            isOver = true
            return nil
        }
        cap(&batch)
        if truncated { isOver = true }
        rows += batch.rows
        return batch.rows > 0 ? batch : nil
    }

    /// Leaves off what is past the caps.
    private func cap(_ batch: inout RowBatch) {
        for row in 0..<batch.rows {
            guard rows + row < limits.maxRows, size < limits.maxBytes else {
                truncated = true
                return batch.truncate(to: row)
            }
            size += batch.size(ofRow: row)
        }
    }

    private func nextBatch() throws(SQLError) -> RowBatch? {
        switch source {
        case .native(let query, let first):
            if let first {
                source = .native(query, first: nil)
                return first
            }
            return try SQLQuery.run { try query.next(clock) }
        case .sqlite(let connection, let statement): return try step(connection, statement)
        }
    }

    private func step(_ connection: SandboxConnection, _ statement: OpaquePointer?) throws(SQLError) -> RowBatch? {
        var batch = RowBatch(width: columns.count)
        // One more than the cap tells whether there are more.
        let (left, overflow) = (limits.maxRows - rows).addingReportingOverflow(1)
        let wanted = overflow ? Self.batchRows : min(Self.batchRows, left)
        while batch.rows < wanted, batch.size < Self.batchBytes {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE {
                // A scan that was stopped ends like one that is over.
                if let stopped = clock.stopped { throw stopped }
                // Another step would begin anew.
                isOver = true
                return batch
            }
            guard code == SQLITE_ROW else { throw connection.error(code) }
            batch.append(statement)
        }
        return batch
    }

    /// Runs a step of the native path.
    static func run<T>(_ step: () throws -> T) throws(SQLError) -> T {
        do {
            return try step()
        } catch let error as SQLError {
            throw error
        } catch let error as StorageError {
            throw .storage(error)
        } catch {
            throw .failed(String(describing: error))
        }
    }
}

extension RowBatch {
    /// Appends the current row of a statement.
    fileprivate mutating func append(_ statement: OpaquePointer?) {
        for column in 0..<Int32(width) {
            switch sqlite3_column_type(statement, column) {
            case SQLITE_INTEGER: append(integer: sqlite3_column_int64(statement, column))
            case SQLITE_FLOAT: append(real: sqlite3_column_double(statement, column))
            case SQLITE_TEXT:
                let text = sqlite3_column_text(statement, column)
                append(
                    text: UnsafeRawBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, column))))
            case SQLITE_BLOB: append(.text(Array(SQLValue.hex(statement, column: column).utf8)))
            default: appendNull()
            }
        }
    }
}
