import Foundation
import GRDBSQLite
import Shared

/// A scalar function that queries may call, such as `predict('model', ...)`.
package struct SQLFunction: Sendable {
    package var name: String
    /// Number of arguments; nil for any.
    package var arguments: Int?
    /// Gets the arguments of one row. An error's text becomes the query's (`sql.failed`).
    package var body: @Sendable ([JSONValue]) throws -> JSONValue

    package init(
        name: String, arguments: Int? = nil, body: @escaping @Sendable ([JSONValue]) throws -> JSONValue
    ) {
        self.name = name
        self.arguments = arguments
        self.body = body
    }

    private final class Box {
        let body: @Sendable ([JSONValue]) throws -> JSONValue
        init(_ body: @escaping @Sendable ([JSONValue]) throws -> JSONValue) { self.body = body }
    }

    /// Adds the function to a connection.
    func register(on database: OpaquePointer?) -> Int32 {
        let box = Unmanaged.passRetained(Box(body)).toOpaque()
        return sqlite3_create_function_v2(
            database, name, Int32(arguments ?? -1), SQLITE_UTF8, box,
            { context, count, values in
                // Safety: the user data is the box that was retained above, until SQLite calls the last argument.
                guard let data = sqlite3_user_data(context) else { return }
                let box = Unmanaged<Box>.fromOpaque(data).takeUnretainedValue()
                do {
                    let arguments = (0..<Int(count)).map { SQLValue.json(values?[$0]) }
                    SQLValue.result(try box.body(arguments), to: context)
                } catch {
                    let text = (error as? Problem)?.detail ?? String(describing: error)
                    sqlite3_result_error(context, text, -1)
                }
            }, nil, nil, { data in if let data { Unmanaged<Box>.fromOpaque(data).release() } })
    }
}

/// SQLite's values as JSON values and back.
enum SQLValue {
    static func json(_ value: OpaquePointer?) -> JSONValue {
        switch sqlite3_value_type(value) {
        case SQLITE_INTEGER: .integer(sqlite3_value_int64(value))
        case SQLITE_FLOAT: .number(sqlite3_value_double(value))
        case SQLITE_TEXT: .string(text(sqlite3_value_text(value), count: sqlite3_value_bytes(value)))
        case SQLITE_BLOB: .string(hex(sqlite3_value_blob(value), count: sqlite3_value_bytes(value)))
        default: .null
        }
    }

    /// A blob of a result row as hexadecimal digits.
    static func hex(_ statement: OpaquePointer?, column: Int32) -> String {
        hex(sqlite3_column_blob(statement, column), count: sqlite3_column_bytes(statement, column))
    }

    private static func text(_ start: UnsafePointer<UInt8>?, count: Int32) -> String {
        String(decoding: UnsafeBufferPointer(start: start, count: Int(count)), as: UTF8.self)
    }

    /// Blobs, which JSON does not have, as hexadecimal digits.
    private static func hex(_ start: UnsafeRawPointer?, count: Int32) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in UnsafeRawBufferPointer(start: start, count: Int(count)) {
            text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func result(_ value: JSONValue, to context: OpaquePointer?) {
        switch value {
        case .null: sqlite3_result_null(context)
        case .bool(let value): sqlite3_result_int(context, value ? 1 : 0)
        case .integer(let value): sqlite3_result_int64(context, value)
        case .number(let value): sqlite3_result_double(context, value)
        case .string(let value): sqlite3_result_text(context, value, Int32(clamping: value.utf8.count), transient)
        case .array, .object:
            let text = (try? WireJSON.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
            sqlite3_result_text(context, text, Int32(clamping: text.utf8.count), transient)
        }
    }

    /// False for a value that SQL does not have.
    static func bind(_ value: JSONValue, to statement: OpaquePointer?, at index: Int32) -> Bool {
        switch value {
        case .null: sqlite3_bind_null(statement, index)
        case .bool(let value): sqlite3_bind_int(statement, index, value ? 1 : 0)
        case .integer(let value): sqlite3_bind_int64(statement, index, value)
        case .number(let value): sqlite3_bind_double(statement, index, value)
        case .string(let value):
            sqlite3_bind_text(statement, index, value, Int32(clamping: value.utf8.count), transient)
        case .array, .object: return false
        }
        return true
    }
}
