import Shared
import Tabular

extension SQLSandbox {
    /// A page of rows. Without filter and sort it is read straight from the segments, at any offset.
    ///
    /// Throws: `storage(columnNotFound)`, `syntax` for a bad `where` (its place is in the expression), and what `run` throws.
    package func rows(
        of table: StoredTable, _ query: RowsQuery, limits: SQLLimits = SQLLimits(),
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws(SQLError) -> RowPage {
        let columns = try Self.positions(query.columns, in: table)
        let limit = max(0, min(query.limit, limits.maxRows))
        let cursor = try RowCursor(query.after)
        var numbers: [Int]
        let offset: Int
        if query.filter == nil, query.sort == nil {
            let first = max(0, cursor.row.addingReportingOverflow(max(0, query.offset)).partialValue)
            numbers =
                first < table.rows ? Array(first..<min(table.rows, first + min(limit + 1, table.rows - first))) : []
            offset = 0
        } else {
            offset = max(0, cursor.offset.addingReportingOverflow(max(0, query.offset)).partialValue)
            numbers = try matching(query, in: table, cursor, offset: offset, limit: limit + 1, limits, isCancelled)
        }
        let more = numbers.count > limit
        if more { numbers.removeLast() }
        var page = try Self.page(numbers, columns: columns, of: table, values: query.values, maxBytes: limits.maxBytes)
        let shown = page.cells.rows
        if more || page.truncated, shown > 0 {
            page.next = query.sort == nil ? "r\(numbers[shown - 1] + 1)" : "o\(offset + shown)"
        }
        return page
    }

    private static func positions(_ names: [String]?, in table: StoredTable) throws(SQLError) -> [Int] {
        guard let names else { return Array(table.version.columns.indices) }
        var positions: [Int] = []
        for name in names {
            do { positions.append(try table.column(named: name)) } catch { throw .storage(error) }
        }
        return positions
    }

    /// Numbers from 0 of the rows that pass the filter, in the wanted order.
    private func matching(
        _ query: RowsQuery, in table: StoredTable, _ cursor: RowCursor, offset: Int, limit: Int, _ limits: SQLLimits,
        _ isCancelled: @escaping @Sendable () -> Bool
    ) throws(SQLError) -> [Int] {
        var sql = "SELECT rowid FROM \(VirtualTable.quoted(table.dataset.name)) WHERE "
        var prefix = 0
        if let filter = query.filter {
            try Self.checkExpression(filter)
            prefix = sql.utf8.count + 1
            // The line break ends a comment that the expression may end with.
            sql += "(\(filter)\n) AND "
        }
        sql += "rowid > ? ORDER BY \(try Self.order(query.sort, in: table)) LIMIT ? OFFSET ?"
        let sorted = query.sort != nil
        let params: [JSONValue] = [
            .integer(Int64(sorted ? 0 : cursor.row)), .integer(Int64(limit)),
            .integer(Int64(sorted ? offset : max(0, query.offset))),
        ]
        var limits = limits
        limits.maxRows = limit
        limits.maxBytes = .max
        do throws(SQLError) {
            return try run(sql, params: params, over: table, limits: limits, isCancelled: isCancelled).rows.compactMap {
                if case .integer(let number)? = $0.first { Int(number) - 1 } else { nil }
            }
        } catch .syntax(let message, let place, let remedy) {
            throw .syntax(message: message, offset: place.map { max(0, $0 - prefix) }, remedy: remedy)
        }
    }

    /// Refuses text that is not one expression: it must not close the parentheses it is put in.
    static func checkExpression(_ text: String) throws(SQLError) {
        var depth = 0
        for token in SQLToken.scan(text) {
            if token.kind == .unterminated {
                throw .syntax(message: "a quote does not end", offset: nil, remedy: "Close the quote.")
            }
            guard token.kind == .symbol else { continue }
            if token.text == "(" { depth += 1 }
            if token.text == ")" { depth -= 1 }
            if depth < 0 || token.text == ";" {
                throw .syntax(
                    message: "this is not one expression", offset: nil,
                    remedy: "Pass an expression over the columns, such as age > 30 AND city = 'Oslo'.")
            }
            if token.text == "?" { throw .parameter("An expression has no parameters") }
        }
    }

    private static func order(_ sort: String?, in table: StoredTable) throws(SQLError) -> String {
        guard let sort, !sort.isEmpty else { return "rowid" }
        let names = VirtualTable.distinct(table.version.columns.map(\.name))
        var terms: [String] = []
        // A column whose name has a comma or begins with a minus is meant when it is the whole of it.
        let parts =
            table.version.columns.contains { $0.name == sort }
            ? [sort] : sort.split(separator: ",").map { String($0) }
        for part in parts {
            let plain = table.version.columns.contains { $0.name == part }
            let descending = !plain && part.hasPrefix("-")
            do {
                let position = try table.column(named: descending ? String(part.dropFirst()) : part)
                terms.append(VirtualTable.quoted(names[position]) + (descending ? " DESC" : ""))
            } catch {
                throw .storage(error)
            }
        }
        return (terms + ["rowid"]).joined(separator: ", ")
    }

    /// The cells of the given rows.
    private static func page(
        _ numbers: [Int], columns: [Int], of table: StoredTable, values: RowsQuery.Values, maxBytes: Int
    ) throws(SQLError) -> RowPage {
        var page = RowPage(
            columns: columns.map { table.version.columns[$0].name }, cells: RowBatch(width: columns.count))
        page.cells.reserve(rows: numbers.count)
        var group = -1
        var cells: PageColumns?
        for (place, number) in numbers.enumerated() {
            if cells == nil || number < table.rowStarts[group] || number >= table.rowStarts[group + 1] {
                group = table.group(of: number)
                let bounds = table.rowStarts[group]..<table.rowStarts[group + 1]
                let here = numbers[place...].prefix { bounds.contains($0) }
                let rows = (here.min() ?? number) - bounds.lowerBound..<(here.max() ?? number) - bounds.lowerBound + 1
                do {
                    cells = try PageColumns(table, columns, group: group, rows: rows, values)
                } catch {
                    throw .storage(error)
                }
            }
            if page.cells.size >= maxBytes {
                page.truncated = true
                break
            }
            cells?.append(number - table.rowStarts[group], to: &page.cells)
        }
        return page
    }
}

/// The columns of a row group that a page shows.
private enum PageColumns {
    /// Read without counting references: `owners` keep them. Each has its first row.
    case typed([(column: Unmanaged<ScanColumn>, first: Int)], owners: [ScanColumn])
    case exact([ColumnChunk])

