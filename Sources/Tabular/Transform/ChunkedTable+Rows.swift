import Shared

extension ChunkedTable {
    /// The rows whose flag is set, in order. Row groups that stay whole are shared; what is left of the others is put together.
    ///
    /// - Parameter kept: one flag a row
    /// - Throws: `tooLarge`, and what the shelf throws
    func keeping(_ kept: [Bool], op: String) throws -> ChunkedTable {
        let plan = GroupPlan(rowCounts: rowCounts, kept: kept)
        var result = ChunkedTable(columns: columns, rowCounts: plan.groups.map(\.rows), shelf: shelf)
        for place in columns.indices {
            result.columns[place].chunks = try plan.groups.map { group in
                if group.isWhole, let part = group.parts.first { return columns[place].chunks[part] }
                let pieces = try group.parts.map { part in
                    let start = plan.starts[part]
                    let rows = (0..<rowCounts[part]).filter { kept[start + $0] }
                    let chunk = try chunk(place, part)
                    return rows.count == chunk.rows ? chunk : chunk.filter(rows: rows)
                }
                guard let joined = ColumnChunk.concatenated(pieces) else {
                    throw TransformError.tooLarge(op: op, column: columns[place].name)
                }
                return try shelf.keep(joined.compacted())
            }
        }
        return result
    }

    /// The given rows in the given order, in row groups of the usual size; -1 gives a row of nulls.
    ///
    /// - Throws: `tooLarge`, and what the shelf throws
    /// - Complexity: O(cells); one column is in memory at a time
    func gathering(_ rows: [Int], op: String) throws -> ChunkedTable {
        var result = ChunkedTable(columns: columns, rowCounts: Self.rowCounts(rows.count), shelf: shelf)
        for place in columns.indices { result.columns[place].chunks = try gathering(rows, of: place, op: op) }
        return result
    }

    private func gathering(_ rows: [Int], of place: Int, op: String) throws -> [ChunkID] {
        if rows.isEmpty { return [] }
        let type = columns[place].type
        var pieces = try (0..<groups).map { try chunk(place, $0) }
        if rows.contains(-1) {
            let style = pieces.first?.style ?? .plain
            pieces.append(ColumnChunk.nulls(1, of: type, style: style))
        }
        guard let whole = ColumnChunk.concatenated(pieces) else {
            throw TransformError.tooLarge(op: op, column: columns[place].name)
        }
        let absent = whole.rows - 1
        return try stride(from: 0, to: rows.count, by: Self.groupRows).map { start in
            let part = rows[start..<min(start + Self.groupRows, rows.count)].map { $0 < 0 ? absent : $0 }
            return try shelf.keep(whole.filter(rows: part).compacted())
        }
    }

    /// The same rows cut into other row groups, column by column. Nothing is read when they are cut so already.
    func regrouped(_ counts: [Int], op: String) throws -> ChunkedTable {
        if counts == rowCounts { return self }
        var result = ChunkedTable(columns: [], rowCounts: counts, shelf: shelf)
        for place in columns.indices {
            var column = try result.shelved(try loaded(place), op: op)
            column.format = columns[place].format
            result.columns.append(column)
        }
        return result
    }
}

/// How row groups come out of others of which some rows are gone.
///
/// A group that lost nothing stays as it is. The rest of the others is put together up to the usual number of rows, and up to as
/// much as one full group: a group that was closed early because its texts are long must not be joined with many like it.
private struct GroupPlan {
    struct Group {
        /// Row groups of before.
        var parts: [Int]
        var rows: Int
        var isWhole: Bool
    }

    private(set) var groups: [Group] = []
    /// First row of each row group of before.
    let starts: [Int]

    init(rowCounts: [Int], kept: [Bool]) {
        var starts: [Int] = []
        var start = 0
        for count in rowCounts {
            starts.append(start)
            start += count
        }
        self.starts = starts
        var open = Group(parts: [], rows: 0, isWhole: false)
        var weight = 0.0
        func left(_ part: Int) -> Int { (starts[part]..<starts[part] + rowCounts[part]).count { kept[$0] } }
        for part in rowCounts.indices {
            let rows = left(part)
            if rows == 0 { continue }
            let share = Double(rows) / Double(rowCounts[part])
            let isFull = open.rows + rows > ChunkedTable.groupRows || weight + share > 1
            if !open.parts.isEmpty, isFull || rows == rowCounts[part] {
                groups.append(open)
                open = Group(parts: [], rows: 0, isWhole: false)
                weight = 0
            }
            if rows == rowCounts[part] {
                groups.append(Group(parts: [part], rows: rows, isWhole: true))
            } else {
                open.parts.append(part)
                open.rows += rows
                weight += share
            }
        }
        if !open.parts.isEmpty { groups.append(open) }
    }
}

extension ColumnChunk {
    /// So many nulls that the file wrote as nothing.
    static func nulls(_ rows: Int, of type: ColumnType, style: TextStyle = .plain) -> ColumnChunk {
        var nulls = NullBitmap(rows: rows)
        for row in 0..<rows { nulls.setNull(row) }
        let values: ChunkValues =
            switch type {
            case .integer, .date, .timestamp: .integers([Int64](repeating: 0, count: rows))
            case .decimal: .decimals([Int64](repeating: 0, count: rows), scale: 0)
            case .boolean: .booleans([UInt8](repeating: 0, count: rows))
            case .text: .texts(TextArray(repeatElement("", count: rows)))
            }
        return ColumnChunk(type: type, values: values, nulls: rows > 0 ? nulls : nil, style: style)
    }

    /// The same cells with texts as codes of distinct ones, when each comes twice or more on average, else written out; without entries
    /// that no row has.
    func compacted() -> ColumnChunk {
        switch values {
        case .texts(let texts): return dictionaryEncoded(texts)
        case .dictionary(let codes, let entries):
            guard entries.count * 2 > codes.count else { return self }
            var texts = TextArray()
            texts.reserve(rows: codes.count, bytes: codes.count * 8)
            for code in codes {
                entries.append(textAt: Int(code), to: &texts.bytes)
                texts.closeText()
            }
            return dictionaryEncoded(texts)
        default: return self
        }
    }

    private func dictionaryEncoded(_ texts: TextArray) -> ColumnChunk {
        var result = self
        result.values = .texts(texts)
        var interner = TextInterner()
        var codes: [UInt32] = []
        codes.reserveCapacity(texts.count)
        for row in 0..<texts.count {
            codes.append(UInt32(texts.withText(row) { interner.code($0) }))
            if interner.count * 2 > texts.count { return result }
        }
        if texts.count > 0 { result.values = .dictionary(codes: codes, entries: interner.texts) }
        return result
    }

    /// The same cells with other texts in some rows, read in the chunk's type; nil is a null. The rest keeps its exact text.
    ///
    /// - Parameters:
    ///   - rows: ascending
    ///   - texts: one for each of `rows`
    /// - Returns: nil when 4 GB do not hold the texts
    func patched(_ rows: [Int], with texts: [String?]) -> ColumnChunk? {
        var places: [String?: Int] = [:]
        var distinct: [String?] = []
        var order = Array(0..<self.rows)
        for (row, text) in zip(rows, texts) {
            if let known = places[text] {
                order[row] = self.rows + known
            } else {
                places[text] = distinct.count
                order[row] = self.rows + distinct.count
                distinct.append(text)
            }
        }
        let donor = Self.parse(texts: distinct, as: type, format: CellFormat().filled(from: style)).chunk
        return Self.concatenated([self, donor])?.filter(rows: order).compacted()
    }
}
