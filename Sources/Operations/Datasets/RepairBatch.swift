import Shared
import Storage
import Tabular

/// Rejected rows on their way into a dataset, each read as the rows of its own upload were.
struct RepairBatch {
    struct Row {
        var rejected: RejectReply
        /// Nil is no value.
        var cells: [String?]
    }

    let base: StoredTable
    private let limits: ReadLimits
    /// A version of the dataset by its number.
    private let version: (Int) throws -> VersionRecord
    /// Versions whose uploads had the rows.
    private var uploads: [Int: VersionRecord] = [:]
    private(set) var rows: [Row] = []

    init(_ base: StoredTable, limits: ReadLimits, version: @escaping (Int) throws -> VersionRecord) {
        self.base = base
        self.limits = limits
        self.version = version
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
        let dialect = try addUpload(of: rejected).dialect
        let cells = try cells.map { $0.map { $0?.isEmpty == true ? nil : $0 } } ?? read(text ?? rejected.text, dialect)
        guard cells.count == base.version.columns.count else {
            throw Problem(
                .csvTypeMismatch,
                "The row has \(cells.count) cells, but the dataset has \(base.version.columns.count) columns.",
                remedy: "Send as many cells as there are columns.", places: [place])
        }
        rows.append(Row(rejected: rejected, cells: cells))
    }

    private mutating func addUpload(of rejected: RejectReply) throws -> VersionRecord {
        let number = rejected.upload ?? base.version.version
        if let known = uploads[number] { return known }
        let found = try version(number)
        uploads[number] = found
        return found
    }

    /// Why rows do not fit, by their places in `rows`: the first column of each.
    func misfits() throws -> [Int: Problem] {
        var problems: [Int: Problem] = [:]
        for part in parts {
            for (position, column) in base.version.columns.enumerated() {
                for failed in try parsed(position, part).failedRows {
                    let row = rows[part.lowerBound + failed]
                    guard problems[part.lowerBound + failed] == nil else { continue }
                    problems[part.lowerBound + failed] = Problem(
                        .csvTypeMismatch,
                        "\((row.cells[position] ?? "").quotedForMessage) in \(column.name.quotedForMessage) is no \(column.type.rawValue).",
                        remedy: "Correct the cell, or make the column a text first.",
                        places: [.init(line: row.rejected.line, byte: row.rejected.byte, column: column.name)])
                }
            }
        }
        return problems
    }

    /// Rows that follow each other and are of one upload: what a row group is made of, since its cells are written in one way.
    var parts: [Range<Int>] {
        var parts: [Range<Int>] = []
        for (place, row) in rows.enumerated() {
            if let last = parts.last, rows[last.lowerBound].rejected.upload == row.rejected.upload {
                parts[parts.count - 1] = last.lowerBound..<place + 1
            } else {
                parts.append(place..<place + 1)
            }
        }
        return parts
    }

    /// Leaves rows out by the numbers of their rejects.
    mutating func leaveOut(_ isOut: (Int) -> Bool) { rows.removeAll { isOut($0.rejected.number) } }

    /// The cells of one column in one of the parts.
    func parsed(_ position: Int, _ part: Range<Int>) throws -> ParsedChunk {
        ColumnChunk.parse(
            texts: rows[part].map { $0.cells[position] }, as: base.version.columns[position].type,
            format: try format(position, rows[part.lowerBound].rejected.upload.flatMap { uploads[$0] } ?? base.version))
    }

    /// How the column's cells are written in an upload: a date that could be read in two ways is read as its others were.
    private func format(_ position: Int, _ upload: VersionRecord) throws -> CellFormat {
        let column = base.version.columns[position]
        var format = CellFormat(
            decimalSeparator: upload.dialect.decimal.utf8.first ?? UInt8(ascii: "."),
            nullTexts: upload.dialect.nullValues)
        if column.type != .text, base.groups > 0 {
            // What was appended lies behind, so the upload's own rows are the last that its version has.
            let group = max(0, min(upload.rowCounts.count, base.groups) - 1)
            format = format.filled(from: try base.chunk(column: position, group: group).style)
        }
        format.date = format.date ?? column.format.flatMap(DateFormat.init(pattern:))
        format.timestamp = format.timestamp ?? column.format.flatMap(TimestampFormat.init(pattern:))
        return format
    }

    // MARK: Text

    /// The cells of one row, read in the dialect of its upload.
    private func read(_ text: String, _ dialect: DialectReply) throws -> [String?] {
        // Below a header of the same width: alone, a row that ends in an empty cell has one cell less.
        let names = base.version.columns.indices.map { "c\($0 + 1)" }
        let header = names.joined(separator: dialect.delimiter) + "\n"
        if let table = try? table(header + text, names, dialect), table.rows == 1, table.columns.count == names.count {
            return Self.cells(table)
        }
        let alone = try table(text, [], dialect)
        guard alone.rows == 1 else {
            throw Problem(
                .csvTypeMismatch, "The text is \(alone.rows) rows rather than one.",
                remedy: "Send one row as text, or its cells.")
        }
        return Self.cells(alone)
    }

    private func table(_ text: String, _ names: [String], _ dialect: DialectReply) throws -> DataTable {
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
