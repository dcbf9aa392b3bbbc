import GRDBSQLite
import Shared
import Tabular

/// A dataset as a table of SQL, for the length of one query.
///
/// `rowid` is the row's number from 1. Columns: integers as INTEGER, decimals as REAL, booleans as INTEGER 0 and 1, dates and timestamps as
/// ISO text, texts as TEXT.
final class VirtualTable {
    let table: StoredTable
    let query: QueryContext
    let types: [ColumnType]
    /// Names as SQL has them: without regard to case, no two are equal.
    let names: [String]
    // Of `EqualityIndex`, by column.
    var indexes: [Int: EqualityIndex] = [:]
    var lookups: [Int: Int] = [:]
    // By column << 32 | row group.
    var keptColumns: [Int: ScanColumn] = [:]
    var keptBytes = 0
    private var zonesByColumn: [Int: [SegmentZone?]] = [:]

    /// SQLite's own limit on the columns of a table; wider datasets show their first ones.
    static let columnLimit = 2000

    init(_ table: StoredTable, query: QueryContext) {
        self.table = table
        self.query = query
        let columns = table.version.columns.prefix(Self.columnLimit)
        types = columns.map(\.type)
        names = Self.distinct(columns.map(\.name))
    }

    /// Bounds of a column's row groups, read once a query; nil for a group that says nothing about the column's values.
    func zones(_ column: Int) throws(StorageError) -> [SegmentZone?] {
        if let known = zonesByColumn[column] { return known }
        let zones = try table.usableZones(column)
        zonesByColumn[column] = zones
        return zones
    }

    /// `CREATE TABLE` as SQLite wants it declared.
    var declaration: String {
        let columns = zip(names, types).map { name, type in
            let affinity =
                switch type {
                case .integer, .boolean: "INTEGER"
                case .decimal: "REAL"
                case .date, .timestamp, .text: "TEXT"
                }
            return Self.quoted(name) + " " + affinity
        }
        return "CREATE TABLE t(" + columns.joined(separator: ", ") + ")"
    }

    /// An SQL name in quotes.
    static func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }

    /// Names of which no two are equal without regard to ASCII case: later ones get `_2`, `_3`, ...
    static func distinct(_ names: [String]) -> [String] {
        var taken = Set(names.map { $0.lowercased() })
        var seen: Set<String> = []
        return names.map { name in
            if seen.insert(name.lowercased()).inserted { return name }
            var number = 2
            while taken.contains("\(name)_\(number)".lowercased()) { number += 1 }
            taken.insert("\(name)_\(number)".lowercased())
            return "\(name)_\(number)"
        }
    }
}

/// What the virtual tables and the sandbox of one query share; used by the query's thread only.
final class QueryContext {
    let clock: QueryClock
    /// The first thing that went wrong in a virtual table.
    var failure: StorageError?
    /// While SQLite parses the declaration of a virtual table it asks the authorizer as if a table were made.
    var isDeclaring = false
    /// Names of the columns of every table that the query has touched, for suggestions.
    var columnsSeen: [String] = []

    /// Whether OFFSET may be taken over. SQLite 3.40 offers it also when a condition compares two columns of the row, and does not
    /// offer that condition: so only queries without any condition may.
    let hasConditions: Bool

    init(clock: QueryClock, _ tokens: [SQLToken]) {
        self.clock = clock
        hasConditions = tokens.contains { $0.kind == .word && $0.text.asciiLowercased == "where" }
    }
}
