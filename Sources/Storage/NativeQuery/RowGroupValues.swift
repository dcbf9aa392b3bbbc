import Shared
import Tabular

/// The columns that a query reads, of one row group of the table that is scanned and of the whole joined table.
struct RowGroupValues {
    let group: Int
    /// Number of the group's first row in the dataset.
    let firstRow: Int
    let rows: Int
    private let columns: [ColumnReference: ScanColumn]

    /// Reads the columns of the table of `side`; those of the other one are given.
    init(
        _ table: StoredTable, group: Int, columns wanted: Set<ColumnReference>, side: Int = 0,
        joined: [ColumnReference: ScanColumn] = [:]
    ) throws(StorageError) {
        self.group = group
        firstRow = table.rowStarts[group]
        rows = table.rowStarts[group + 1] - firstRow
        var columns = joined
        for column in wanted where column.side == side && column.column >= 0 {
            columns[column] = try table.scanColumn(column.column, group: group)
        }
        self.columns = columns
    }

    /// A whole table as one row group.
    init(rows: Int, _ columns: [ColumnReference: ScanColumn]) {
        group = 0
        firstRow = 0
        self.rows = rows
        self.columns = columns
    }

    /// A column that the query was found to read.
    subscript(column: ColumnReference) -> ScanColumn {
        guard let values = columns[column] else { preconditionFailure("a column that was not asked for") }
        return values
    }
}

/// Rows of a block: a range of the row group, or places in it and in the joined table.
struct BlockRows {
    var count: Int
    /// First row where the rows follow one another.
    var start = 0
    /// Rows of the first and the joined table; nil where rows follow one another.
    var places: (UnsafePointer<UInt32>?, UnsafePointer<UInt32>?) = (nil, nil)

    /// Rows that are computed at once: small enough for the fastest caches.
    static let capacity = 2048

    @inline(__always)
    func row(_ index: Int, side: Int) -> Int {
        if let places = side == 0 ? places.0 : places.1 { return Int(places[index]) }
        return start + index
    }
}
