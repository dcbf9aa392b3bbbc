import GRDBSQLite
import Tabular

extension ScanColumn {
    /// Hands a value to SQLite as the result of a column.
    @inline(__always)
    func result(_ row: Int, to context: OpaquePointer?) {
        if isNull(row) { return sqlite3_result_null(context) }
        switch layout {
        case .integers:
            guard type == .date || type == .timestamp else { return sqlite3_result_int64(context, number(row)) }
            let text = ISOText.bytes(number(row), type: type, isZoned: isZoned)
            text.withUnsafeBytes { Self.result($0, to: context) }
        case .fixed, .reals: sqlite3_result_double(context, real(row))
        case .texts: Self.result(text(at: row), to: context)
        case .dictionary: Self.result(text(at: Int(number(row))), to: context)
        }
    }

    private static func result(_ text: UnsafeRawBufferPointer, to context: OpaquePointer?) {
        // A null pointer would be a null, not an empty text.
        if text.isEmpty { return sqlite3_result_text(context, "", 0, transient) }
        // TRANSIENT: max() and min() keep values of rows that are long gone; a static pointer would show them others.
        sqlite3_result_text64(
            context, text.bindMemory(to: CChar.self).baseAddress, UInt64(text.count), transient, UInt8(SQLITE_UTF8))
    }
}
