import Shared

// Operations on columns as wholes. None of them reads a cell but `split_column`.
extension TransformStep {
    func rename(_ table: ChunkedTable, _ report: inout TransformReport) throws -> ChunkedTable {
        let column = try required("column")
        let to = try required("to")
        let place = try place(of: column, in: table)
        try newName(to, key: "to", in: table, except: place)
        var result = table
        result.columns[place].name = to
        report.text = "Column \(Excerpt.quoted(column)) is now \(Excerpt.quoted(to))."
        return result
    }

    func drop(_ table: ChunkedTable, _ report: inout TransformReport) throws -> ChunkedTable {
        let places = try named(table)
        guard places.count < table.columns.count else {
            throw TransformError.badValue(
                op: op, key: "columns", value: "all", expected: "fewer columns: at least one has to stay")
        }
        report.removedColumns = places.count
        var result = table
        result.columns = table.columns.indices.filter { !places.contains($0) }.map { table.columns[$0] }
        return result
    }

    /// The named columns first, in their order; then the others in theirs.
    func reorder(_ table: ChunkedTable, _ report: inout TransformReport) throws -> ChunkedTable {
        let first = try named(table)
        let order = first + table.columns.indices.filter { !first.contains($0) }
        report.text = order == Array(table.columns.indices) ? "Nothing changed." : "The columns have a new order."
        var result = table
        result.columns = order.map { table.columns[$0] }
        return result
    }

    /// The parts of a text column between delimiters, as columns behind it; the last takes what is left over.
    func splitColumn(_ table: ChunkedTable, _ report: inout TransformReport) throws -> ChunkedTable {
        let place = try place(of: try required("column"), in: table)
        let delimiter = try required("delimiter")
        guard !delimiter.isEmpty else { throw bad("delimiter", "a text between the parts") }
        guard let names = try texts("into", "a list of new column names") else {
            throw TransformError.missing(op: op, key: "into")
        }
        let keeps = try flag("keep") ?? true
        guard names.count >= 2, names.count <= 1_000, Set(names).count == names.count else {
            throw bad("into", "2 to 1000 different column names")
        }
        for name in names { try newName(name, key: "into", in: table, except: keeps ? nil : place) }
        var parts = names.map { ChunkedColumn(name: $0, type: .text, chunks: []) }
        for group in 0..<table.groups {
            let chunk = try table.chunk(place, group)
            var cells = [[String?]](repeating: [], count: names.count)
            for row in 0..<chunk.rows {
                let isNull = chunk.nulls?.isNull(row) == true
                let pieces = isNull ? [] : Self.pieces(of: chunk.text(at: row), by: delimiter, most: names.count)
                for part in names.indices { cells[part].append(part < pieces.count ? pieces[part] : nil) }
            }
            for part in names.indices {
                let texts = ColumnChunk.parse(texts: cells[part], as: .text).chunk
                parts[part].chunks.append(try table.shelf.keep(texts.compacted()))
            }
        }
        var result = table
        result.columns.insert(contentsOf: parts, at: place + 1)
        if !keeps { result.columns.remove(at: place) }
        report.addedColumns = parts.count
        report.removedColumns = keeps ? 0 : 1
        return result
    }

    private static func pieces(of text: String, by delimiter: String, most: Int) -> [String] {
        var pieces: [String] = []
        var rest = text[...]
        while pieces.count + 1 < most, let found = rest.firstRange(of: delimiter) {
            pieces.append(String(rest[..<found.lowerBound]))
            rest = rest[found.upperBound...]
        }
        return pieces + [String(rest)]
    }

    /// A column whose cells an SQL expression gives, new or in place of one.
    func derive(
        _ table: ChunkedTable, _ surroundings: TransformSurroundings, _ report: inout TransformReport
    ) throws -> ChunkedTable {
        let name = try required("column")
        let expression = try required("expression")
        let wanted = try text("to").map { word throws(TransformError) in
            guard let type = ColumnType(rawValue: word) else {
                throw bad("to", "one of \(ColumnType.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return type
        }
        guard !name.isEmpty else { throw bad("column", "a column name") }
        var values = DerivedValues()
        try surroundings.evaluate(expression, table) { values.append($0) }
        let column = values.column(named: name, as: wanted)
        report.failedCells = column.failed
        var result = table
        let shelved = try table.shelved(column.column, op: op)
        if let place = table.columns.firstIndex(where: { $0.name == name }) {
            result.columns[place] = shelved
            report.changedRows = table.rows
        } else {
            let position = try integer("position") ?? table.columns.count
            guard (0...table.columns.count).contains(position) else {
                throw bad("position", "a place from 0 to \(table.columns.count)")
            }
            result.columns.insert(shelved, at: position)
            report.addedColumns = 1
        }
        report.text = "Column \(Excerpt.quoted(name)) is \(shelved.type.rawValue) from an expression."
        return result
    }
}

/// The values of an expression, row after row, and the narrowest type that holds them all.
private struct DerivedValues {
    private var texts = TextArray()
    private var nulls: [Int] = []
    private var rows = 0
    private var type: ColumnType?

    mutating func append(_ values: [JSONValue]) {
        for value in values {
            switch value {
            case .null: nulls.append(rows)
            case .integer, .bool: widen(.integer)
            case .number: widen(.decimal)
            default: widen(.text)
            }
            if case .number(let number) = value {
                DigitText.append(number, layout: DecimalLayout(), to: &texts.bytes)
                texts.closeText()
            } else {
                texts.append(value.plainText)
            }
            rows += 1
        }
    }

    private mutating func widen(_ other: ColumnType) { type = type.map { $0.joined(with: other) } ?? other }

    func column(named name: String, as wanted: ColumnType?) -> (column: TableColumn, failed: Int) {
        let type = wanted ?? type ?? .text
        var result = TableColumn(name: name, type: type, chunks: [])
        var failed = 0
        var start = 0
        var nextNull = 0
        let sample = CellFormat().filled(for: type, from: texts)
        while start < rows {
            let end = min(start + ChunkedTable.groupRows, rows)
            var absent = NullBitmap(rows: end - start)
            while nextNull < nulls.count, nulls[nextNull] < end {
                absent.setNull(nulls[nextNull] - start)
                nextNull += 1
            }
            let parsed = ColumnChunk.parse(texts: texts.slice(start..<end), as: type, format: sample, absent: absent)
            failed += parsed.failedRows.count
            result.chunks.append(parsed.chunk.compacted())
            start = end
        }
        return (result, failed)
    }
}
