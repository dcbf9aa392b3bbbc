import GRDBSQLite

/// SQLite's own scalar functions for the few values of a result: computed by SQLite, they are exact by construction.
final class ScalarFunctions {
    private var database: OpaquePointer?
    private var statement: OpaquePointer?

    deinit {
        sqlite3_finalize(statement)
        sqlite3_close_v2(database)
    }

    /// `round(value)` or `round(value, digits)`.
    func round(_ value: SQLCell, _ digits: SQLCell?) -> SQLCell {
        if statement == nil {
            let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX
            sqlite3_open_v2(":memory:", &database, flags, nil)
            sqlite3_prepare_v2(database, "SELECT round(?1, ?2)", -1, &statement, nil)
        }
        defer { sqlite3_reset(statement) }
        bind(value, at: 1)
        bind(digits ?? .integer(0), at: 2)
        guard sqlite3_step(statement) == SQLITE_ROW, sqlite3_column_type(statement, 0) == SQLITE_FLOAT else {
            return .null
        }
        return .number(sqlite3_column_double(statement, 0))
    }

    private func bind(_ value: SQLCell, at index: Int32) {
        switch value {
        case .integer(let value): sqlite3_bind_int64(statement, index, value)
        case .real(let value): sqlite3_bind_double(statement, index, value)
        default: sqlite3_bind_null(statement, index)
        }
    }
}
