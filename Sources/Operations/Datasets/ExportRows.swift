import Shared
import Storage
import Tabular

/// The rows and columns of a version that are downloaded, one row group at a time.
struct ExportRows: Sendable {
    let table: StoredTable
    /// Places of the columns, in the order wanted.
    let columns: [Int]
    /// One flag a row; nil for all.
    let kept: [Bool]?
    /// The first row group with a row in it.
    let firstGroup: Int?

    init(_ table: StoredTable, columns: [Int], kept: [Bool]?) {
        self.table = table
        self.columns = columns
        self.kept = kept
        firstGroup =
            kept.map { kept in kept.firstIndex(of: true).map { table.group(of: $0) } } ?? (table.rows > 0 ? 0 : nil)
    }

    var names: [String] { columns.map { table.version.columns[$0].name } }
    var types: [(name: String, type: ColumnType)] {
        columns.map { (table.version.columns[$0].name, table.version.columns[$0].type) }
    }
    var groups: Int { table.groups }
    var rows: Int { kept?.count { $0 } ?? table.rows }

    /// The chunks of a row group, and their rows.
    func chunks(_ group: Int) throws -> (chunks: [ColumnChunk], rows: Int) {
        let chunks = try columns.map { try table.chunk(column: $0, group: group) }
        let count = table.version.rowCounts[group]
        guard let kept else { return (chunks, count) }
        let start = table.rowStarts[group]
        let rows = (0..<count).filter { kept[start + $0] }
        if rows.count == count { return (chunks, count) }
        return (chunks.map { $0.filter(rows: rows) }, rows.count)
    }
}
