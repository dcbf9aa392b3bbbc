import Shared
import Tabular

/// The smaller table of a join in memory, its rows by the value of the column that is joined on.
// Safety: written by the initialiser, only read afterwards.
final class JoinTable: @unchecked Sendable {
    /// Rows of the table; more are left to the virtual table's index.
    static let rowLimit = 1 << 20

    let columns: [ColumnReference: ScanColumn]
    /// The column of the scanned table.
    let probeColumn: ColumnReference
    private enum Keys {
        /// First row + 1 of the number `least + place`.
        case dense(least: Int64, firsts: [UInt32])
        case numbers([Int64: UInt32])
        case texts(TextInterner, firsts: [UInt32])
    }

    private let keys: Keys
    /// Next row + 1 with the value of the row, 0 for none.
    private let nexts: [UInt32]

    /// - Parameters:
    ///   - on: the column of each table, of one kind: integers, booleans or texts.
    ///   - filter: rows of this table that take part; all without.
    init(
        _ scope: QueryScope, side: Int, on: (own: ColumnReference, probe: ColumnReference),
        columns wanted: Set<ColumnReference>, filter: RowFilter?
    ) throws {
        let table = scope.sources[side].table
        guard table.rows <= Self.rowLimit else { throw NativeRefusal("both tables are large") }
        var columns: [ColumnReference: ScanColumn] = [:]
        for column in wanted.union([on.own]).union(filter?.columns ?? []) where column.side == side {
            columns[column] = try Self.whole(table, column.column)
        }
        guard let own = columns[on.own] else { throw NativeRefusal("join") }
        self.columns = columns
        probeColumn = on.probe
        let rows = try Self.rows(table.rows, columns, filter)
        var nexts = [UInt32](repeating: 0, count: table.rows)
        // From the last row to the first, so that the rows of a value ascend.
        func link(_ first: inout UInt32, _ row: Int) {
            nexts[row] = first
            first = UInt32(row) + 1
        }
        switch own.layout {
        case .integers
        where own.rows == 0
            || own.greatest.subtractingReportingOverflow(own.least).partialValue < 1 << 21
                && own.greatest.subtractingReportingOverflow(own.least).partialValue >= 0:
            let least = own.rows == 0 ? 0 : own.least
            var firsts = [UInt32](repeating: 0, count: own.rows == 0 ? 1 : Int(own.greatest - least) + 1)
            for row in rows.reversed() where !own.isNull(row) { link(&firsts[Int(own.number(row) - least)], row) }
            keys = .dense(least: least, firsts: firsts)
        case .integers:
            var firsts: [Int64: UInt32] = [:]
            for row in rows.reversed() where !own.isNull(row) { link(&firsts[own.number(row), default: 0], row) }
            keys = .numbers(firsts)
        case .texts, .dictionary:
            var interner = TextInterner()
            var firsts: [UInt32] = []
            for row in rows.reversed() where !own.isNull(row) {
                let code = interner.code(own.text(ofRow: row))
                if code == firsts.count { firsts.append(0) }
                link(&firsts[code], row)
            }
            keys = .texts(interner, firsts: firsts)
        case .fixed, .reals: throw NativeRefusal("join on reals")
        }
        self.nexts = nexts
    }

    /// All row groups of a column as one.
    private static func whole(_ table: StoredTable, _ column: Int) throws -> ScanColumn {
        if table.groups == 1 { return try table.scanColumn(column, group: 0) }
        var chunks: [ColumnChunk] = []
        for group in 0..<table.groups { chunks.append(try table.chunk(column: column, group: group)) }
        guard let whole = ColumnChunk.concatenated(chunks) else { throw NativeRefusal("no rows to join") }
        if case .timestamp = whole.type { throw NativeRefusal("joined timestamps in several row groups") }
        return ScanColumn(whole)
    }

    private static func rows(
        _ count: Int, _ columns: [ColumnReference: ScanColumn], _ filter: RowFilter?
    ) throws -> [Int] {
        guard let filter else { return Array(0..<count) }
        let mask = PredicateMask(filter.predicate, filter.program)
        let values = RowGroupValues(rows: count, columns)
        let buffer = UnsafeMutablePointer<UInt32>.allocate(capacity: BlockRows.capacity)
        defer { buffer.deallocate() }
        var rows: [Int] = []
        for start in stride(from: 0, to: count, by: BlockRows.capacity) {
            let found = mask.select(start..<min(start + BlockRows.capacity, count), values, to: buffer)
            for index in 0..<found { rows.append(Int(buffer[index])) }
        }
        return rows
    }

    /// First row + 1 with a number, 0 for none.
    @inline(__always)
    func first(_ number: Int64) -> UInt32 {
        switch keys {
        case .dense(let least, let firsts):
            let place = number.subtractingReportingOverflow(least)
            return !place.overflow && place.partialValue >= 0 && place.partialValue < firsts.count
                ? firsts[Int(place.partialValue)] : 0
        case .numbers(let firsts): return firsts[number] ?? 0
        case .texts: return 0
        }
    }

    func first(_ text: UnsafeRawBufferPointer) -> UInt32 {
        guard case .texts(let interner, let firsts) = keys else { return 0 }
        return interner.find(text).map { firsts[$0] } ?? 0
    }

    @inline(__always)
    func next(_ match: UInt32) -> UInt32 { nexts[Int(match) - 1] }
}

/// Looks the rows of one row group up in the joined table.
struct JoinProbe {
    private let table: JoinTable
    private let column: ScanColumn
    /// First match of each text of a dictionary, or of each number of a small range.
    private var firsts: [UInt32] = []

    init(_ table: JoinTable, _ values: RowGroupValues) {
        self.table = table
        column = values[table.probeColumn]
        switch column.layout {
        case .dictionary: firsts = (0..<column.textCount).map { table.first(column.text(at: $0)) }
        case .integers where column.width > 0 && column.width <= 2:
            firsts = (column.least...column.greatest).map { table.first($0) }
        default: break
        }
    }

    /// First match + 1 of a row, 0 for none.
    @inline(__always)
    func first(_ row: Int) -> UInt32 {
        if column.isNull(row) { return 0 }
        switch column.layout {
        case .dictionary: return firsts[Int(column.number(row))]
        case .texts: return table.first(column.text(at: row))
        default:
            let number = column.number(row)
            return firsts.isEmpty ? table.first(number) : firsts[Int(number &- column.least)]
        }
    }

    @inline(__always)
    func next(_ match: UInt32) -> UInt32 { table.next(match) }
}
