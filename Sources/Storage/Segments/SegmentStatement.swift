import Foundation
import GRDBSQLite
import Tabular

/// Where a segment is.
struct SegmentKey: Hashable, Sendable {
    var file: String
    var column: Int
    var rowGroup: Int

    /// For messages.
    var place: String { "segment file \(file), column \(column), row group \(rowGroup)" }
}

/// A decoded chunk that many readers share.
package final class ChunkBox: CachedValues {
    package let chunk: ColumnChunk
    /// Memory it holds.
    let bytes: Int

    init(_ chunk: ColumnChunk) {
        self.chunk = chunk
        let values =
            switch chunk.values {
            case .integers(let values): values.count * 8
            case .decimals(let values, _): values.count * 8
            case .doubles(let values): values.count * 8
            case .booleans(let values): values.count
            case .texts(let texts): texts.bytes.count + texts.offsets.count * 4
            case .dictionary(let codes, let texts): codes.count * 4 + texts.bytes.count + texts.offsets.count * 4
            }
        bytes = values + (chunk.nulls?.words.count ?? 0) * 8 + chunk.exceptions.texts.bytes.count + 256
    }
}

/// Statements over one segment file.
enum SegmentStatement {
    /// Reads, verifies and decodes one segment.
    ///
    /// Throws: `damaged` if it is missing, its checksum does not match, or its bytes do not decode to as many rows as it claims.
    static func read(_ database: OpaquePointer?, _ key: SegmentKey) throws(StorageError) -> ColumnChunk {
        try withRow(database, key) { row throws(CodecError) in
            let chunk = try SegmentCodec.decode(
                row.payload, version: row.version, rows: row.rows, checksum: row.checksum)
            guard chunk.rows == row.rows else { throw .malformed("number of rows") }
            return chunk
        }
    }

    /// Reads and verifies one segment and leaves it as it is stored.
    ///
    /// Throws: `damaged` if it is missing or its checksum does not match.
    static func packed(_ database: OpaquePointer?, _ key: SegmentKey) throws(StorageError) -> PackedSegment {
        try withRow(database, key) { row throws(CodecError) in
            try SegmentCodec.verify(row.payload, checksum: row.checksum)
            return PackedSegment(
                key: key, payload: [UInt8](row.payload), version: row.version, rows: row.rows,
                isCompressed: row.encoding == StreamEncoding.plainTexts.rawValue)
        }
    }

    /// A stored row; the payload is there while the row is.
    private struct Row {
        var rows: Int
        var checksum: UInt64
        var payload: UnsafeRawBufferPointer
        var version: Int
        var encoding: UInt8
    }

    private static func withRow<T>(
        _ database: OpaquePointer?, _ key: SegmentKey, _ body: (Row) throws(CodecError) -> T
    ) throws(StorageError) -> T {
        let place = key.place
        var statement: OpaquePointer?
        let sql = "SELECT rows, checksum, payload, version, encoding FROM segment WHERE id = ?"
        try check(sqlite3_prepare_v2(database, sql, -1, &statement, nil), database, place)
        defer { sqlite3_finalize(statement) }
        sqlite3_bind_int64(statement, 1, Int64(key.column) << 32 | Int64(key.rowGroup))
        let code = sqlite3_step(statement)
        guard code == SQLITE_ROW else {
            if code == SQLITE_DONE { throw .damaged(what: place, detail: "it is missing") }
            try check(code, database, place)
            throw .damaged(what: place, detail: "it cannot be read")
        }
        let row = Row(
            rows: Int(sqlite3_column_int64(statement, 0)),
            checksum: UInt64(bitPattern: sqlite3_column_int64(statement, 1)),
            payload: UnsafeRawBufferPointer(
                start: sqlite3_column_blob(statement, 2), count: Int(sqlite3_column_bytes(statement, 2))),
            version: Int(sqlite3_column_int64(statement, 3)),
            encoding: UInt8(truncatingIfNeeded: sqlite3_column_int64(statement, 4)))
        do throws(CodecError) {
            return try body(row)
        } catch {
            throw .damaged(what: place, detail: error.problem.detail)
        }
    }

