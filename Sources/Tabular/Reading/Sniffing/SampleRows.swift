/// A record of the sample under one dialect.
struct SampleRow {
    /// Offset in the sample, and line from 1.
    var byte: Int
    var line: Int
    var cells: [SampleCell]
    var isMalformed = false
    /// Where the next record starts.
    var end = 0
    var endLine = 0
}

struct SampleCell {
    var bytes: [UInt8]
    var isQuoted: Bool

    var string: String { String(decoding: bytes, as: UTF8.self) }
    var isEmpty: Bool { bytes.isEmpty }

    /// Calls `body` with the cell as kernels see it.
    func withCell<R>(_ body: (Cell) -> R) -> R { bytes.withUnsafeBufferPointer { body(Cell($0)) } }
}

/// Splits the sample into records the way `RecordScanner` does, for any number of cells a record.
struct SampleRows {
    private(set) var rows: [SampleRow] = []
    /// The sample ends inside quotes.
    private(set) var endsInQuotes = false
    private(set) var malformed = 0
    /// Quoted cells with spaces before or behind their quotes, which the dialect leaves out.
    private(set) var spacedQuotes = 0

    private let text: [UInt8]
    private let dialect: Dialect
    private var position: Int
    private var line: Int
    private var cell: [UInt8] = []

    /// - Parameters:
    ///   - start: where to start, after the lines to skip.
    ///   - limit: bytes after which no record is started.
    init(
        _ text: [UInt8], _ dialect: Dialect, from start: DataStart = DataStart(byte: 0, line: 1), limit: Int, most: Int
    ) {
        self.text = text
        self.dialect = dialect
        position = start.byte
        line = start.line
        while position < min(text.count, start.byte + limit), rows.count < most { readRecord() }
    }

    private mutating func readRecord() {
        var row = SampleRow(byte: position, line: line, cells: [])
        if let comment = dialect.comment, text[position] == comment {
            while position < text.count, !isLineEnd { position += 1 }
            takeLineEnd()
            return
        }
        if isLineEnd {
            takeLineEnd()
            return
        }
        while true {
            let isQuoted = readCell(&row)
            row.cells.append(SampleCell(bytes: cell, isQuoted: isQuoted))
            if position < text.count, startsDelimiter {
                position += dialect.delimiter.count
                continue
            }
            break
        }
        takeLineEnd()
        row.end = position
        row.endLine = line
        if row.isMalformed { malformed += 1 }
        rows.append(row)
    }

    private var isLineEnd: Bool { text[position] == 10 || text[position] == 13 }

    private mutating func takeLineEnd() {
        guard position < text.count else { return }
        position += text[position] == 13 && position + 1 < text.count && text[position + 1] == 10 ? 2 : 1
        line += 1
    }

    private var startsDelimiter: Bool { startsDelimiter(at: position) }

    private func startsDelimiter(at place: Int) -> Bool {
        text[place] == dialect.delimiter[0]
            && (dialect.delimiter.count == 1 || text[place...].starts(with: dialect.delimiter))
    }

    /// Leaves the cell in `cell`; says whether it was quoted.
    private mutating func readCell(_ row: inout SampleRow) -> Bool {
        cell.removeAll(keepingCapacity: true)
        let start = position
        if dialect.spacing != .kept {
            while position < text.count, isSpace, !startsDelimiter { position += 1 }
        }
        guard let quote = dialect.quote, position < text.count, text[position] == quote else {
            if dialect.spacing == .aroundQuotes { position = start }
            readUnquoted()
            if dialect.spacing == .trimmed { trim() }
            return false
        }
        let isSpaced = position > start
        position += 1
        while position < text.count {
            let byte = text[position]
            let following = position + 1 < text.count ? text[position + 1] : 0
            if dialect.escape == byte, position + 1 < text.count, escapes(following, inQuotes: true) {
                if following == 10 || following == 13 { countLine(following) }
                cell.append(following)
                position += 2
            } else if byte == quote {
                position += 1
                guard dialect.doublesQuotes, following == quote, position < text.count else {
                    finishQuoted(&row, isSpaced: isSpaced)
                    if dialect.spacing == .trimmed { trim() }
                    return true
                }
                cell.append(quote)
                position += 1
            } else {
                if byte == 10 || byte == 13 && following != 10 { line += 1 }
                cell.append(byte)
                position += 1
            }
        }
        endsInQuotes = true
        return true
    }

    private var isSpace: Bool { text[position] == 32 || dialect.spacing == .trimmed && text[position] == 9 }

    private mutating func countLine(_ end: UInt8) {
        if end == 10 || position + 2 >= text.count || text[position + 2] != 10 { line += 1 }
    }

    private mutating func finishQuoted(_ row: inout SampleRow, isSpaced: Bool) {
        let closed = position
        if dialect.spacing == .aroundQuotes || dialect.spacing == .trimmed {
            while position < text.count, isSpace, !startsDelimiter { position += 1 }
        }
        guard position < text.count, !isLineEnd, !startsDelimiter else {
            if isSpaced || position > closed { spacedQuotes += 1 }
            return
        }
        row.isMalformed = true
        position = closed
        if dialect.escape == text[position] {
            cell.append(text[position])
            position += 1
        }
        readUnquoted()
    }

    private mutating func trim() {
        while let last = cell.last, last == 32 || last == 9 { cell.removeLast() }
        cell.removeFirst(cell.prefix { $0 == 32 || $0 == 9 }.count)
    }

    private mutating func readUnquoted() {
        while position < text.count, !isLineEnd, !startsDelimiter {
            if dialect.escape == text[position], position + 1 < text.count, escapes(text[position + 1], inQuotes: false)
            {
                position += 1
                if isLineEnd { line += 1 }
            }
            cell.append(text[position])
            position += 1
        }
    }

    /// As `CellReader` has it.
    private func escapes(_ byte: UInt8, inQuotes: Bool) -> Bool {
        if dialect.escapesAnything || byte == dialect.escape || byte == dialect.quote { return true }
        return !inQuotes && (byte == dialect.delimiter[0] || byte == 10 || byte == 13)
    }
}

extension SampleRows {
    /// Without the last record, which the sample's end may cut.
    mutating func dropLast() {
        if rows.count > 1 { rows.removeLast() }
    }
}
