import CIntrinsics

/// A record that the scan left out of the index.
struct ScanReject {
    var kind: RejectedRow.Kind
    /// In the group's text.
    var range: Range<Int>
    /// Cells found.
    var fields: Int
}

/// How often something occurs, and where first.
struct Occurrences {
    var count = 0
    /// In the group's text.
    var first = 0

    mutating func note(_ place: Int) {
        if count == 0 { first = place }
        count += 1
    }

    /// Takes over what occurred behind all that was noted.
    mutating func append(_ later: Occurrences) {
        if count == 0 { first = later.first }
        count += later.count
    }
}

/// What the scan of one group met and read all the same.
struct ScanOddities {
    /// Quotes inside unquoted cells, which are text.
    var strayQuotes = Occurrences()
    /// Of them, those with only spaces between them and the cell's start.
    var spacedQuotes = Occurrences()
    /// Rows with text behind a closing quote, which belongs to the cell.
    var textBehindQuotes = Occurrences()
    /// Of them, rows that read well with a backslash before quotes.
    var escapedQuotes = Occurrences()
    /// The quote that the end of the input closes.
    var unclosedQuotes = Occurrences()
    var blankLines = Occurrences()
}

/// Oddities of the record under way. They count once it has ended and was not too long: of such a record some is never held.
struct RecordOddities {
    /// Of rejected records too: such a quote is often why there are too many cells.
    var strayQuotes = Occurrences()
    var spacedQuotes = Occurrences()
    /// Of rows only.
    var hasTextBehindQuotes = false
}

/// A record too long to be held; its bytes are gone from the buffer.
struct DroppedRecord {
    /// How it starts.
    var text: [UInt8] = []
    var bytes = 0
    var originalBytes = 0
    var lines = 0
}

/// Finds the cells of one row group: from a record's start to the record end that closes the group.
///
/// The grammar is a small state machine (`RecordScanner+Scalar`). Blocks of 64 bytes in which every quote stands where RFC 4180 wants it are
/// done with masks instead (`RecordScanner+Blocks`), which gives the same index.
struct RecordScanner {
    enum State: UInt8 {
        case recordStart, fieldStart, unquoted, quoted
        /// Behind a quote inside quotes: the end of the cell, or the first half of a doubled quote.
        case closed
        case leadingSpace, afterQuote, comment, escapedInQuotes, escaped
    }

    enum Outcome { case needsMore, groupClosed, ended }

    let delimiter: UInt8
    let delimiterBytes: [UInt8]
    let delimiterLength: Int
    let hasQuote: Bool
    let quote: UInt8
    let hasEscape: Bool
    let escape: UInt8
    let doublesQuotes: Bool
    /// Spaces around quotes are no part of the cell.
    let ignoresSpaces: Bool
    /// Also behind the closing quote.
    let ignoresSpacesBehind: Bool
    let hasComment: Bool
    let comment: UInt8
    let columns: Int
    let trailingDelimiter: Bool
    let limits: ReadLimits
    /// What the lenient reading repairs is a bad row.
    let isStrict: Bool
    /// Masks do for one-byte delimiters and doubled quotes, without an escape character.
    let usesBlocks: Bool

    /// Rows up to this length cannot break a limit.
    let plainRowBytes: Int

    var state = State.recordStart
    /// The next byte to look at.
    var position = GroupBuffer.front
    /// Where the current record starts.
    var rowStart = GroupBuffer.front
    /// The current record's first entry in the index, and the number of entries so far.
    var rowBase = 0
    var count = 0
    var rows = 0
    var rejects: [ScanReject] = []
    var dropped: DroppedRecord?
    /// The current record is to be rejected for its quotes.
    var rowIsMalformed = false
    /// The current record has oddities.
    var rowIsOdd = false
    var rowOddities = RecordOddities()
    /// The byte just taken was a separator.
    var justSeparated = false
    /// Where the quotes opened that the scalar machine is in.
    var quoteOpen = 0
    /// What was read otherwise than RFC 4180 has it.
    var oddities = ScanOddities()
    /// The input ended behind an escape character.
    var endedInEscape = false

