import Foundation
import GRDBSQLite

/// What a query may do: read, call harmless functions, recurse. Everything that is not listed is refused.
enum SandboxPolicy {
    /// SQLite's functions that neither leave the query nor take memory without bound (`SQLITE_LIMIT_LENGTH` bounds the rest).
    static let functions: Set<String> = [
        "abs", "avg", "ceil", "ceiling", "char", "coalesce", "concat", "concat_ws", "count", "cume_dist", "date",
        "datetime", "dense_rank", "exp", "first_value", "floor", "format", "glob", "group_concat", "hex", "ifnull",
        "iif", "instr", "json", "json_array", "json_array_length", "json_extract", "json_group_array",
        "json_group_object", "json_object", "json_quote", "json_type", "json_valid", "julianday", "lag", "last_value",
        "lead", "length", "like", "ln", "log", "log10", "log2", "lower", "ltrim", "max", "min", "mod", "nth_value",
        "ntile", "nullif", "octet_length", "percent_rank", "pi", "pow", "power", "printf", "quote", "radians",
        "degrees", "random", "rank", "replace", "round", "row_number", "rtrim", "sign", "sin", "cos", "tan", "asin",
        "acos", "atan", "atan2", "sqrt", "strftime", "string_agg", "substr", "substring", "sum", "time", "timediff",
        "total", "trim", "trunc", "typeof", "unicode", "unixepoch", "upper", "->", "->>",
    ]

    /// Why an action is refused; nil if it is not.
    static func refusal(action: Int32, first: String?, second: String?, functions extra: Set<String>) -> String? {
        switch action {
        case SQLITE_SELECT, SQLITE_RECURSIVE: return nil
        case SQLITE_READ:
            let table = first?.lowercased() ?? ""
            return table.hasPrefix("sqlite_") || table.hasPrefix("pragma_") ? "it reads \(table)" : nil
        case SQLITE_FUNCTION:
            let name = second?.lowercased() ?? ""
            return functions.contains(name) || extra.contains(name) ? nil : "it calls \(name)()"
        default: return "it uses \(name(of: action))"
        }
    }

    private static func name(of action: Int32) -> String {
        switch action {
        case SQLITE_INSERT: "INSERT or CREATE"
        case SQLITE_UPDATE: "UPDATE"
        case SQLITE_DELETE: "DELETE or DROP"
        case SQLITE_PRAGMA: "PRAGMA"
        case SQLITE_ATTACH: "ATTACH"
        case SQLITE_DETACH: "DETACH"
        case SQLITE_TRANSACTION, SQLITE_SAVEPOINT: "a transaction"
        case SQLITE_CREATE_TABLE, SQLITE_CREATE_TEMP_TABLE, SQLITE_CREATE_VTABLE: "CREATE TABLE"
        case SQLITE_CREATE_VIEW, SQLITE_CREATE_TEMP_VIEW: "CREATE VIEW"
        case SQLITE_CREATE_INDEX, SQLITE_CREATE_TEMP_INDEX: "CREATE INDEX"
        case SQLITE_CREATE_TRIGGER, SQLITE_CREATE_TEMP_TRIGGER: "CREATE TRIGGER"
        case SQLITE_DROP_TABLE, SQLITE_DROP_TEMP_TABLE, SQLITE_DROP_VTABLE: "DROP TABLE"
        case SQLITE_ALTER_TABLE: "ALTER TABLE"
        case SQLITE_REINDEX: "REINDEX"
        case SQLITE_ANALYZE: "ANALYZE"
        default: "a statement that does not read"
        }
    }

    /// Bounds on what one statement may be or make.
    static let limits: [(Int32, Int32)] = [
        (SQLITE_LIMIT_LENGTH, 64 << 20),  // bytes of a text or a row
        (SQLITE_LIMIT_SQL_LENGTH, 1 << 20),
        (SQLITE_LIMIT_EXPR_DEPTH, 500),
        (SQLITE_LIMIT_COMPOUND_SELECT, 100),
        (SQLITE_LIMIT_VDBE_OP, 1_000_000),
        (SQLITE_LIMIT_FUNCTION_ARG, 127),
        (SQLITE_LIMIT_ATTACHED, 0),
        (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000),
        (SQLITE_LIMIT_VARIABLE_NUMBER, 10_000),
        (SQLITE_LIMIT_TRIGGER_DEPTH, 0),
        (SQLITE_LIMIT_WORKER_THREADS, 0),
    ]

    /// Puts a connection into defensive mode: whatever a statement does, it cannot corrupt memory structures of SQLite.
    static func defend(_ database: OpaquePointer?) {
        typealias Configure = @convention(c) (OpaquePointer?, Int32, Int32, UnsafeMutablePointer<Int32>?) -> Int32
        // Safety: sqlite3_db_config is variadic in C, which Swift cannot call by name. On Linux's calling conventions for x86-64 and
        // AArch64 a variadic function takes integer and pointer arguments as any other does.
        guard let symbol = dlsym(UnsafeMutableRawPointer(bitPattern: 0), "sqlite3_db_config") else { return }
        let configure = unsafeBitCast(symbol, to: Configure.self)
        for (option, value) in [(SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)] {
            _ = configure(database, option, Int32(value), nil)
        }
    }
}
