import Foundation
import GRDBSQLite
import Shared
import Synchronization

/// What a query gave.
package struct SQLResult: Sendable {
    package var columns: [String]
    package var rows: [[JSONValue]]
    /// Whether rows were left off because of a cap.
    package var truncated: Bool
    package var elapsedSeconds: Double

    package var reply: SQLReply {
        SQLReply(columns: columns, rows: rows, truncated: truncated, elapsedMs: elapsedSeconds * 1000)
    }
}

/// The bounds of one query.
package struct SQLLimits: Sendable {
    package var timeoutSeconds: Double
    package var maxRows: Int
    /// Of values, counted as 16 bytes and the length of a text.
    package var maxBytes: Int

    package init(timeoutSeconds: Double = 10, maxRows: Int = 10_000, maxBytes: Int = 32 << 20) {
        self.timeoutSeconds = timeoutSeconds
        self.maxRows = maxRows
        self.maxBytes = maxBytes
    }
}

/// Runs clients' SQL over datasets: one SELECT at a time, each on a connection of its own in which nothing else exists.
///
/// A dataset is a table by its name, its version 3 is `"name@3"`. Calls block for as long as the query runs: make them from a thread of
/// their own.
package final class SQLSandbox: Sendable {
    private let catalogue: Catalogue
    private let functions = Mutex<[SQLFunction]>([])

    package init(catalogue: Catalogue) { self.catalogue = catalogue }

    /// Adds a function to all later queries, in place of one of the same name.
    package func register(_ function: SQLFunction) {
        functions.withLock { functions in
            functions.removeAll { $0.name.lowercased() == function.name.lowercased() }
            functions.append(function)
        }
    }

    /// Runs a query.
    ///
    /// Throws: every case of `SQLError`. Rows past a cap are left off and `truncated` says so; time and cancellation are errors.
    package func run(
        _ sql: String, params: [JSONValue] = [], limits: SQLLimits = SQLLimits(),
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws(SQLError) -> SQLResult {
        let started = DispatchTime.now().uptimeNanoseconds
        let names = try datasetNames()
        let tokens = SQLToken.scan(sql)
        let query = QueryContext(
            clock: QueryClock(seconds: limits.timeoutSeconds, isCancelled: isCancelled),
            hasConditions: tokens.contains { $0.kind == .word && $0.text.lowercased() == "where" })
        if params.isEmpty, var counted = try count(sql, tokens, names) {
            counted.elapsedSeconds = Double(DispatchTime.now().uptimeNanoseconds - started) / 1e9
            return counted
        }
        let connection = try SandboxConnection(query: query, functions: functions.withLock { $0 })
        for name in names {
            connection.add(name) { [catalogue] () throws(StorageError) in try catalogue.table(name) }
        }
        for reference in Set(tokens.filter { $0.kind == .quotedName && $0.text.contains("@") }.map(\.text)) {
            guard let (name, version) = Self.versioned(reference, names) else { continue }
            connection.add(reference) { [catalogue] () throws(StorageError) in
                try catalogue.table(name, version: version)
            }
        }
        var result = try Self.collect(sql, params, limits, connection)
        result.elapsedSeconds = Double(DispatchTime.now().uptimeNanoseconds - started) / 1e9
        return result
    }

    /// Runs SQL of our own making over one table, known as the dataset's name.
    func run(
        _ sql: String, params: [JSONValue], over table: StoredTable, limits: SQLLimits,
        isCancelled: @escaping @Sendable () -> Bool
    ) throws(SQLError) -> SQLResult {
        let query = QueryContext(
            clock: QueryClock(seconds: limits.timeoutSeconds, isCancelled: isCancelled), hasConditions: true)
        let connection = try SandboxConnection(query: query, functions: functions.withLock { $0 })
        connection.add(table.dataset.name) { table }
        return try Self.collect(sql, params, limits, connection)
    }

    private func datasetNames() throws(SQLError) -> [String] {
        do { return try catalogue.datasetNames() } catch { throw .storage(error) }
    }

    /// A name and a version of `"name@3"`, if there is such a dataset.
    private static func versioned(_ reference: String, _ names: [String]) -> (String, Int)? {
        guard let at = reference.lastIndex(of: "@"), let version = Int(reference[reference.index(after: at)...]) else {
            return nil
        }
        let wanted = reference[..<at].lowercased()
        return names.first { $0.lowercased() == wanted }.map { ($0, version) }
    }

    /// `SELECT count(*) FROM dataset` and nothing else, which the catalogue answers.
    private func count(_ sql: String, _ tokens: [SQLToken], _ names: [String]) throws(SQLError) -> SQLResult? {
        let words = tokens.map { $0.kind == .word ? $0.text.lowercased() : $0.text }
        guard words.count == 7 || (words.count == 8 && words[7] == ";"),
            words.prefix(6) == ["select", "count", "(", "*", ")", "from"],
            tokens[6].kind == .word || tokens[6].kind == .quotedName,
            let name = names.first(where: { $0.lowercased() == tokens[6].text.lowercased() }),
            let from = sql.range(of: "from", options: .caseInsensitive),
            let select = sql.range(of: "select", options: .caseInsensitive), select.upperBound < from.lowerBound
        else { return nil }
        let title = sql[select.upperBound..<from.lowerBound].trimmingCharacters(in: .whitespacesAndNewlines)
        do {
            let rows = try catalogue.version(of: name).rows
            return SQLResult(columns: [title], rows: [[.integer(Int64(rows))]], truncated: false, elapsedSeconds: 0)
        } catch {
            throw .storage(error)
        }
    }

    private static func collect(
        _ sql: String, _ params: [JSONValue], _ limits: SQLLimits, _ connection: SandboxConnection
    ) throws(SQLError) -> SQLResult {
        let statement = try connection.prepare(sql, params: params)
        defer { sqlite3_finalize(statement) }
        let count = sqlite3_column_count(statement)
        var result = SQLResult(
            columns: (0..<count).map { sqlite3_column_name(statement, $0).map { String(cString: $0) } ?? "" }, rows: [],
            truncated: false, elapsedSeconds: 0)
        var bytes = 0
        while true {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE {
                // A scan that was stopped ends like one that is over.
                if let stopped = connection.query.clock.stopped { throw stopped }
                return result
            }
            guard code == SQLITE_ROW else { throw connection.error(code) }
            if result.rows.count >= limits.maxRows || bytes >= limits.maxBytes {
                result.truncated = true
                return result
            }
            let row = (0..<count).map { SQLValue.json(statement, column: $0) }
            for case .string(let text) in row { bytes += text.utf8.count }
            bytes += row.count * 16
            result.rows.append(row)
        }
    }
}