    init(dialect: Dialect, columns: Int, limits: ReadLimits, isStrict: Bool = false) {
        delimiterBytes = dialect.delimiter
        delimiter = dialect.delimiter[0]
        delimiterLength = dialect.delimiter.count
        hasQuote = dialect.quote != nil
        quote = dialect.quote ?? 0
        hasEscape = dialect.escape != nil
        escape = dialect.escape ?? 0
        doublesQuotes = dialect.doublesQuotes
        ignoresSpaces = dialect.spacing != .kept
        ignoresSpacesBehind = dialect.spacing == .aroundQuotes || dialect.spacing == .trimmed
        hasComment = dialect.comment != nil
        comment = dialect.comment ?? 0
        self.columns = columns
        trailingDelimiter = dialect.trailingDelimiter
        self.limits = limits
        self.isStrict = isStrict
        plainRowBytes = min(limits.cellBytes, limits.rowBytes)
        usesBlocks = delimiterLength == 1 && dialect.escape == nil && dialect.doublesQuotes
    }

    /// Starts a group at the front of the buffer.
    mutating func begin(_ buffer: GroupBuffer) {
        state = .recordStart
        position = GroupBuffer.front
        rowStart = position
        rowBase = 0
        count = 0
        rows = 0
        rejects = []
        dropped = nil
        rowIsMalformed = false
        dropRowOddities()
        oddities = ScanOddities()
        endedInEscape = false
        startRow(at: position, buffer)
    }

    /// Goes on over the bytes that are there.
    ///
    /// - Parameter isFinal: no more bytes will come.
    mutating func scan(_ buffer: GroupBuffer, isFinal: Bool) -> Outcome {
        while true {
            if position + 64 + 16 > buffer.end {
                if !isFinal { return .needsMore }
                if scanScalar(buffer, upTo: buffer.end) { return .groupClosed }
                return .ended
            }
            buffer.reserve(index: count + 160)
            if usesBlocks, state.rawValue <= State.closed.rawValue {
                switch scanBlock(buffer) {
                case .done: continue
                case .closed: return .groupClosed
                case .unusual: break
                }
            }
            if scanScalar(buffer, upTo: position + 64) { return .groupClosed }
        }
    }

    /// Ends the last record, when the input does not end with a line end.
    ///
    /// - Returns: false when the input ends inside quotes, unless they opened on the line that ends the input.
    mutating func finish(_ buffer: GroupBuffer) -> Bool {
        switch state {
        case .quoted:
            guard !isStrict, dropped == nil, LineCount.lines(buffer.text, rowStart..<buffer.end) == 0 else {
                return false
            }
            // The damage is in this one line.
            oddities.unclosedQuotes.note(rowStart)
            buffer.reserve(index: count + 8)
            _ = endRow(at: buffer.end, buffer)
            return true
        case .escapedInQuotes: return false
        case .recordStart, .comment: return true
        default:
            if state == .escaped {
                endedInEscape = true
                rowIsMalformed = true
            }
            buffer.reserve(index: count + 8)
            _ = endRow(at: buffer.end, buffer)
            return true
        }
    }

    @inline(__always)
    mutating func startRow(at start: Int, _ buffer: GroupBuffer) {
        rowStart = start
        buffer.index[rowBase] = UInt32(truncatingIfNeeded: start - delimiterLength)
        count = rowBase + 1
    }

    /// Takes the line end at `end`: the record goes into the index, or to the rejects, or is no record.
    ///
    /// - Returns: whether the group is closed by it.
    @inline(__always)
    mutating func endRow(at end: Int, _ buffer: GroupBuffer) -> Bool {
        let endedInComment = state == .comment
        state = .recordStart
        if end == rowStart, dropped == nil {
            // The LF of a CR LF, or an empty line, which is a row only where a row may be one empty cell.
            let completesCRLF = buffer.text[end] == 10 && buffer.text[end - 1] == 13
            if completesCRLF || columns > 1 || end == buffer.end {
                if !completesCRLF, end < buffer.end, !endedInComment { oddities.blankLines.note(end) }
                startRow(at: end + 1, buffer)
                return false
            }
        }
        buffer.index[count] = UInt32(truncatingIfNeeded: end)
        count += 1
        let fields = count - rowBase - 1
        if fields == columns, !rowIsMalformed, !endedInComment, dropped == nil, end - rowStart <= plainRowBytes {
            if rowIsOdd { noteRowOddities(end: end, buffer) }
            rows += 1
            rowBase = count
        } else if !endedInComment {
            takeUnusualRow(end: end, fields: fields, buffer)
        }
        let closes =
            rows >= limits.rowGroupRows || end + 1 - GroupBuffer.front >= limits.rowGroupBytes || dropped != nil
        startRow(at: end + 1, buffer)
        return closes
    }

