extension RecordScanner {
    /// The grammar, byte by byte, up to `limit` (or a little further inside a long delimiter).
    ///
    /// - Returns: whether the group was closed.
    mutating func scanScalar(_ buffer: GroupBuffer, upTo limit: Int) -> Bool {
        while position < limit {
            buffer.reserve(index: count + 8)
            let byte = buffer.text[position]
            switch state {
            case .recordStart, .fieldStart, .leadingSpace:
                if hasComment, byte == comment, state == .recordStart {
                    state = .comment
                    position += 1
                } else if hasQuote, byte == quote, state != .leadingSpace || ignoresSpaces {
                    state = .quoted
                    quoteOpen = position
                    position += 1
                } else if takeSeparator(byte, buffer) {
                    return true
                } else if byte == 32, !justSeparated {
                    state = .leadingSpace
                    position += 1
                } else if !justSeparated {
                    if hasQuote, byte == quote {
                        rowOddities.spacedQuotes.note(position)
                        rowIsOdd = true
                    }
                    takeUnquoted(byte)
                }
            case .unquoted:
                if takeSeparator(byte, buffer) { return true }
                if !justSeparated { takeUnquoted(byte) }
            case .quoted:
                if hasEscape, byte == escape {
                    state = .escapedInQuotes
                } else if byte == quote {
                    state = .closed
                }
                position += 1
            case .escapedInQuotes:
                state = .quoted
                position += 1
            case .escaped:
                state = .unquoted
                position += 1
            case .closed, .afterQuote:
                if byte == quote, state == .closed, doublesQuotes {
                    state = .quoted
                    position += 1
                } else if takeSeparator(byte, buffer) {
                    return true
                } else if !justSeparated {
                    takeBehindQuote(byte)
                }
            case .comment:
                if byte == 10 || byte == 13 {
                    if takeSeparator(byte, buffer) { return true }
                } else {
                    position += 1
                }
            }
        }
        return false
    }

    private mutating func takeUnquoted(_ byte: UInt8) {
        if hasEscape, byte == escape {
            state = .escaped
        } else {
            if hasQuote, byte == quote {
                rowOddities.strayQuotes.note(position)
                rowIsOdd = true
                if isStrict { rowIsMalformed = true }
            }
            state = .unquoted
        }
        position += 1
    }

    /// What stands between a closing quote and the delimiter belongs to the cell, unless it is spaces that the dialect leaves out.
    private mutating func takeBehindQuote(_ byte: UInt8) {
        if byte == 32, ignoresSpacesBehind {
            state = .afterQuote
        } else {
            rowOddities.hasTextBehindQuotes = true
            rowIsOdd = true
            if isStrict { rowIsMalformed = true }
            state = .unquoted
        }
        position += 1
    }

    /// Takes a delimiter or a line end at the position; sets `justSeparated` when there is one.
    ///
    /// - Returns: whether the group was closed.
    private mutating func takeSeparator(_ byte: UInt8, _ buffer: GroupBuffer) -> Bool {
        justSeparated = false
        if byte == 10 || byte == 13 {
            justSeparated = true
            let closed = endRow(at: position, buffer)
            position += 1
            return closed
        }
        guard byte == delimiter, matchesDelimiter(buffer) else { return false }
        justSeparated = true
        buffer.index[count] = UInt32(truncatingIfNeeded: position)
        count += 1
        position += delimiterLength
        state = .fieldStart
        return false
    }

    private func matchesDelimiter(_ buffer: GroupBuffer) -> Bool {
        if delimiterLength == 1 { return true }
        guard position + delimiterLength <= buffer.end else { return false }
        for offset in 1..<delimiterLength where buffer.text[position + offset] != delimiterBytes[offset] {
            return false
        }
        return true
    }
}
