import GRDBSQLite
import Shared
import Tabular

/// Writes a table into an SQLite file of its own, as anybody would make it: one row a row, types declared.
///
/// Dates and timestamps are ISO text, booleans 0 and 1; a cell without a value is NULL.
package final class TableFile {
    /// SQLite's own limit on the columns of a table.
    package static let columnLimit = 2000

    private var database: OpaquePointer?
    private var insertion: OpaquePointer?
    private let path: String
    private var text: [UInt8] = []

    /// Begins an empty file at `path` with one table.
    ///
    /// Throws: `full` and `io` for what the disk refuses.
    package init(path: String, table: String, columns: [(name: String, type: ColumnType)]) throws(StorageError) {
        self.path = path
        let names = VirtualTable.distinct(columns.map(\.name)).map(VirtualTable.quoted)
        let declared = zip(names, columns).map { name, column in
            switch column.type {
            case .integer: name + " INTEGER"
            case .decimal: name + " REAL"
            case .boolean: name + " BOOLEAN"
            case .date: name + " DATE"
            case .timestamp: name + " TIMESTAMP"
            case .text: name + " TEXT"
            }
        }
        try check(
            sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil))
        // The file is thrown away unless it becomes whole, and whoever downloads it syncs it himself.
        try run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
        try run("CREATE TABLE \(VirtualTable.quoted(table)) (\(declared.joined(separator: ", ")))")
        let marks = repeatElement("?", count: columns.count).joined(separator: ", ")
        try check(
            sqlite3_prepare_v2(
                database, "INSERT INTO \(VirtualTable.quoted(table)) VALUES (\(marks))", -1, &insertion, nil))
    }

    deinit {
        sqlite3_finalize(insertion)
        sqlite3_close_v2(database)
    }

    /// Adds the rows of one row group, one chunk a column.
    package func append(_ chunks: [ColumnChunk], rows: Int) throws(StorageError) {
        for row in 0..<rows {
            for (index, chunk) in chunks.enumerated() { bind(chunk, row, at: Int32(index + 1)) }
            let code = sqlite3_step(insertion)
            sqlite3_reset(insertion)
            try check(code == SQLITE_DONE ? SQLITE_OK : code)
        }
    }

    /// The file is whole after this.
    package func finish() throws(StorageError) {
        try run("COMMIT")
        sqlite3_finalize(insertion)
        insertion = nil
        try check(sqlite3_close(database))
        database = nil
    }

    private func bind(_ chunk: ColumnChunk, _ row: Int, at index: Int32) {
        if chunk.nulls?.isNull(row) == true {
            sqlite3_bind_null(insertion, index)
            return
        }
        switch (chunk.type, chunk.values) {
        case (.integer, .integers(let values)): sqlite3_bind_int64(insertion, index, values[row])
        case (.boolean, .booleans(let flags)): sqlite3_bind_int64(insertion, index, Int64(flags[row]))
        case (.decimal, _): sqlite3_bind_double(insertion, index, chunk.number(at: row))
        default:
            text.removeAll(keepingCapacity: true)
            chunk.appendCanonicalText(at: row, to: &text)
            text.withUnsafeBytes { bytes in
                // Without a byte the pointer may be nil, which would bind NULL.
                let start = bytes.baseAddress.map { $0.assumingMemoryBound(to: CChar.self) }
                // Safety: the buffer holds bytes, which is what SQLite copies.
                _ =
                    start.map { sqlite3_bind_text(insertion, index, $0, Int32(clamping: bytes.count), transient) }
                    ?? sqlite3_bind_text(insertion, index, "", 0, transient)
            }
        }
    }

    private func run(_ sql: String) throws(StorageError) { try check(sqlite3_exec(database, sql, nil, nil, nil)) }

    private func check(_ code: Int32) throws(StorageError) {
        guard code != SQLITE_OK else { return }
        throw StorageError(
            sqlite: code, message: database.map { String(cString: sqlite3_errmsg($0)) } ?? "", doing: "writing \(path)")
    }
}
