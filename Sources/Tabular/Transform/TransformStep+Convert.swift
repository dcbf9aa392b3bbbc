import Shared

extension TransformStep {
    /// Other types for columns, read from the exact texts of their cells.
    ///
    /// `misfits` says what becomes of a cell that does not fit: `null` (its text is kept), `remove_row`, or `fail`.
    func convert(_ table: ChunkedTable, _ report: inout TransformReport) throws -> ChunkedTable {
        let to = try required("to")
        let policy = try choice("misfits", ["null", "remove_row", "fail"])
        var result = table
        var kept = [Bool](repeating: true, count: policy == "remove_row" ? table.rows : 0)
        for place in try named(table) {
            let reading = try cellReading(table, place)
            let conversion: Conversion
            switch to {
            case "number":
                let whole = try Conversion(table, place, .integer, reading)
                conversion = whole.failed.isEmpty ? whole : try Conversion(table, place, .decimal, reading)
            case "bool": conversion = try Conversion(table, place, .boolean, reading)
            default:
                guard let type = ColumnType(rawValue: to) else {
                    throw bad(
                        "to",
                        "one of \((["number", "bool"] + ColumnType.allCases.map(\.rawValue)).joined(separator: ", "))")
                }
                conversion = try Conversion(table, place, type, reading)
            }
            if policy == "fail", let row = conversion.failed.first {
                throw TransformError.misfit(
                    op: op, column: table.columns[place].name, row: row, text: try table.text(place, row: row),
                    type: conversion.column.type.rawValue)
            }
            if policy == "remove_row" { for row in conversion.failed { kept[row] = false } }
            report.failedCells += conversion.failed.count
            if conversion.column.type != table.columns[place].type { report.changedRows = table.rows }
            result.columns[place] = conversion.column
        }
        return policy == "remove_row" ? try keep(kept, result, &report) : result
    }

    /// How the cells of a column are read: what the step says, the rest found out from a sample of the texts.
    private func cellReading(_ table: ChunkedTable, _ place: Int) throws -> CellReading {
        let column = table.columns[place]
        let ignored = Set(try text("ignore")?.unicodeScalars.map { $0 } ?? [])
        let sample = try table.sampleTexts(place).map { CellReading.text($0, without: ignored) }
        var format =
            column.type == .text ? CellFormat.numbers(in: TextArray(sample)) : try table.cellFormat(place)
        if let decimal = try text("decimal") {
            guard decimal == "." || decimal == "," else { throw bad("decimal", ". or ,") }
            format.decimalSeparator = decimal == "." ? UInt8(ascii: ".") : UInt8(ascii: ",")
            if format.grouping == format.decimalSeparator { format.grouping = nil }
        }
        if let grouping = try text("grouping") {
            guard grouping.utf8.count == 1, let byte = grouping.utf8.first, byte != format.decimalSeparator else {
                throw bad("grouping", "one character other than the decimal sign")
            }
            format.grouping = byte
        }
        if let order = try text("order") {
            guard let known = DateFormat.Order(word: order) else { throw bad("order", "dmy, mdy or ymd") }
            format.date = DateFormat.detect(sample, order: known)
            format.timestamp = TimestampFormat.detect(sample, order: known)
        } else if column.type == .text {
            format.date = DateFormat.detect(sample)
            format.timestamp = TimestampFormat.detect(sample)
        }
        let yes = try text("true")
        let no = try text("false")
        if yes != nil || no != nil {
            guard let yes, let no, yes.lowercased() != no.lowercased() else {
                throw TransformError.missing(op: op, key: yes == nil ? "true" : "false")
            }
            format.words = BooleanWords(no: no, yes: yes)
        }
        format.nullTexts = try texts("null_values", "a list of texts") ?? []
        let isGiven = ["order", "decimal", "grouping", "ignore", "null_values", "true"].contains { fields[$0] != nil }
        return CellReading(format: format, isGiven: isGiven, ignored: ignored)
    }
}

private struct CellReading {
    var format: CellFormat
    /// Whether the step says anything about how cells are written, so that they are read anew even in their own type.
    var isGiven: Bool
    /// Characters that are left out before a cell is read.
    var ignored: Set<Unicode.Scalar>

    static func text(_ text: String, without ignored: Set<Unicode.Scalar>) -> String {
        if ignored.isEmpty { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !ignored.contains(scalar) { result.append(scalar) }
        return String(result)
    }
}

/// A column in another type, and the rows whose text did not fit.
private struct Conversion {
    var column: ChunkedColumn
    var failed: [Int] = []

    init(_ table: ChunkedTable, _ place: Int, _ type: ColumnType, _ reading: CellReading) throws {
        let old = table.columns[place]
        column = ChunkedColumn(name: old.name, type: type, format: old.format, chunks: [])
        if type == old.type, !reading.isGiven {
            column.chunks = old.chunks
            return
        }
        column.format = Self.writing(type, reading.format)
        var start = 0
        for group in 0..<table.groups {
            let chunk = try table.chunk(place, group)
            let parsed =
                reading.isGiven ? Self.read(chunk, type, reading) : chunk.recast(to: type, format: reading.format)
            for row in parsed.failedRows { failed.append(start + row) }
            column.chunks.append(try table.shelf.keep(parsed.chunk.compacted()))
            start += chunk.rows
        }
    }

    /// Cells read from their texts as the step says; the exact texts stay what they were.
    private static func read(_ chunk: ColumnChunk, _ type: ColumnType, _ reading: CellReading) -> ParsedChunk {
        let exact = chunk.texts()
        let plain =
            reading.ignored.isEmpty
            ? exact : TextArray((0..<exact.count).lazy.map { CellReading.text(exact[$0], without: reading.ignored) })
        var parsed = ColumnChunk.parse(texts: plain, as: type, format: reading.format, absent: chunk.nulls)
        if type != .text { parsed.chunk.takeTexts(exact, format: reading.format) }
        return parsed
    }

    private static func writing(_ type: ColumnType, _ format: CellFormat) -> String? {
        switch type {
        case .date: format.date?.pattern
        case .timestamp: format.timestamp?.pattern
        default: nil
        }
    }
}

extension CellFormat {
    /// How most of `texts` write numbers: decimal point or comma, groups or none.
    static func numbers(in texts: TextArray) -> CellFormat {
        let point = UInt8(ascii: ".")
        let comma = UInt8(ascii: ",")
        var best = CellFormat()
        var most = 0
        for (separator, grouping) in [
            (point, nil), (comma, nil), (point, comma), (comma, point), (point, 32), (comma, 32), (point, 39),
        ] as [(UInt8, UInt8?)] {
            let count = (0..<texts.count).count { index in
                texts.withText(index) { DecimalText.parse($0, separator: separator, grouping: grouping) != nil }
            }
            if count > most {
                most = count
                best = CellFormat(decimalSeparator: separator, grouping: grouping)
            }
        }
        return best
    }
}

extension DateFormat.Order {
    fileprivate init?(word: String) {
        switch word {
        case "ymd": self = .yearMonthDay
        case "dmy": self = .dayMonthYear
        case "mdy": self = .monthDayYear
        default: return nil
        }
    }
}
