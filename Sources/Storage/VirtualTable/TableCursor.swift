import GRDBSQLite
import Shared
import Tabular

/// A scan of a dataset by SQLite: the row groups that the bounds cannot rule out, in each the rows that pass the filters.
///
/// Columns are decoded when they are first asked for in a row group: a column that no one reads costs nothing.
final class TableCursor {
    private let owner: VirtualTable
    private var filters: [(column: Int, filter: ColumnFilter)] = []
    /// Row numbers from 0 that the scan may answer.
    private var wanted: Range<Int> = 0..<0
    private var skip = 0
    private var group = 0
    private var groupStart = 0
    private var loaded: [ScanColumn?]
    /// Rows of the group that pass, when filters apply; else the range `position ..< end` is meant itself.
    private var selection: [UInt32] = []
    private var selects = false
    private var position = 0
    private var end = 0
    private(set) var atEnd = true
    /// Rows found by an index, instead of row groups.
    private var listed: ArraySlice<UInt32>?

    init(_ owner: VirtualTable) {
        self.owner = owner
        loaded = Array(repeating: nil, count: owner.types.count)
    }

    /// The row's number in the dataset, from 0.
    var row: Int { groupStart + local }

    /// The row's number in its group, from 0.
    private var local: Int { selects ? Int(selection[position]) : position }

    /// Starts a scan.
    func start(_ plan: ScanPlan, _ values: UnsafeMutablePointer<OpaquePointer?>?) throws(StorageError) {
        filters.removeAll(keepingCapacity: true)
        wanted = 0..<owner.table.rows
        skip = 0
        for (index, term) in plan.terms.enumerated() {
            let value = values?[index]
            switch term {
            case .column(let column, let comparison):
                filters.append((column, ColumnFilter.make(comparison, value, on: owner.types[column])))
            case .row(let comparison): restrict(comparison, value)
            case .offset: skip = Int(clamping: max(0, sqlite3_value_int64(value)))
            }
        }
        if filters.contains(where: { $0.filter == .nothing }) { wanted = 0..<0 }
        leaveGroup()
        listed = nil
        if !wanted.isEmpty, let rows = try indexedRows() {
            listed = rows
            return try nextListed()
        }
        group = owner.table.group(of: wanted.lowerBound) - 1
        try nextGroup()
    }

    /// The rows of the first filter that asks for one value of a column with an index.
    private func indexedRows() throws(StorageError) -> ArraySlice<UInt32>? {
        for (column, filter) in filters {
            if let key = EqualityIndex.key(filter), let index = try owner.index(column) { return index.rows(key) }
        }
        return nil
    }

    /// Finds the next listed row that passes.
    private func nextListed() throws(StorageError) {
        while let next = listed?.popFirst() {
            let row = Int(next)
            guard wanted.contains(row) else { continue }
            if row < groupStart || row >= owner.table.rowStarts[min(group, owner.table.groups - 1) + 1] || end == 0 {
                leaveGroup()
                group = owner.table.group(of: row)
                groupStart = owner.table.rowStarts[group]
            }
            position = row - groupStart
            end = position + 1
            if try !passes(position) { continue }
            if skip > 0 {
                skip -= 1
                continue
            }
            atEnd = false
            return
        }
        atEnd = true
    }

    private func passes(_ row: Int) throws(StorageError) -> Bool {
        for (column, filter) in filters {
            let values = try load(column)
            if !values.keeps(filter, row) { return false }
        }
        return true
    }

    /// Moves to the next row of the scan.
    @inline(__always)
    func advance() throws(StorageError) {
        if listed != nil { return try nextListed() }
        position += 1
        if position >= end { try nextGroup() }
    }

    /// The current value of a column, to SQLite.
    func result(_ column: Int, to context: OpaquePointer?) throws(StorageError) {
        if column < 0 || column >= loaded.count { return sqlite3_result_int64(context, Int64(row) + 1) }
        if let known = loaded[column] { return known.result(local, to: context) }
        try load(column).result(local, to: context)
    }

    private func restrict(_ comparison: ColumnFilter.Comparison, _ value: OpaquePointer?) {
        switch ColumnFilter.make(comparison, value, on: .integer) {
        case .nothing, .null: wanted = 0..<0
        case .integers(let low, let high):
            // rowid is the row's number from 1.
            let lower = low <= 1 ? 0 : Int(clamping: low - 1)
            let upper = high < 1 ? 0 : Int(clamping: high)
            wanted = lower < upper ? wanted.clamped(to: lower..<upper) : 0..<0
        default: break
        }
    }

    @discardableResult
    private func load(_ column: Int) throws(StorageError) -> ScanColumn {
        if let known = loaded[column] { return known }
        let values = try owner.column(column, group: group)
        loaded[column] = values
        return values
    }

    private func leaveGroup() {
        for column in loaded.indices where loaded[column] != nil { loaded[column] = nil }
        selects = false
        position = 0
        end = 0
    }

    /// Finds the next row group with a row that passes.
    private func nextGroup() throws(StorageError) {
        while true {
            leaveGroup()
            group += 1
            guard !wanted.isEmpty, group < owner.table.groups, owner.table.rowStarts[group] < wanted.upperBound else {
                atEnd = true
                return
            }
            // SQLite's own handler does not run while a scan finds nothing.
            guard !owner.query.clock.mustStop else {
                atEnd = true
                return
            }
            groupStart = owner.table.rowStarts[group]
            let groupEnd = owner.table.rowStarts[group + 1]
            position = max(wanted.lowerBound, groupStart) - groupStart
            end = min(wanted.upperBound, groupEnd) - groupStart
            try select()
            let count = end - position
            if skip >= count {
                skip -= max(count, 0)
                continue
            }
            position += skip
            skip = 0
            atEnd = false
            return
        }
    }

    /// Applies the filters to the group's `position ..< end`.
    private func select() throws(StorageError) {
        var open: [(column: Int, filter: ColumnFilter)] = []
        for (column, filter) in filters {
            guard let zone = try owner.zones(column)[group] else {
                // Without bounds it is not known whether the texts of the days are in their order.
                let type = owner.types[column]
                if type == .date || type == .timestamp, case .integers = filter { continue }
                open.append((column, filter))
                continue
            }
            guard applies(filter, to: zone, type: owner.types[column]) else { continue }
            switch filter.verdict(zone, type: owner.types[column]) {
            case .none:
                end = position
                return
            case .all: continue
            case .some: open.append((column, filter))
            }
        }
        guard !open.isEmpty, position < end else { return }
        selection.removeAll(keepingCapacity: true)
        for row in position..<end { selection.append(UInt32(truncatingIfNeeded: row)) }
        let marks = UnsafeMutablePointer<UInt8>.allocate(capacity: end - position)
        defer { marks.deallocate() }
        let block = BlockRows(count: end - position, start: position)
        for (column, filter) in open {
            var verdicts: [UInt8]?
            try load(column).mark(filter, block, &verdicts, to: marks)
            selection.removeAll { marks[Int($0) - block.start] != 1 }
        }
        selects = true
        position = 0
        end = selection.count
    }

    /// Filters on dates hold where texts are in the order of time: from year 0 to 9999.
    private func applies(_ filter: ColumnFilter, to zone: SegmentZone, type: ColumnType) -> Bool {
        guard type == .date || type == .timestamp, case .integers = filter else { return true }
        guard case .integers(let least, let greatest) = zone.zone else { return zone.nulls == zone.rows }
        let unit: Int64 = type == .date ? 1 : 86_400_000_000
        let days = ColumnFilter.calendarDays
        return least >= days.lowerBound * unit && greatest < (days.upperBound + 1) * unit
    }
}
