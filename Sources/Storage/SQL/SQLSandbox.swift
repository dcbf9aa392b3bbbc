import Foundation
import Shared
import Synchronization

/// What a query gave.
package struct SQLResult: Sendable {
    package var columns: [String]
    package var rows: [[JSONValue]]
    /// Whether rows were left off because of a cap.
    package var truncated: Bool
    package var elapsedSeconds: Double
    /// Whether the native path answered.
    package var isNative: Bool
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
    /// Whether queries that the native path understands go by it.
    private let usesNativePath: Bool

    package init(catalogue: Catalogue, usesNativePath: Bool = true) {
        self.catalogue = catalogue
        self.usesNativePath = usesNativePath
    }

    /// Adds a function to all later queries, in place of one of the same name.
    package func register(_ function: SQLFunction) {
        functions.withLock { functions in
            functions.removeAll { $0.name.lowercased() == function.name.lowercased() }
            functions.append(function)
        }
    }

    /// Runs a query to its end.
    ///
    /// Throws: every case of `SQLError`. Rows past a cap are left off and `truncated` says so; time and cancellation are errors.
    package func run(
        _ sql: String, params: [JSONValue] = [], limits: SQLLimits = SQLLimits(),
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws(SQLError) -> SQLResult {
        try Self.collect(try open(sql, params: params, limits: limits, isCancelled: isCancelled))
    }

    /// Begins a query, whose rows then come in batches.
    ///
    /// Throws: as `run`.
    package func open(
        _ sql: String, params: [JSONValue] = [], limits: SQLLimits = SQLLimits(),
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws(SQLError) -> SQLQuery {
        let clock = QueryClock(seconds: limits.timeoutSeconds, isCancelled: isCancelled)
        let tokens = SQLToken.scan(sql)
        if let query = try native(sql, tokens, params, limits, clock, table: namedTable) { return query }
        let names = try datasetNames()
        let connection = try SandboxConnection(
            query: QueryContext(clock: clock, tokens), functions: functions.withLock { $0 })
        for name in names {
            connection.add(name) { [catalogue] () throws(StorageError) in try catalogue.table(name) }
        }
        for reference in Set(tokens.filter { $0.kind == .quotedName && $0.text.contains("@") }.map(\.text)) {
            guard let (name, version) = Self.versioned(reference), let known = Self.match(name, names) else { continue }
            connection.add(reference) { [catalogue] () throws(StorageError) in
                try catalogue.table(known, version: version)
            }
        }
        return SQLQuery(connection, try connection.prepare(sql, params: params), limits: limits)
    }

    /// Runs SQL of our own making over one table, known as the dataset's name.
    func run(
        _ sql: String, params: [JSONValue], over table: StoredTable, limits: SQLLimits,
        isCancelled: @escaping @Sendable () -> Bool
    ) throws(SQLError) -> SQLResult {
        try Self.collect(try open(sql, params: params, over: table, limits: limits, isCancelled: isCancelled))
    }

    /// As `run`, with the rows in batches.
    func open(
        _ sql: String, params: [JSONValue], over table: StoredTable, limits: SQLLimits,
        isCancelled: @escaping @Sendable () -> Bool
    ) throws(SQLError) -> SQLQuery {
        let clock = QueryClock(seconds: limits.timeoutSeconds, isCancelled: isCancelled)
        let tokens = SQLToken.scan(sql)
        let name = table.dataset.name
        let found = try native(sql, tokens, params, limits, clock) { asked in
            asked.asciiLowercased == name.asciiLowercased ? table : nil
        }
        if let found { return found }
        let connection = try SandboxConnection(
            query: QueryContext(clock: clock, tokens), functions: functions.withLock { $0 })
        connection.add(name) { table }
        return SQLQuery(connection, try connection.prepare(sql, params: params), limits: limits)
    }

    /// The query by the native path, with its first batch; nil where SQLite is to answer.
    private func native(
        _ sql: String, _ tokens: [SQLToken], _ params: [JSONValue], _ limits: SQLLimits, _ clock: QueryClock,
        table: (String) throws(StorageError) -> StoredTable?
    ) throws(SQLError) -> SQLQuery? {
        guard usesNativePath, tokens.first?.text.asciiLowercased == "select", !sql.utf8.contains(0) else { return nil }
        let (rowLimit, overflow) = limits.maxRows.addingReportingOverflow(1)
        return try SQLQuery.run {
            do {
                let query = try NativeQuery(
                    sql, tokens, parameters: params, rowLimit: overflow ? .max : rowLimit, table: table)
                let first = try query.next(clock)
                clock.pause()
                return SQLQuery(native: query, first: first, limits: limits, clock: clock)
            } catch is NativeRefusal {
                return nil
            }
        }
    }

    /// The dataset that a query names; nil where there is none.
    private func namedTable(_ name: String) throws(StorageError) -> StoredTable? {
        let (base, version) = Self.versioned(name) ?? (name, nil)
        do {
            let table = try catalogue.table(base, version: version)
            // The catalogue knows datasets by their ids too.
            return Self.match(base, [table.dataset.name]) == nil ? nil : table
        } catch .datasetNotFound, .versionNotFound {
            return nil
        }
    }

    private func datasetNames() throws(SQLError) -> [String] {
        do { return try catalogue.datasetNames() } catch { throw .storage(error) }
    }

    /// A name and a version of `"name@3"`.
    private static func versioned(_ reference: String) -> (String, Int?)? {
        guard let at = reference.lastIndex(of: "@"), let version = Int(reference[reference.index(after: at)...]) else {
            return nil
        }
        return (String(reference[..<at]), version)
    }

    private static func match(_ name: String, _ names: [String]) -> String? {
        names.first { $0.lowercased() == name.lowercased() }
    }

    private static func collect(_ query: SQLQuery) throws(SQLError) -> SQLResult {
        var result = SQLResult(
            columns: query.columns, rows: [], truncated: false, elapsedSeconds: 0, isNative: query.isNative)
        while let batch = try query.next() { result.rows += batch.values }
        result.truncated = query.truncated
        result.elapsedSeconds = query.elapsedSeconds
        return result
    }
}
