import Shared

/// The groups of one row group.
struct GroupPartial {
    var keys: GroupKeys
    /// Rows of each group.
    var rows: [Int64]
    var aggregates: [PartialAggregate]
    /// For each `count(DISTINCT)`: pairs of a group and a value, each once.
    var distinct: [(pairs: LocalKeyTable, values: GroupKeys)]
    let values: RowGroupValues
}

/// What all row groups of a grouped query share.
// Safety: values that no one changes once the query is planned.
struct GroupScan: @unchecked Sendable {
    let table: StoredTable
    /// The side of the table that is scanned.
    let side: Int
    let plan: GroupPlan
    let program: NumericProgram
    let filter: RowFilter?
    let join: JoinTable?
    let scope: QueryScope
    let columns: Set<ColumnReference>

    /// `count(*)` of a whole table, which is known.
    var needsNoRows: Bool {
        filter == nil && join == nil && plan.keys.isEmpty && plan.aggregates.allSatisfy { $0.function == .rows }
    }
}

/// Groups row groups one after the other, in memory that it keeps. One for each thread.
final class GroupWorker {
    private let scan: GroupScan
    private let evaluator: BlockEvaluator
    private let mask: PredicateMask?
    private let scratch: KeyScratch
    private let buffers = BlockBuffer<UInt32>(blocks: 5)
    private var selected: UnsafeMutablePointer<UInt32> { buffers[0] }
    private var joined: (UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<UInt32>) { (buffers[1], buffers[2]) }
    private var groups: UnsafeMutablePointer<UInt32> { buffers[3] }
    private var distinctGroups: UnsafeMutablePointer<UInt32> { buffers[4] }

    init(_ scan: GroupScan) {
        self.scan = scan
        evaluator = BlockEvaluator(scan.program)
        mask = scan.filter.map { PredicateMask($0.predicate, $0.program) }
        scratch = KeyScratch(columns: max(scan.plan.keys.count, 2))
    }

    /// Nil for a row group in which the bounds rule every row out.
    func run(group: Int) throws -> GroupPartial? {
        let verdict = scan.filter?.verdict(group) ?? .all
        if verdict == .none { return nil }
        let values = try RowGroupValues(
            scan.table, group: group, columns: scan.columns, side: scan.side, joined: scan.join?.columns ?? [:])
        var partial = try start(values)
        let probe = scan.join.map { JoinProbe($0, values) }
        var start = 0
        while start < values.rows {
            let range = start..<min(start + BlockRows.capacity, values.rows)
            start = range.upperBound
            var block = BlockRows(count: range.count, start: range.lowerBound)
            if verdict == .some, let mask {
                block.count = mask.select(range, values, to: selected)
                if block.count == 0 { continue }
                if block.count < range.count { block.place(selected, side: scan.side) }
            }
            if let probe {
                join(block, probe, values, &partial)
            } else {
                add(block, values, &partial)
            }
        }
        return partial
    }

    private func start(_ values: RowGroupValues) throws -> GroupPartial {
        var partial = GroupPartial(
            keys: try GroupKeys(scan.plan.keys, values), rows: [], aggregates: [], distinct: [], values: values)
        for aggregate in scan.plan.aggregates {
            partial.aggregates.append(try PartialAggregate(aggregate, values, scan.scope))
            guard aggregate.function == .countDistinct else { continue }
            let key: GroupPlan.Key =
                switch aggregate.input {
                case .column(let column, _): .column(column)
                case .number(let register, let isReal): .number(register: register, isReal: isReal)
                case .none: throw NativeRefusal("count(DISTINCT *)")
                }
            partial.distinct.append((LocalKeyTable(width: 2), try GroupKeys([key], values)))
        }
        return partial
    }

    /// Adds each row with each of its matches in the joined table.
    private func join(_ block: BlockRows, _ probe: JoinProbe, _ values: RowGroupValues, _ partial: inout GroupPartial) {
        let (own, other) = scan.side == 0 ? (joined.0, joined.1) : (joined.1, joined.0)
        var count = 0
        func flush(_ partial: inout GroupPartial) {
            guard count > 0 else { return }
            var pairs = BlockRows(count: count)
            pairs.places = (UnsafePointer(joined.0), UnsafePointer(joined.1))
            add(pairs, values, &partial)
            count = 0
        }
        for index in 0..<block.count {
            let row = block.row(index, side: scan.side)
            var match = probe.first(row)
            while match > 0 {
                if count == BlockRows.capacity { flush(&partial) }
                own[count] = UInt32(truncatingIfNeeded: row)
                other[count] = match - 1
                count += 1
                match = probe.next(match)
            }
        }
        flush(&partial)
    }

    private func add(_ rows: BlockRows, _ values: RowGroupValues, _ partial: inout GroupPartial) {
        evaluator.run(rows, values)
        let isGrouped = !scan.plan.keys.isEmpty
        if isGrouped { partial.keys.number(rows, evaluator, scratch, to: groups) }
        let count = isGrouped ? partial.keys.count : 1
        if partial.rows.count < count {
            partial.rows.append(contentsOf: repeatElement(0, count: count - partial.rows.count))
            for place in partial.aggregates.indices { partial.aggregates[place].grow(to: count) }
        }
        if isGrouped {
            partial.rows.withUnsafeMutableBufferPointer { target in
                for index in 0..<rows.count { target[Int(groups[index])] &+= 1 }
            }
        } else {
            partial.rows[0] += Int64(rows.count)
        }
        var place = 0
        for index in partial.aggregates.indices {
            partial.aggregates[index].add(rows, groups: isGrouped ? UnsafePointer(groups) : nil, evaluator, values)
            if partial.aggregates[index].aggregate.function == .countDistinct {
                addDistinct(rows, isGrouped, &partial.distinct[place])
                place += 1
            }
        }
    }

    private func addDistinct(
        _ rows: BlockRows, _ isGrouped: Bool, _ distinct: inout (pairs: LocalKeyTable, values: GroupKeys)
    ) {
        distinct.values.number(rows, evaluator, scratch, to: distinctGroups)
        let (owners, codes) = (scratch.column(0), scratch.column(1))
        for index in 0..<rows.count {
            owners[index] = isGrouped ? Int64(groups[index]) : 0
            codes[index] = Int64(distinctGroups[index])
        }
        distinct.pairs.number([owners, codes], count: rows.count, to: distinctGroups)
    }
}

extension BlockRows {
    /// Makes the rows of one table places.
    mutating func place(_ rows: UnsafeMutablePointer<UInt32>, side: Int) {
        if side == 0 { places.0 = UnsafePointer(rows) } else { places.1 = UnsafePointer(rows) }
    }
}
