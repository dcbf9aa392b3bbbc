import Shared
import Tabular

/// The rows of a column by value, for joins and IN lists that look one column up again and again.
///
/// SQLite makes automatic indexes for tables of its own only; without this, a join of two datasets would scan the inner one for every row of
/// the outer one.
struct EqualityIndex {
    /// Ascending, with `rows`; rows of one key ascend too.
    private let keys: [UInt64]
    private let rows: [UInt32]

    /// Datasets with more rows are scanned: an entry has 12 bytes.
    static let rowLimit = 8 << 20
    /// Look-ups of a column in one query from which on sorting it pays.
    static let lookupThreshold = 4

    /// Nil rows have no entry.
    ///
    /// - Complexity: O(rows log rows)
    init(_ table: StoredTable, column: Int) throws(StorageError) {
        var entries: [(key: UInt64, row: UInt32)] = []
        entries.reserveCapacity(table.rows)
        for group in 0..<table.groups {
            let start = UInt32(table.rowStarts[group])
            Self.forEachKey(try table.chunk(column: column, group: group)) { row, key in
                entries.append((key, start + UInt32(row)))
            }
        }
        entries.sort { $0.key == $1.key ? $0.row < $1.row : $0.key < $1.key }
        keys = entries.map(\.key)
        rows = entries.map(\.row)
    }

    /// Rows whose value may be the one that the filter asks for, ascending: all that have it, and rarely one more text with the same hash.
    func rows(_ key: UInt64) -> ArraySlice<UInt32> {
        let first = lowerBound(key)
        var end = first
        while end < keys.count, keys[end] == key { end += 1 }
        return rows[first..<end]
    }

    private func lowerBound(_ key: UInt64) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The key that a filter asks for; nil if it asks for more than one value.
    static func key(_ filter: ColumnFilter) -> UInt64? {
        switch filter {
        case .integers(let low, let high) where low == high: return UInt64(bitPattern: low)
        case .reals(let low, let high) where low == high: return key(low)
        case .texts(let lower?, true, let upper?, true) where lower == upper: return lower.withUnsafeBytes { key($0) }
        default: return nil
        }
    }

    /// Zero has two signs and one key.
    private static func key(_ value: Double) -> UInt64 { value == 0 ? 0 : value.bitPattern }

    private static func key(_ text: UnsafeRawBufferPointer) -> UInt64 { Checksum64.of(text) }

    private static func forEachKey(_ chunk: ColumnChunk, _ body: (Int, UInt64) -> Void) {
        func each(_ key: (Int) -> UInt64) {
            for row in 0..<chunk.rows where chunk.nulls?.isNull(row) != true { body(row, key(row)) }
        }
        switch chunk.values {
        case .integers(let values): each { UInt64(bitPattern: values[$0]) }
        case .booleans(let values): each { UInt64(values[$0]) }
        case .decimals, .doubles:
            let values = TableColumn(name: "", type: .decimal, chunks: [chunk]).numbers()
            each { key(values[$0]) }
        case .texts(let texts): each { texts.withText($0, key) }
        case .dictionary(let codes, let entries):
            let keys = (0..<entries.count).map { entries.withText($0, key) }
            each { keys[Int(codes[$0])] }
        }
    }
}

extension VirtualTable {
    /// The index of a column, once a query has looked it up often enough; nil for columns that are scanned.
    func index(_ column: Int) throws(StorageError) -> EqualityIndex? {
        if let known = indexes[column] { return known }
        guard table.rows <= EqualityIndex.rowLimit, types[column] != .date, types[column] != .timestamp else {
            return nil
        }
        lookups[column, default: 0] += 1
        guard lookups[column, default: 0] > EqualityIndex.lookupThreshold else { return nil }
        let index = try EqualityIndex(table, column: column)
        indexes[column] = index
        return index
    }

    /// A column's row group; those in use are kept while 64 MB hold them, beside the cache of all queries.
    func column(_ column: Int, group: Int) throws(StorageError) -> ScanColumn {
        let place = column << 32 | group
        if let known = keptColumns[place] { return known }
        if keptBytes > 64 << 20 {
            keptColumns.removeAll(keepingCapacity: true)
            keptBytes = 0
        }
        let values = try table.scanColumn(column, group: group)
        keptColumns[place] = values
        keptBytes += values.bytes
        return values
    }
}