    /// The zone maps of `groups` row groups of a column from `first` on, without reading payloads: nulls and bounds of each.
    static func zones(
        _ database: OpaquePointer?, file: String, column: Int, first: Int, groups: Int
    ) throws(StorageError) -> [SegmentZone] {
        let place = "segment file \(file), column \(column)"
        var statement: OpaquePointer?
        let sql = "SELECT rows, nulls, min, max FROM segment WHERE id >= ? AND id < ? ORDER BY id"
        try check(sqlite3_prepare_v2(database, sql, -1, &statement, nil), database, place)
        defer { sqlite3_finalize(statement) }
        let start = Int64(column) << 32 | Int64(first)
        sqlite3_bind_int64(statement, 1, start)
        sqlite3_bind_int64(statement, 2, start + Int64(groups))
        var zones: [SegmentZone] = []
        while true {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE { break }
            guard code == SQLITE_ROW else {
                try check(code, database, place)
                break
            }
            zones.append(
                SegmentZone(
                    rows: Int(sqlite3_column_int64(statement, 0)), nulls: Int(sqlite3_column_int64(statement, 1)),
                    zone: zone(statement, at: 2)))
        }
        guard zones.count == groups else { throw .damaged(what: place, detail: "row groups are missing") }
        return zones
    }

    static func rowCounts(_ database: OpaquePointer?) throws(StorageError) -> [Int] {
        try integers(database, "SELECT rows FROM row_group ORDER BY row_group")
    }

    static func integers(_ database: OpaquePointer?, _ sql: String) throws(StorageError) -> [Int] {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v2(database, sql, -1, &statement, nil), database, "a segment file")
        defer { sqlite3_finalize(statement) }
        var values: [Int] = []
        while true {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE { return values }
            if code != SQLITE_ROW { try check(code, database, "a segment file") }
            values.append(Int(sqlite3_column_int64(statement, 0)))
        }
    }

    /// Binds a bound: exact texts as text, cut ones as a blob of their prefix.
    static func bind(_ bound: ZoneValue?, to statement: OpaquePointer?, at index: Int32) {
        switch bound {
        case nil: break
        case .integer(let value): sqlite3_bind_int64(statement, index, value)
        case .real(let value): sqlite3_bind_double(statement, index, value)
        case .text(let prefix, true):
            sqlite3_bind_text(statement, index, prefix, Int32(clamping: prefix.utf8.count), transient)
        case .text(let prefix, false):
            sqlite3_bind_blob(statement, index, prefix, Int32(clamping: prefix.utf8.count), transient)
        }
    }

    private static func zone(_ statement: OpaquePointer?, at index: Int32) -> ZoneMap? {
        func bytes(_ index: Int32) -> [UInt8] {
            let start = sqlite3_column_blob(statement, index)
            return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index))))
        }
        switch sqlite3_column_type(statement, index) {
        case SQLITE_INTEGER:
            return .integers(sqlite3_column_int64(statement, index), sqlite3_column_int64(statement, index + 1))
        case SQLITE_FLOAT:
            return .reals(sqlite3_column_double(statement, index), sqlite3_column_double(statement, index + 1))
        case SQLITE_NULL: return nil
        default:
            // No UTF-8 text has the byte FF, so the prefix with it is above every text that begins with the prefix.
            let cut = sqlite3_column_type(statement, index + 1) == SQLITE_BLOB
            return .texts(lower: bytes(index), upper: bytes(index + 1) + (cut ? [0xFF] : []))
        }
    }

    private static func check(_ code: Int32, _ database: OpaquePointer?, _ place: String) throws(StorageError) {
        guard code != SQLITE_OK else { return }
        throw StorageError(
            sqlite: sqlite3_extended_errcode(database),
            message: database.map { String(cString: sqlite3_errmsg($0)) } ?? "", doing: "reading \(place)")
    }
}

/// `SQLITE_TRANSIENT`: SQLite copies the bytes before the call returns.
// Safety: -1 is the value that SQLite documents for it; the pointer is compared, never called.
nonisolated(unsafe) let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
