import Shared

// Operations that put values into empty cells.
extension TransformStep {
    func fill(_ table: ChunkedTable, _ report: inout TransformReport) throws -> ChunkedTable {
        let isNumeric = operation == .fillMean || operation == .fillMedian
        let places =
            isNumeric ? try selected(table, where: \.isNumeric, types: "integer or decimal") : try selected(table)
        let groups = try grouping(table).map { try RowNumbering($0, of: table) }
        var result = table
        var changed = ChangedRows(table.rows)
        var filled: [String] = []
        for place in places where try table.nulls(place) > 0 {
            let texts = try fillTexts(table, place, groups)
            if groups == nil, let text = texts.first ?? nil {
                filled.append("\(Excerpt.quoted(table.columns[place].name)) with \(Excerpt.quoted(text))")
            }
            try fillNulls(of: place, in: &result, &changed) { row in
                texts[groups.map { Int($0.codes[row]) } ?? 0]
            }
        }
        report.changedRows = changed.count
        if !filled.isEmpty {
            report.text =
                "\(report.changedRows) row\(report.changedRows == 1 ? "" : "s") changed: \(filled.joined(separator: ", "))."
        }
        return result
    }

    /// The value of the row above, or with `by` of the last row above with the same values there.
    func fillForward(_ table: ChunkedTable, _ report: inout TransformReport) throws -> ChunkedTable {
        let groups = try grouping(table).map { try RowNumbering($0, of: table) }
        var result = table
        var changed = ChangedRows(table.rows)
        for place in try selected(table) where try table.nulls(place) > 0 {
            var last: [Int32: String] = [:]
            var start = 0
            for group in 0..<table.groups {
                let chunk = try table.chunk(place, group)
                var rows: [Int] = []
                var texts: [String?] = []
                for row in 0..<chunk.rows {
                    let key = groups.map { $0.codes[start + row] } ?? 0
                    if chunk.nulls?.isNull(row) == true {
                        guard let text = last[key] else { continue }
                        rows.append(row)
                        texts.append(text)
                    } else if groups != nil || row + 1 == chunk.rows || chunk.nulls?.isNull(row + 1) == true {
                        // Only the value before a gap is ever used.
                        last[key] = chunk.text(at: row)
                    }
                }
                try patch(rows, with: texts, chunk, place, group, &result)
                changed.insert(rows, from: start)
                start += chunk.rows
            }
        }
        report.changedRows = changed.count
        return result
    }

    /// What the empty cells get, one for each group: written as the column writes its values; nil where a group has none.
    private func fillTexts(_ table: ChunkedTable, _ place: Int, _ groups: RowNumbering?) throws -> [String?] {
        let column = table.columns[place]
        let format = try table.cellFormat(place)
        let codes = groups?.codes
        let count = groups?.count ?? 1
        switch operation {
        case .fillMean, .fillMedian:
            let numbers = try table.numbers(place)
            let digits = column.type == .integer ? 0 : try table.scale(place) + 4
            let values = Self.centers(numbers, codes, count, isMedian: operation == .fillMedian)
            guard values.contains(where: { $0 != nil }) else {
                throw TransformError.noValue(op: op, column: column.name)
            }
            return values.map { value in
                value.flatMap {
                    ColumnChunk.text(of: .number(Self.rounded($0, digits: digits)), as: column.type, format: format)
                }
            }
        case .fillMode:
            let rows = Self.modes(try table.loaded(place).categories().codes, codes, count)
            guard rows.contains(where: { $0 != nil }) else {
                throw TransformError.noValue(op: op, column: column.name)
            }
            return try rows.map { row in try row.map { try table.text(place, row: $0) } }
        default:
            guard let value = fields["value"], value != .null else {
                throw TransformError.missing(op: op, key: "value")
            }
            guard let text = ColumnChunk.text(of: value, as: column.type, format: format) else {
                throw bad("value", "a value of type \(column.type.rawValue)")
            }
            return [text]
        }
    }

