import Shared

/// A value of a row as it is: a column or a computed number.
enum RowValue: Hashable {
    case column(ColumnReference)
    case number(register: Int, isReal: Bool)

    var column: ColumnReference? { if case .column(let column) = self { column } else { nil } }
}

/// A query whose rows are rows of the table.
// Safety: values that no one changes once the query is planned.
struct RowScan: @unchecked Sendable {
    let table: StoredTable
    let items: [RowValue]
    let program: NumericProgram
    let filter: RowFilter?
    let order: [ResultOrder<RowValue>]
    /// Nil for all.
    let limit: Int?
    let offset: Int

    /// What a condition and an order need of a row group.
    var scannedColumns: Set<ColumnReference> {
        (filter?.columns ?? []).union(order.compactMap(\.node.column)).union(program.columns)
    }

    /// What the answer needs.
    var shownColumns: Set<ColumnReference> { Set(items.compactMap(\.column)).union(program.columns) }

    /// Appends a row's cells. The evaluator has computed a block in which the row is at `index`.
    func append(
        _ row: Int, at index: Int, _ values: RowGroupValues, _ evaluator: BlockEvaluator, to batch: inout RowBatch
    ) {
        for item in items {
            switch item {
            case .column(let column): values[column].append(row, to: &batch)
            case .number(let register, let isReal):
                if evaluator.nulls(register)?[index] == 1 {
                    batch.appendNull()
                } else if isReal {
                    batch.append(real: evaluator.reals(register)[index])
                } else {
                    batch.append(integer: evaluator.integers(register)[index])
                }
            }
        }
    }
}

extension ScanColumn {
    /// Appends the value as SQL has it.
    @inline(__always)
    func append(_ row: Int, to batch: inout RowBatch) {
        if isNull(row) { return batch.appendNull() }
        switch layout {
        case .integers:
            guard type == .date || type == .timestamp else { return batch.append(integer: number(row)) }
            batch.append { ISOText.append(number(row), type: type, isZoned: isZoned, to: &$0) }
        case .fixed, .reals: batch.append(real: real(row))
        case .texts, .dictionary: batch.append(text: text(ofRow: row))
        }
    }
}

/// Rows in the order of the table, a block at a time.
final class RowStream {
    private let scan: RowScan
    private let evaluator: BlockEvaluator
    private let mask: PredicateMask?
    private let selection = BlockBuffer<UInt32>()
    private var values: RowGroupValues?
    private var verdict = ColumnFilter.Verdict.some
    private var group = -1
    private var position = 0
    private var toSkip: Int
    private var left: Int

    init(_ scan: RowScan) {
        self.scan = scan
        evaluator = BlockEvaluator(scan.program)
        mask = scan.filter.map { PredicateMask($0.predicate, $0.program) }
        toSkip = scan.offset
        left = scan.limit ?? .max
    }

    /// The next rows, nil after the last. `clock` is asked once a block.
    func next(_ clock: QueryClock) throws -> RowBatch? {
        while left > 0 {
            if clock.mustStop { throw clock.stopped ?? .cancelled }
            if values == nil, try !openGroup() { return nil }
            guard let values else { return nil }
            let range = position..<min(position + BlockRows.capacity, values.rows)
            position = range.upperBound
            if position >= values.rows { self.values = nil }
            let batch = try rows(range, values)
            if batch.rows > 0 { return batch }
        }
        return nil
    }

    /// Opens the next row group in which rows may be wanted.
    private func openGroup() throws -> Bool {
        while true {
            group += 1
            guard group < scan.table.groups else { return false }
            verdict = scan.filter?.verdict(group) ?? .all
            if verdict == .none { continue }
            let rows = scan.table.version.rowCounts[group]
            position = 0
            if verdict == .all {
                if toSkip >= rows {
                    toSkip -= rows
                    continue
                }
                position = toSkip
                toSkip = 0
            }
            values = try RowGroupValues(
                scan.table, group: group, columns: scan.scannedColumns.union(scan.shownColumns))
            return true
        }
    }

    private func rows(_ range: Range<Int>, _ values: RowGroupValues) throws -> RowBatch {
        var batch = RowBatch(width: scan.items.count)
        var block = BlockRows(count: range.count, start: range.lowerBound)
        if verdict == .some, let mask {
            var count = mask.select(range, values, to: selection.start)
            let skipped = min(toSkip, count)
            toSkip -= skipped
            count -= skipped
            block = BlockRows(count: min(count, left))
            block.places.0 = UnsafePointer(selection.start + skipped)
        } else {
            block.count = min(block.count, left)
        }
        guard block.count > 0 else { return batch }
        left -= block.count
        evaluator.run(block, values)
        for index in 0..<block.count {
            scan.append(block.row(index, side: 0), at: index, values, evaluator, to: &batch)
        }
        return batch
    }
}
