import Shared

/// A query that is answered from the columns themselves, without SQLite.
///
/// Values, their types, nulls, order and titles are SQLite's; sums of reals may differ from its in the last digits, since they are added
/// in another order (and within a row group exactly).
final class NativeQuery {
    let titles: [String]
    private let plan: NativePlan
    private var stream: RowStream?
    private var batches: [RowBatch]?

    /// Reads and plans a query.
    ///
    /// - Parameters:
    ///   - table: the dataset of a name; nil where there is none.
    ///   - rowLimit: rows that are asked for at most.
    /// - Throws: `NativeRefusal` for whatever is left to SQLite, and what reading bounds throws.
    init(
        _ sql: String, _ tokens: [SQLToken], parameters: [JSONValue], rowLimit: Int,
        table: (String) throws(StorageError) -> StoredTable?
    ) throws {
        var parser = QueryParser(sql, tokens, parameters: parameters)
        var statement = try parser.statement()
        if !statement.order.isEmpty, statement.limit ?? .max > rowLimit { statement.limit = rowLimit }
        let planner = try QueryPlanner(statement, QueryScope(statement, table: table))
        titles = planner.titles
        plan = try planner.plan()
        if case .rows(let scan) = plan, scan.order.isEmpty { stream = RowStream(scan) }
        if case .rows(let scan) = plan, !scan.order.isEmpty, let limit = scan.limit {
            // More are left to SQLite's sorter, which goes to files.
            let (wanted, overflow) = limit.addingReportingOverflow(scan.offset)
            guard !overflow, wanted <= 1 << 18 else { throw NativeRefusal("many rows in order") }
        }
    }

    /// The next rows, nil after the last.
    ///
    /// - Throws: `NativeRefusal` from the first call only, when the data is not for the native path; `SQLError` when the time is over;
    ///   `StorageError` for damage.
    func next(_ clock: QueryClock) throws -> RowBatch? {
        if let stream { return try stream.next(clock) }
        if batches == nil { batches = try answer(clock).reversed() }
        return batches?.popLast()
    }

    private func answer(_ clock: QueryClock) throws -> [RowBatch] {
        switch plan {
        case .groups(let scan, let output): return try groups(scan, output, clock)
        case .rows(let scan): return try firstRows(scan, clock)
        }
    }

    private func groups(_ scan: GroupScan, _ output: GroupOutput, _ clock: QueryClock) throws -> [RowBatch] {
        let table = GroupTable(scan.plan, output.kinds)
        if scan.needsNoRows {
            table.addRows(scan.table.rows)
        } else {
            try RowGroupPass(groups: scan.table.groups, clock: clock).run(
                makeWorker: { GroupWorker(scan) }, work: { try $0.run(group: $1) }, join: { try table.add($0) })
        }
        let functions = ScalarFunctions()
        var rows: [(order: [SQLCell], cells: [SQLCell])] = []
        let order = output.order + output.ties
        for group in 0..<table.count {
            let (keys, results) = (table.keys(group), table.results(group))
            if let having = output.having, having.value(keys, results, functions).truth != true { continue }
            rows.append(
                (
                    order.map { $0.node.value(keys, results, functions) },
                    output.items.map { $0.value(keys, results, functions) }
                ))
            if rows.count & 0xFFF == 0, clock.mustStop { throw clock.stopped ?? .cancelled }
        }
        rows.sort { a, b in
            for (place, term) in order.enumerated() {
                let order = term.order(a.order[place], b.order[place])
                if order != 0 { return order < 0 }
            }
            return false
        }
        let shown = rows.dropFirst(output.offset).prefix(output.limit ?? .max)
        return Self.batches(width: titles.count, shown.lazy.map(\.cells))
    }

    private static func batches(width: Int, _ rows: some Sequence<[SQLCell]>) -> [RowBatch] {
        var batches: [RowBatch] = []
        var batch = RowBatch(width: width)
        for row in rows {
            for cell in row { batch.append(cell) }
            if batch.rows >= 1024 || batch.size > 1 << 20 {
                batches.append(batch)
                batch = RowBatch(width: width)
            }
        }
        return batch.rows > 0 ? batches + [batch] : batches
    }

    private func firstRows(_ scan: RowScan, _ clock: QueryClock) throws -> [RowBatch] {
        let limit = (scan.limit ?? 0) + scan.offset
        guard limit > 0 else { return [] }
        var best = TopRows(limit: limit, order: scan.order)
        // Safety: written between batches only, on the thread that runs them.
        let bound = Locked<Int64?>(nil)
        try RowGroupPass(groups: scan.table.groups, clock: clock).run(
            makeWorker: { TopRowsWorker(scan) },
            work: { try $0.run(group: $1, limit: limit, bound: bound.current) },
            join: { rows in
                for row in rows { best.insert(row) }
                bound.withLock { $0 = best.bound }
            })
        return try show(best.sorted().dropFirst(scan.offset).map(\.row), scan)
    }

    /// The cells of rows in a given order.
    private func show(_ rows: [Int], _ scan: RowScan) throws -> [RowBatch] {
        let evaluator = BlockEvaluator(scan.program)
        var groups: [Int: RowGroupValues] = [:]
        var batches: [RowBatch] = []
        var batch = RowBatch(width: titles.count)
        for row in rows {
            let group = scan.table.group(of: row)
            let values =
                try groups[group] ?? RowGroupValues(scan.table, group: group, columns: scan.shownColumns)
            groups[group] = values
            evaluator.run(BlockRows(count: 1, start: row - values.firstRow), values)
            scan.append(row - values.firstRow, at: 0, values, evaluator, to: &batch)
            if batch.rows >= 1024 || batch.size > 1 << 20 {
                batches.append(batch)
                batch = RowBatch(width: titles.count)
            }
        }
        return batch.rows > 0 ? batches + [batch] : batches
    }
}