    /// A record with a number of cells that is not the table's, or with a long cell, or with bad quotes.
    private mutating func takeUnusualRow(end: Int, fields: Int, _ buffer: GroupBuffer) {
        let length = end - rowStart + (dropped?.bytes ?? 0)
        let endsWithDelimiter =
            trailingDelimiter && fields == columns + 1
            && Int(buffer.index[count - 2]) + delimiterLength == end
        let kind: RejectedRow.Kind? =
            if length > limits.rowBytes {
                .rowTooLong
            } else if rowIsMalformed {
                .quoting
            } else if fields != columns && !endsWithDelimiter {
                .fieldCount
            } else if hasLongCell(buffer) {
                .cellTooLong
            } else {
                nil
            }
        if kind == .rowTooLong, dropped == nil { dropped = DroppedRecord() }
        rowIsMalformed = false
        if let kind {
            if kind == .rowTooLong { dropRowOddities() }
            rowOddities.hasTextBehindQuotes = false
            if rowIsOdd { noteRowOddities(end: end, buffer) }
            rejects.append(ScanReject(kind: kind, range: rowStart..<end, fields: fields))
        } else {
            if rowIsOdd { noteRowOddities(end: end, buffer) }
            rows += 1
            rowBase += columns + 1
        }
    }

    @inline(never)
    private mutating func noteRowOddities(end: Int, _ buffer: GroupBuffer) {
        oddities.strayQuotes.append(rowOddities.strayQuotes)
        oddities.spacedQuotes.append(rowOddities.spacedQuotes)
        let hasTextBehindQuotes = rowOddities.hasTextBehindQuotes
        dropRowOddities()
        guard hasTextBehindQuotes else { return }
        oddities.textBehindQuotes.note(rowStart)
        let isEscaped =
            !hasEscape
            && EscapeEvidence.isFound(
                UnsafeBufferPointer(start: buffer.text, count: end), from: rowStart, quote: quote,
                delimiter: delimiterBytes, columns: columns)
        if isEscaped { oddities.escapedQuotes.note(rowStart) }
    }

    private mutating func dropRowOddities() {
        rowIsOdd = false
        rowOddities = RecordOddities()
    }

    private func hasLongCell(_ buffer: GroupBuffer) -> Bool {
        for column in 0..<columns {
            let start = Int(buffer.index[rowBase + column]) + delimiterLength
            if Int(buffer.index[rowBase + column + 1]) - start > limits.cellBytes { return true }
        }
        return false
    }

    /// Lets go of the bytes of a record that is already too long, keeping how it starts.
    mutating func dropLongRecord(_ buffer: GroupBuffer, encoding: Dialect.Encoding) {
        guard position - rowStart > limits.rowBytes || dropped != nil, position > rowStart + 1 else { return }
        var record = dropped ?? DroppedRecord()
        // The last byte stays, and a pair of CR LF, since the scan goes on behind it; the line end before the row stays too, since lines
        // are counted by it.
        let isPair = buffer.text[position - 1] == 10 && buffer.text[position - 2] == 13
        let rest = isPair && position - 2 > rowStart ? 2 : 1
        let range = rowStart..<position - rest
        let kept = min(range.count, limits.rejectTextBytes - record.text.count)
        if kept > 0 {
            record.text.append(contentsOf: UnsafeBufferPointer(start: buffer.text + rowStart, count: kept))
        }
        record.bytes += range.count
        record.originalBytes += encoding.originalLength(buffer.text, range)
        record.lines += LineCount.lines(buffer.text, range)
        buffer.remove(range)
        dropped = record
        position = rowStart + 1
        count = rowBase + 1
    }
}
