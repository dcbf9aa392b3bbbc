import Shared

/// A row that may be among the first of an order.
struct RankedRow {
    /// Of the first key: less is earlier. Equal ranks decide nothing.
    var rank: Int64
    var keys: [SQLCell]
    var row: Int
}

/// The first rows of an order: a heap with the last of them at its top, never larger than what is wanted.
struct TopRows {
    private let limit: Int
    private let order: [ResultOrder<RowValue>]
    private(set) var rows: [RankedRow] = []

    init(limit: Int, order: [ResultOrder<RowValue>]) {
        self.limit = limit
        self.order = order
    }

    /// No row with a greater rank is among the first; nil while there is room.
    var bound: Int64? { rows.count < limit ? nil : rows.first?.rank ?? .min }

    /// Whether `a` comes before `b`; rows that the keys leave equal are in the order of the table.
    private func precedes(_ a: RankedRow, _ b: RankedRow) -> Bool {
        if a.rank != b.rank { return a.rank < b.rank }
        for (place, term) in order.enumerated() {
            let order = term.order(a.keys[place], b.keys[place])
            if order != 0 { return order < 0 }
        }
        return a.row < b.row
    }

    /// - Complexity: O(log limit)
    mutating func insert(_ row: RankedRow) {
        if rows.count < limit {
            rows.append(row)
            var child = rows.count - 1
            while child > 0 {
                let parent = (child - 1) / 2
                guard precedes(rows[parent], rows[child]) else { return }
                rows.swapAt(parent, child)
                child = parent
            }
            return
        }
        guard limit > 0, precedes(row, rows[0]) else { return }
        rows[0] = row
        var parent = 0
        while true {
            var last = parent
            for child in [parent * 2 + 1, parent * 2 + 2] where child < rows.count && precedes(rows[last], rows[child])
            {
                last = child
            }
            if last == parent { return }
            rows.swapAt(parent, last)
            parent = last
        }
    }

    /// The rows in order.
    ///
    /// - Complexity: O(limit log limit)
    func sorted() -> [RankedRow] { rows.sorted(by: precedes) }
}

/// Finds the first rows of an order in one row group after the other. One for each thread.
final class TopRowsWorker {
    private let scan: RowScan
    private let evaluator: BlockEvaluator
    private let mask: PredicateMask?
    private let selection = BlockBuffer<UInt32>()
    private let rankBuffer = BlockBuffer<Int64>()
    private let nullBuffer = BlockBuffer<UInt8>()
    private var ranks: UnsafeMutablePointer<Int64> { rankBuffer.start }
    private var nulls: UnsafeMutablePointer<UInt8> { nullBuffer.start }

    init(_ scan: RowScan) {
        self.scan = scan
        evaluator = BlockEvaluator(scan.program)
        mask = scan.filter.map { PredicateMask($0.predicate, $0.program) }
    }

    /// - Parameter bound: no row with a greater rank is wanted.
    func run(group: Int, limit: Int, bound: Int64?) throws -> [RankedRow]? {
        let verdict = scan.filter?.verdict(group) ?? .all
        if verdict == .none { return nil }
        let values = try RowGroupValues(scan.table, group: group, columns: scan.scannedColumns)
        for case .column(let column) in scan.order.map(\.node) {
            let type = values[column].type
            if type == .date || type == .timestamp, !values[column].isInTextOrder {
                throw NativeRefusal("times whose texts are in another order")
            }
        }
        var best = TopRows(limit: limit, order: scan.order)
        for start in stride(from: 0, to: values.rows, by: BlockRows.capacity) {
            let range = start..<min(start + BlockRows.capacity, values.rows)
            var block = BlockRows(count: range.count, start: start)
            if verdict == .some, let mask {
                block = BlockRows(count: mask.select(range, values, to: selection.start))
                block.places.0 = UnsafePointer(selection.start)
            }
            evaluator.run(block, values)
            add(block, values, bound, to: &best)
        }
        return best.rows
    }

    private func add(_ block: BlockRows, _ values: RowGroupValues, _ bound: Int64?, to best: inout TopRows) {
        rank(block, values)
        var limit = min(bound ?? .max, best.bound ?? .max)
        for index in 0..<block.count where ranks[index] <= limit {
            let row = block.row(index, side: 0)
            let keys = scan.order.map { key($0.node, row, index, values) }
            best.insert(RankedRow(rank: ranks[index], keys: keys, row: values.firstRow + row))
            if let own = best.bound { limit = min(limit, own) }
        }
    }

    private func key(_ node: RowValue, _ row: Int, _ index: Int, _ values: RowGroupValues) -> SQLCell {
        switch node {
        case .column(let column): return values[column].cell(row)
        case .number(let register, let isReal):
            if evaluator.nulls(register)?[index] == 1 { return .null }
            return isReal ? .real(evaluator.reals(register)[index]) : .integer(evaluator.integers(register)[index])
        }
    }

    /// Ranks of the first key: numbers in their order, texts by their first eight bytes.
    private func rank(_ block: BlockRows, _ values: RowGroupValues) {
        let term = scan.order[0]
        let hasNulls: Bool
        switch term.node {
        case .number(let register, let isReal):
            if isReal {
                Self.ranks(evaluator.reals(register), block.count, to: ranks)
            } else {
                ranks.update(from: evaluator.integers(register), count: block.count)
            }
            hasNulls = evaluator.nulls(register) != nil
            if let source = evaluator.nulls(register) { nulls.update(from: source, count: block.count) }
        case .column(let column):
            let source = values[column]
            switch source.layout {
            case .integers: source.loadNumbers(block, side: 0, to: ranks)
            case .fixed, .reals:
                // Safety: each place is read as a Double before its rank is written.
                let reals = UnsafeMutableRawPointer(ranks).assumingMemoryBound(to: Double.self)
                source.loadReals(block, side: 0, to: reals)
                Self.ranks(reals, block.count, to: ranks)
            case .texts, .dictionary:
                for index in 0..<block.count { ranks[index] = Self.rank(source.text(ofRow: block.row(index, side: 0))) }
            }
            hasNulls = source.loadNulls(block, side: 0, to: nulls)
        }
        if term.descending { for index in 0..<block.count { ranks[index] = ~ranks[index] } }
        guard hasNulls else { return }
        let rank: Int64 = term.nullsFirst ? .min : .max
        for index in 0..<block.count where nulls[index] != 0 { ranks[index] = rank }
    }

    /// Reals as integers in the same order; both may be the same memory.
    private static func ranks(
        _ reals: UnsafeMutablePointer<Double>, _ count: Int, to ranks: UnsafeMutablePointer<Int64>
    ) {
        for index in 0..<count {
            let value = reals[index]
            let bits = Int64(bitPattern: (value == 0 ? 0 : value).bitPattern)
            ranks[index] = bits ^ (bits >> 63 & .max)
        }
    }

    private static func rank(_ text: UnsafeRawBufferPointer) -> Int64 {
        var rank: UInt64 = 0
        for index in 0..<8 { rank = rank << 8 | (index < text.count ? UInt64(text[index]) : 0) }
        return Int64(bitPattern: rank ^ 1 << 63)
    }
}
