import Shared

// Operations with another dataset.
extension TransformStep {
    /// The rows of another dataset behind the table's: columns by name, the type that holds both, nulls where one has no such column.
    ///
    /// Segments of columns whose type stays are shared with both datasets.
    func append(
        _ table: ChunkedTable, _ surroundings: TransformSurroundings, _ report: inout TransformReport
    ) throws -> ChunkedTable {
        let other = try surroundings.dataset(try required("dataset"), try integer("version"))
        guard table.rows + other.rows <= surroundings.rowLimit else {
            throw TransformError.tooManyRows(op: op, limit: surroundings.rowLimit)
        }
        var result = ChunkedTable(
            columns: [], rowCounts: table.rowCounts + other.rowCounts, shelf: table.shelf)
        for column in table.columns {
            var joined = column
            let added = other.columns.first { $0.name == column.name }
            joined.type = added.map { $0.type.joined(with: column.type) } ?? column.type
            joined.chunks =
                try Self.chunks(column, of: table, as: joined.type)
                + (try added.map { try Self.chunks($0, of: other, as: joined.type) }
                    ?? Self.nullChunks(other.rowCounts, as: joined.type, on: table.shelf))
            result.columns.append(joined)
        }
        for column in other.columns where !table.columns.contains(where: { $0.name == column.name }) {
            var joined = column
            joined.chunks = try Self.nullChunks(table.rowCounts, as: column.type, on: table.shelf) + column.chunks
            result.columns.append(joined)
            report.addedColumns += 1
        }
        report.addedRows = other.rows
        return result
    }

    private static func chunks(_ column: ChunkedColumn, of table: ChunkedTable, as type: ColumnType) throws -> [ChunkID]
    {
        if column.type == type { return column.chunks }
        return try column.chunks.map { try table.shelf.keep(try table.shelf.chunk($0).recast(to: type).chunk) }
    }

    private static func nullChunks(
        _ rowCounts: [Int], as type: ColumnType, on shelf: any ChunkShelf
    ) throws -> [ChunkID] {
        // One chunk for all row groups of a size.
        var known: [Int: ChunkID] = [:]
        return try rowCounts.map { rows in
            if let id = known[rows] { return id }
            let id = try shelf.keep(.nulls(rows, of: type))
            known[rows] = id
            return id
        }
    }

    /// Columns of another dataset beside the table's, where the key columns have equal values. Nulls match nothing.
    ///
    /// The order is the table's; a row that matches several comes once for each, in the other's order. Columns of the table keep their
    /// segments when every row comes exactly once.
    func join(
        _ table: ChunkedTable, _ surroundings: TransformSurroundings, _ report: inout TransformReport
    ) throws -> ChunkedTable {
        let name = try required("dataset")
        let other = try surroundings.dataset(name, try integer("version"))
        guard let on = try texts("on", "a list of column names"), !on.isEmpty else {
            throw TransformError.missing(op: op, key: "on")
        }
        let with = try texts("with", "a list of column names, one for each of on") ?? on
        guard with.count == on.count else { throw bad("with", "as many columns as on has") }
        let keepsUnmatched = try choice("how", ["inner", "left"]) == "left"
        let suffix = try text("suffix") ?? "_\(name)"
        let left = try on.map { column throws(TransformError) in try place(of: column, in: table) }
        let right = try with.map { column throws(TransformError) in try place(of: column, in: other) }
        let taken =
            try texts("columns", "a list of column names of the other dataset")?.map {
                column throws(TransformError) in try place(of: column, in: other)
            } ?? other.columns.indices.filter { !right.contains($0) }

        let pairs = try RowPairs(
            left: table, left, right: other, right, keepsUnmatched: keepsUnmatched, limit: surroundings.rowLimit, op: op
        )
        var result = pairs.keepsLeft ? table : try table.gathering(pairs.left, op: op)
        var chosen = other
        chosen.columns = taken.map { other.columns[$0] }
        chosen = try chosen.gathering(pairs.right, op: op).regrouped(result.rowCounts, op: op)
        for var column in chosen.columns {
            if result.columns.contains(where: { $0.name == column.name }) { column.name += suffix }
            try newName(column.name, key: "suffix", in: result)
            result.columns.append(column)
        }
        report.addedColumns = taken.count
        let matched = pairs.right.count { $0 >= 0 }
        report.text =
            "\(matched) of \(pairs.right.count) rows match \(Excerpt.quoted(name)), \(taken.count) columns added; \(table.rows) rows before."
        report.addedRows = max(0, pairs.right.count - table.rows)
        report.removedRows = max(0, table.rows - pairs.right.count)
        return result
    }
}

/// Which rows of two tables go together.
private struct RowPairs {
    private(set) var left: [Int] = []
    /// -1 where the left row has no partner.
    private(set) var right: [Int] = []
    /// Whether `left` is every row once.
    let keepsLeft: Bool

    init(
        left table: ChunkedTable, _ leftKeys: [Int], right other: ChunkedTable, _ rightKeys: [Int],
        keepsUnmatched: Bool, limit: Int, op: String
    ) throws {
        var interner = TextInterner()
        // The rows of the other table by key, chained: the last row of each key, and the one before each row.
        var last: [Int] = []
        var previous = [Int](repeating: -1, count: other.rows)
        try Self.forEachKey(other, rightKeys) { row, key in
            guard let key else { return }
            let code = interner.code(key)
            if code == last.count { last.append(-1) }
            previous[row] = last[code]
            last[code] = row
        }
        let known = last.count
        var left: [Int] = []
        var right: [Int] = []
        try Self.forEachKey(table, leftKeys) { row, key in
            let code = key.map { interner.code($0) } ?? .max
            let start = right.count
            var partner = code < known ? last[code] : -1
            while partner >= 0 {
                right.append(partner)
                partner = previous[partner]
                guard right.count <= limit else { throw TransformError.tooManyRows(op: op, limit: limit) }
            }
            if right.count > start {
                right[start...].reverse()
            } else if keepsUnmatched {
                right.append(-1)
            }
            while left.count < right.count { left.append(row) }
        }
        self.left = left
        self.right = right
        keepsLeft = left.count == table.rows && left.indices.allSatisfy { left[$0] == $0 }
    }

    /// The values of the key columns of each row as one text; nil when one of them is null.
    private static func forEachKey(
        _ table: ChunkedTable, _ places: [Int], _ body: (Int, UnsafeRawBufferPointer?) throws -> Void
    ) throws {
        var start = 0
        var key: [UInt8] = []
        for group in 0..<table.groups {
            let chunks = try places.map { try table.chunk($0, group) }
            for row in 0..<table.rowCounts[group] {
                if chunks.contains(where: { $0.nulls?.isNull(row) == true }) {
                    try body(start + row, nil)
                    continue
                }
                key.removeAll(keepingCapacity: true)
                for chunk in chunks {
                    chunk.appendCanonicalText(at: row, to: &key)
                    // No text of a cell has it.
                    key.append(0xFF)
                }
                try key.withUnsafeBytes { try body(start + row, $0) }
            }
            start += table.rowCounts[group]
        }
    }
}
