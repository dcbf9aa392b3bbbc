import Shared
import Storage
import Tabular

/// Rejected rows on their way into a dataset, read as the dataset's own rows were.
struct RepairBatch {
    struct Row {
        var rejected: RejectReply
        /// Nil is no value.
        var cells: [String?]
    }

    let base: StoredTable
    private let limits: ReadLimits
    private(set) var rows: [Row] = []

    init(_ base: StoredTable, limits: ReadLimits) {
        self.base = base
        self.limits = limits
    }

    /// Adds a row from its cells, its text, or else the text that it was rejected with.
    ///
    /// - Throws: `csv.type_mismatch` for another number of cells, and what reading the text throws
    mutating func add(_ rejected: RejectReply, text: String?, cells: [String?]?) throws {
        let place = Problem.Place(line: rejected.line, byte: rejected.byte)
        if text == nil, cells == nil, rejected.text.utf8.count > limits.rejectTextBytes - 4 {
            throw Problem(
                .csvTypeMismatch, "Of the row's text only the first \(rejected.text.utf8.count) bytes were kept.",
                remedy: "Send the whole text or the cells.", places: [place])
        }
        let cells = try cells.map { $0.map { $0?.isEmpty == true ? nil : $0 } } ?? read(text ?? rejected.text)
        guard cells.count == base.version.columns.count else {
            throw Problem(
                .csvTypeMismatch,
                "The row has \(cells.count) cells, but the dataset has \(base.version.columns.count) columns.",
                remedy: "Send as many cells as there are columns.", places: [place])
        }
        rows.append(Row(rejected: rejected, cells: cells))
    }

    /// Why rows do not fit, by their places in `rows`: the first column of each.
    func misfits() throws -> [Int: Problem] {
        var problems: [Int: Problem] = [:]
        for (position, column) in base.version.columns.enumerated() {
            for row in try parsed(position).failedRows where problems[row] == nil {
                let cell = rows[row].cells[position] ?? ""
                problems[row] = Problem(
                    .csvTypeMismatch,
                    "\(cell.quotedForMessage) in \(column.name.quotedForMessage) is no \(column.type.rawValue).",
                    remedy: "Correct the cell, or make the column a text first.",
                    places: [
                        .init(line: rows[row].rejected.line, byte: rows[row].rejected.byte, column: column.name)
                    ])
            }
        }
        return problems
    }

    /// Leaves rows out by the numbers of their rejects.
    mutating func leaveOut(_ isOut: (Int) -> Bool) { rows.removeAll { isOut($0.rejected.number) } }

    /// The cells of one column.
    func parsed(_ position: Int) throws -> ParsedChunk {
        ColumnChunk.parse(
            texts: rows.map { $0.cells[position] }, as: base.version.columns[position].type,
            format: try format(position))
    }

    /// How the column's cells are written: a date that could be read in two ways is read as those of the column were.
    private func format(_ position: Int) throws -> CellFormat {
        let column = base.version.columns[position]
        let dialect = base.version.dialect
        var format = CellFormat(
            decimalSeparator: dialect.decimal.utf8.first ?? UInt8(ascii: "."),
            date: column.format.flatMap(DateFormat.init(pattern:)),
            timestamp: column.format.flatMap(TimestampFormat.init(pattern:)), nullTexts: dialect.nullValues)
        if column.type != .text, base.groups > 0 {
            format = format.filled(from: try base.chunk(column: position, group: 0).style)
        }
        return format
    }

    // MARK: Text

    /// The cells of one row, read in the dialect of the upload.
    private func read(_ text: String) throws -> [String?] {
        // Below a header of the same width: alone, a row that ends in an empty cell has one cell less.
        let names = base.version.columns.indices.map { "c\($0 + 1)" }
        let header = names.joined(separator: base.version.dialect.delimiter) + "\n"
        if let table = try? table(header + text, names), table.rows == 1, table.columns.count == names.count {
            return Self.cells(table)
        }
        let alone = try table(text, [])
        guard alone.rows == 1 else {
            throw Problem(
                .csvTypeMismatch, "The text is \(alone.rows) rows rather than one.",
                remedy: "Send one row as text, or its cells.")
        }
        return Self.cells(alone)
    }

    private func table(_ text: String, _ names: [String]) throws -> DataTable {
        let dialect = base.version.dialect
        let options = ReadOptions(
            delimiter: dialect.delimiter, quote: dialect.quote ?? "none", escape: dialect.escape ?? "none",
            doubleQuote: dialect.doubleQuote, escapesAnything: dialect.escapesAnything ?? false,
            spacing: dialect.spacing.flatMap(Dialect.Spacing.init(rawValue:)) ?? .kept, comment: "none",
            encoding: "utf-8", header: names.isEmpty ? .false : .true, skipRows: 0, decimal: dialect.decimal,
            nullValues: [], types: Dictionary(uniqueKeysWithValues: names.map { ($0, .text) }), strict: true)
        return try MemoryTable.read(Array(text.utf8), options: options, limits: limits)
    }

    /// An empty cell without quotes is no value.
    private static func cells(_ table: DataTable) -> [String?] {
        table.columns.map { column in
            guard let chunk = column.chunks.first else { return nil }
            let text = chunk.text(at: 0)
            return text.isEmpty && chunk.nulls?.isNull(0) != false ? nil : text
        }
    }
}