    private func fillNulls(
        of place: Int, in table: inout ChunkedTable, _ changed: inout ChangedRows, _ text: (Int) -> String?
    ) throws {
        var start = 0
        for group in 0..<table.groups {
            let id = table.columns[place].chunks[group]
            if try table.shelf.nulls(id) > 0 {
                let chunk = try table.shelf.chunk(id)
                var rows: [Int] = []
                var texts: [String?] = []
                chunk.nulls?.forEachNull { row in
                    guard let new = text(start + row) else { return }
                    rows.append(row)
                    texts.append(new)
                }
                try patch(rows, with: texts, chunk, place, group, &table)
                changed.insert(rows, from: start)
            }
            start += table.rowCounts[group]
        }
    }

    /// Puts texts into cells of a chunk; without any, the chunk stays the one that it was.
    func patch(
        _ rows: [Int], with texts: [String?], _ chunk: ColumnChunk, _ place: Int, _ group: Int,
        _ table: inout ChunkedTable
    ) throws {
        if rows.isEmpty { return }
        guard let patched = chunk.patched(rows, with: texts) else {
            throw TransformError.tooLarge(op: op, column: table.columns[place].name)
        }
        table.columns[place].chunks[group] = try table.shelf.keep(patched)
    }

    /// The mean or the median of each group; nil for a group without numbers.
    private static func centers(_ numbers: [Double], _ codes: [Int32]?, _ count: Int, isMedian: Bool) -> [Double?] {
        var parts = [[Double]](repeating: [], count: count)
        if let codes {
            for row in numbers.indices where !numbers[row].isNaN { parts[Int(codes[row])].append(numbers[row]) }
        } else if count > 0 {
            parts[0] = numbers.filter { !$0.isNaN }
        }
        return parts.map { part in
            if part.isEmpty { return nil }
            return isMedian ? quantile(part.sorted(), 0.5) : part.reduce(0, +) / Double(part.count)
        }
    }

    /// A row with the most frequent value of each group, the first to appear among equals; nil for a group without values.
    private static func modes(_ values: [Int32], _ codes: [Int32]?, _ count: Int) -> [Int?] {
        var frequencies: [UInt64: (count: Int, row: Int)] = [:]
        for row in values.indices where values[row] >= 0 {
            let group = UInt64(UInt32(bitPattern: codes?[row] ?? 0))
            frequencies[group << 32 | UInt64(values[row]), default: (0, row)].count += 1
        }
        var best = [(count: Int, row: Int)?](repeating: nil, count: count)
        for (key, found) in frequencies {
            let group = Int(key >> 32)
            if let known = best[group], (known.count, -known.row) >= (found.count, -found.row) { continue }
            best[group] = found
        }
        return best.map { $0?.row }
    }

    private static func rounded(_ value: Double, digits: Int) -> Double {
        let power = powersOfTen[min(max(digits, 0), 15)]
        let scaled = value * power
        return abs(scaled) < 1e15 ? scaled.rounded() / power : value
    }
}

/// Rows in which something was changed, counted once each.
struct ChangedRows {
    private var flags: [Bool]

    init(_ rows: Int) { flags = [Bool](repeating: false, count: rows) }

    var count: Int { flags.count { $0 } }

    mutating func insert(_ row: Int) { flags[row] = true }
    mutating func insert(_ rows: [Int], from start: Int) { for row in rows { flags[start + row] = true } }
}

extension ChunkedTable {
    /// How a column writes its values.
    func cellFormat(_ place: Int) throws -> CellFormat {
        groups == 0 ? CellFormat() : CellFormat().filled(from: try chunk(place, 0).style)
    }

    /// Decimals of a column's values, 0 ... 18.
    func scale(_ place: Int) throws -> Int {
        var scale = 0
        try forEachChunk(place) { _, chunk in
            if case .decimals(_, let own) = chunk.values { scale = max(scale, own) }
        }
        return scale
    }
}

extension ColumnChunk {
    /// A JSON value as text that a column of this type and format reads; nil when it is none of the type.
    static func text(of value: JSONValue, as type: ColumnType, format: CellFormat) -> String? {
        let parsed = parse(json: [value], as: type, format: format)
        return parsed.failedRows.isEmpty ? parsed.chunk.text(at: 0) : nil
    }
}
