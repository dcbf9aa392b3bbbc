import Foundation
import GRDBSQLite
import Shared

/// A connection for one query: in memory, empty but for the virtual tables, under the policy.
final class SandboxConnection {
    private(set) var database: OpaquePointer?
    let query: QueryContext
    /// Why the authorizer refused, if it did.
    private(set) var refusal: String?
    private let functionNames: Set<String>
    private var tableNames: [String] = []

    init(query: QueryContext, functions: [SQLFunction]) throws(SQLError) {
        self.query = query
        functionNames = Set(functions.map { $0.name.lowercased() })
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX
        guard sqlite3_open_v2(":memory:", &database, flags, nil) == SQLITE_OK else {
            throw .failed("there is no memory for the query")
        }
        // "name" is never taken for a text because no column has that name.
        _disableDoubleQuotedStringLiterals(database)
        // Sorters and groups stay in memory up to 32 MB, then go to temporary files.
        sqlite3_exec(database, "PRAGMA cache_size = -32768", nil, nil, nil)
        for (limit, value) in SandboxPolicy.limits { sqlite3_limit(database, limit, value) }
        for function in functions { _ = function.register(on: database) }
        SandboxPolicy.defend(database)
        protect()
    }

    deinit { sqlite3_close_v2(database) }

    /// Makes a dataset known under a name.
    func add(_ name: String, open: @escaping () throws(StorageError) -> StoredTable) {
        _ = ColumnModule.register(name, ColumnModule.Factory(query: query, open: open), on: database)
        tableNames.append(name)
    }

    private func protect() {
        // Safety: SQLite calls back only while this object lives, since it closes the connection when it goes.
        let this = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_set_authorizer(
            database,
            { this, action, first, second, _, _ in
                guard let this else { return SQLITE_DENY }
                let connection = Unmanaged<SandboxConnection>.fromOpaque(this).takeUnretainedValue()
                return connection.authorize(action, first, second)
            }, this)
        sqlite3_progress_handler(
            database, 2000,
            { this in
                guard let this else { return 1 }
                return Unmanaged<SandboxConnection>.fromOpaque(this).takeUnretainedValue().query.clock.mustStop ? 1 : 0
            }, this)
    }

    private func authorize(_ action: Int32, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?) -> Int32 {
        if query.isDeclaring { return SQLITE_OK }
        let refused = SandboxPolicy.refusal(
            action: action, first: first.map { String(cString: $0) }, second: second.map { String(cString: $0) },
            functions: functionNames)
        guard let refused else { return SQLITE_OK }
        refusal = refusal ?? refused
        return SQLITE_DENY
    }

    /// Compiles one reading statement and binds its parameters. The caller finalizes it.
    func prepare(_ sql: String, params: [JSONValue]) throws(SQLError) -> OpaquePointer? {
        guard !sql.utf8.contains(0) else {
            throw .syntax(message: "the query contains a NUL character", offset: nil, remedy: "Remove it.")
        }
        var statement: OpaquePointer?
        var rest = ""
        let code = sql.withCString { start in
            var tail: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v2(database, start, -1, &statement, &tail)
            rest = tail.map { String(cString: $0) } ?? ""
            return code
        }
        guard code == SQLITE_OK else { throw error(code) }
        guard let statement else {
            throw .syntax(message: "the query is empty", offset: nil, remedy: "Write a SELECT.")
        }
        do throws(SQLError) {
            if SQLToken.scan(rest).contains(where: { $0.text != ";" }) {
                throw .notAllowed("it has more than one statement")
            }
            guard sqlite3_stmt_readonly(statement) != 0, sqlite3_column_count(statement) > 0 else {
                throw .notAllowed("it does not read")
            }
            try bind(params, to: statement)
        } catch {
            sqlite3_finalize(statement)
            throw error
        }
        return statement
    }

    private func bind(_ params: [JSONValue], to statement: OpaquePointer?) throws(SQLError) {
        let wanted = Int(sqlite3_bind_parameter_count(statement))
        guard wanted == params.count else {
            throw .parameter("The query has \(wanted) parameters and \(params.count) values were given")
        }
        for (index, value) in params.enumerated() where !SQLValue.bind(value, to: statement, at: Int32(index + 1)) {
            throw .parameter("Value \(index + 1) is an array or an object")
        }
    }

    /// The reason for a result code of this connection.
    func error(_ code: Int32) -> SQLError {
        if let failure = query.failure { return .storage(failure) }
        if let stopped = query.clock.stopped { return stopped }
        if let refusal { return .notAllowed(refusal) }
        let message = String(cString: sqlite3_errmsg(database))
        if message.contains("may not be modified") || message.contains("may not be dropped")
            || message.contains("may not be altered")
        {
            return .notAllowed(message)
        }
        let offset = sqlite3_error_offset(database)
        // Errors of a running statement have no place; those of compiling have one, or name what is unknown.
        guard offset >= 0 || message.hasPrefix("no such") || message.hasPrefix("incomplete input") else {
            return .failed(message)
        }
        return .syntax(message: message, offset: offset >= 0 ? Int(offset) : nil, remedy: remedy(for: message))
    }

    private func remedy(for message: String) -> String {
        func name(after prefix: String) -> String? {
            message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : nil
        }
        func suggestion(_ name: String, _ candidates: [String], else list: String) -> String {
            Spelling.nearest(to: name, among: candidates).map { "Did you mean \(VirtualTable.quoted($0))?" } ?? list
        }
        if let table = name(after: "no such table: ") {
            let names = tableNames.filter { !$0.contains("@") }
            let shown = names.prefix(20).map(VirtualTable.quoted).joined(separator: ", ")
            return suggestion(
                table, names,
                else: names.isEmpty ? "There are no datasets yet; upload one first." : "The datasets are \(shown).")
        }
        if let column = name(after: "no such column: ") {
            let last = column.split(separator: ".").last.map(String.init) ?? column
            let shown = query.columnsSeen.prefix(20).map(VirtualTable.quoted).joined(separator: ", ")
            return suggestion(last, query.columnsSeen, else: "The columns are \(shown); texts stand in single quotes.")
        }
        if let function = name(after: "no such function: ") {
            return suggestion(
                function, SandboxPolicy.functions.union(functionNames).sorted(),
                else: "See docs/sql.md for the functions there are.")
        }
        return "Correct the query at the place given; names with spaces stand in double quotes, texts in single ones."
    }
}