    init(
        _ table: StoredTable, _ columns: [Int], group: Int, rows: Range<Int>, _ values: RowsQuery.Values
    ) throws(StorageError) {
        var typed: [(column: ScanColumn, first: Int)] = []
        var exact: [ColumnChunk] = []
        for column in columns {
            switch values {
            case .typed: typed.append(try table.scanColumn(column, group: group, rows: rows))
            case .text: exact.append(try table.chunk(column: column, group: group))
            }
        }
        // Safety: the objects live as long as this value, which holds them in `owners`.
        self =
            values == .typed
            ? .typed(typed.map { (Unmanaged.passUnretained($0.column), $0.first) }, owners: typed.map(\.column))
            : .exact(exact)
    }

    func append(_ row: Int, to batch: inout RowBatch) {
        switch self {
        case .typed(let columns, _):
            for (column, first) in columns {
                column._withUnsafeGuaranteedRef { $0.appendShown(row - first, to: &batch) }
            }
        case .exact(let chunks):
            for chunk in chunks {
                // A null that the file wrote as nothing is null, one that it wrote as a word is that word.
                if chunk.nulls?.isNull(row) == true, chunk.text(at: row).isEmpty {
                    batch.appendNull()
                } else {
                    batch.append { chunk.appendText(at: row, to: &$0) }
                }
            }
        }
    }
}

/// Where a page begins: after a row, or at an offset of a sorted list.
private struct RowCursor {
    var row = 0
    var offset = 0

    init(_ text: String?) throws(SQLError) {
        guard let text, !text.isEmpty else { return }
        let number = Int(text.drop { $0 == "r" || $0 == "o" })
        guard let number, number >= 0 else {
            throw .parameter("after must be the next of the page before, not \(text.quotedForMessage)")
        }
        if text.hasPrefix("o") { offset = number } else { row = number }
    }
}
