import Shared

extension TransformStep {
    /// Other types for columns, read from the exact texts of their cells.
    ///
    /// `misfits` says what becomes of a cell that does not fit: `null` (its text is kept), `remove_row`, or `fail`.
    func convert(
        _ table: ChunkedTable, _ surroundings: TransformSurroundings, _ report: inout TransformReport
    ) throws -> ChunkedTable {
        let to = try required("to")
        let policy = try choice("misfits", ["null", "remove_row", "fail"])
        var result = table
        var kept = [Bool](repeating: true, count: policy == "remove_row" ? table.rows : 0)
        for place in try named(table) {
            let reading = try cellReading(table, place, decimal: surroundings.decimal)
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
            let misfits = try conversion.failed.prefix(CellMisfit.mostNamed).map { row in
                CellMisfit(column: table.columns[place].name, row: row + 1, text: try table.text(place, row: row))
            }
            if policy == "fail", !misfits.isEmpty {
                throw TransformError.misfits(
                    op: op, count: conversion.failed.count, first: misfits, type: conversion.column.type.rawValue)
            }
            report.misfits += misfits
            if let note = reading.note(conversion.column) { report.notes.append(note) }
            if policy == "remove_row" { for row in conversion.failed { kept[row] = false } }
            report.failedCells += conversion.failed.count
            if conversion.column.type != table.columns[place].type { report.changedRows = table.rows }
            result.columns[place] = conversion.column
        }
        return policy == "remove_row" ? try keep(kept, result, &report) : result
    }

    /// How the cells of a column are read: what the step says, the rest found out from a sample of the texts.
    private func cellReading(_ table: ChunkedTable, _ place: Int, decimal: UInt8) throws -> CellReading {
        let column = table.columns[place]
        let ignored = Set(try text("ignore")?.unicodeScalars.map { $0 } ?? [])
        let sample = try table.sampleTexts(place).map { CellReading.text($0, without: ignored) }
        var format =
            column.type == .text
            ? CellFormat.numbers(in: TextArray(sample), decimal: decimal) : try table.cellFormat(place)
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
        let isAmbiguous = try setDates(&format, from: sample)
        let yes = try text("true")
        let no = try text("false")
        if yes != nil || no != nil {
            guard let yes, let no, yes.lowercased() != no.lowercased() else {
                throw TransformError.missing(op: op, key: yes == nil ? "true" : "false")
            }
            format.words = BooleanWords(no: no, yes: yes)
        }
        format.nullTexts = try texts("null_values", "a list of texts") ?? []
        let isGiven = ["order", "format", "decimal", "grouping", "ignore", "null_values", "true"].contains {
            fields[$0] != nil
        }
        return CellReading(format: format, isGiven: isGiven, ignored: ignored, isAmbiguous: isAmbiguous)
    }

    /// The formats of dates and of timestamps: what the step says, else what reads most of the sample. Whatever is decided holds for
    /// the whole column, so that no row group is read in an order of its own.
    ///
    /// - Returns: whether day first was chosen although month first reads the sample as well
    private func setDates(_ format: inout CellFormat, from sample: [String]) throws -> Bool {
        let order = try text("order")
        if let pattern = try text("format") {
            guard order == nil else { throw bad("format", "either order or format") }
            if let date = DateFormat(pattern: pattern) {
                format.date = date
                format.timestamp = TimestampFormat(date: date, between: 32)
            } else if let timestamp = TimestampFormat(pattern: pattern) {
                format.date = timestamp.date
                format.timestamp = timestamp
            } else {
                throw bad("format", "a format such as dd/mm/yyyy, yyyymmdd or m/d/yyyy HH:MM:SS")
            }
            return false
        }
        if let order {
            guard let known = DateFormat.Order(word: order) else { throw bad("order", "dmy, mdy or ymd") }
            // Where no text is of that order, none may be read in another.
            format.date = DateFormat.detect(sample, order: known) ?? DateFormat(order: known, separator: 45)
            format.timestamp =
                TimestampFormat.detect(sample, order: known)
                ?? TimestampFormat(date: DateFormat(order: known, separator: 45))
            return false
        }
        // A column that holds dates knows how they are written.
        if format.date != nil { return false }
        let date = DateFormat.detect(sample)
        let timestamp = TimestampFormat.detect(sample)
        format.date = date ?? .iso
        format.timestamp = timestamp ?? TimestampFormat(date: date ?? .iso)
        guard (date ?? timestamp?.date)?.order == .dayMonthYear else { return false }
        if let date {
            let other = DateFormat.detect(sample, order: .monthDayYear)
            return other.map { other in sample.allSatisfy { date.parse($0) == nil || other.parse($0) != nil } } ?? false
        }
        let other = TimestampFormat.detect(sample, order: .monthDayYear)
        return other.map { other in sample.allSatisfy { timestamp?.parse($0) == nil || other.parse($0) != nil } }
            ?? false
    }
}

private struct CellReading {
    var format: CellFormat
    /// Whether the step says anything about how cells are written, so that they are read anew even in their own type.
    var isGiven: Bool
    /// Characters that are left out before a cell is read.
    var ignored: Set<Unicode.Scalar>
    /// Whether the dates of the sample are as good with the month first.
    var isAmbiguous: Bool

    /// What the client should know about the dates of a converted column.
    func note(_ column: ChunkedColumn) -> String? {
        guard isAmbiguous, column.type == .date || column.type == .timestamp else { return nil }
        return
            "The dates of \(Excerpt.quoted(column.name)) are read day first; month first fits them as well: say which with order."
    }

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
    /// How most of `texts` write numbers: decimal point or comma, groups or none. `1,234` alone leaves that open: the decimal sign
    /// of the file, `decimal`, then decides, as it does on reading.
    static func numbers(in texts: TextArray, decimal: UInt8 = UInt8(ascii: ".")) -> CellFormat {
        let point = UInt8(ascii: ".")
        let comma = UInt8(ascii: ",")
        var best = CellFormat()
        var most = 0
        let other = decimal == point ? comma : point
        for (separator, grouping) in [
            (decimal, nil), (decimal, other), (other, nil), (other, decimal), (point, 32), (comma, 32), (point, 39),
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
