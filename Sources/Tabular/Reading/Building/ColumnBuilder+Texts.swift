extension ColumnBuilder {
    func prepareTexts(_ grid: CellGrid) {
        dictionary = TextDictionary(rows: rows)
        plainBytes = []
        plainOffsets = []
        plainUsed = 0
    }

    /// Takes every row; every cell is a text.
    func takeTexts(_ grid: CellGrid, _ first: Int, _ end: Int) -> Int {
        guard let dictionary else {
            takePlainTexts(grid, first, end)
            return end
        }
        let text = grid.text
        let quote = rules.quote
        let isSimple = !rules.hasEscape && rules.spacing == .kept && rules.nullWords.isEmpty
        let hasQuote = rules.hasQuote
        dictionary.codes.withUnsafeMutableBufferPointer { codes in
            for row in first..<end {
                let start = grid.start(row: row, column: column)
                let stop = grid.end(row: row, column: column)
                if start < stop, isSimple, !hasQuote || text[start] != quote {
                    codes[row] = dictionary.code(text + start, stop &- start)
                    continue
                }
                let cell = reader.cell(text, start, stop)
                codes[row] = takeTextNull(cell, row) ? 0 : dictionary.code(cell.start, cell.count)
            }
        }
        if !dictionary.pays(afterRows: end) { leaveDictionary(grid, end) }
        return end
    }

    /// A null of a text column: an empty cell without quotes, or a null word.
    @inline(__always)
    private func takeTextNull(_ cell: Cell, _ row: Int) -> Bool {
        if cell.count == 0 {
            if cell.isQuoted { return false }
            setNull(row)
            return true
        }
        if rules.nullWords.isEmpty || !rules.isNullWord(cell) { return false }
        setNull(row)
        appendException(cell, row)
        return true
    }

    /// Writes the first `end` rows as plain texts.
    private func leaveDictionary(_ grid: CellGrid, _ end: Int) {
        guard let dictionary else { return }
        var length = 0
        for row in 0..<rows { length += grid.end(row: row, column: column) - grid.start(row: row, column: column) }
        plainBytes = spares.bytes(length + QuotedText.slack, column: column)
        plainOffsets = .uninitialized(rows + 1)
        plainOffsets[0] = 0
        for row in 0..<end {
            if !isNull(row) {
                let entry = dictionary.entry(dictionary.codes[row])
                appendPlain(entry.baseAddress, entry.count)
            }
            plainOffsets[row + 1] = UInt32(plainUsed)
        }
        self.dictionary = nil
    }

    private func appendPlain(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        guard let start, count > 0 else { return }
        let used = plainUsed
        plainBytes.withUnsafeMutableBufferPointer { bytes in
            bytes.baseAddress.map { ($0 + used).update(from: start, count: count) }
        }
        plainUsed += count
    }

    private func takePlainTexts(_ grid: CellGrid, _ first: Int, _ end: Int) {
        let (text, quote) = (grid.text, rules.quote)
        let isSimple =
            rules.hasQuote && rules.doublesQuotes && !rules.hasEscape && rules.spacing == .kept
            && rules.nullWords.isEmpty
        plainBytes.withUnsafeMutableBufferPointer { bytes in
            plainOffsets.withUnsafeMutableBufferPointer { offsets in
                guard let out = bytes.baseAddress, let ends = offsets.baseAddress else { return }
                var used = plainUsed
                for row in first..<end {
                    let start = grid.start(row: row, column: column)
                    let stop = grid.end(row: row, column: column)
                    if isSimple, start < stop {
                        if text[start] == quote {
                            let count = QuotedText.copy(text, start &+ 1, stop, quote: quote, to: out + used)
                            if count >= 0 {
                                used &+= count
                                ends[row + 1] = UInt32(truncatingIfNeeded: used)
                                continue
                            }
                        } else {
                            QuotedText.copyPlain(text + start, stop &- start, to: out + used)
                            used &+= stop &- start
                            ends[row + 1] = UInt32(truncatingIfNeeded: used)
                            continue
                        }
                    }
                    let cell = reader.cell(text, start, stop)
                    if !takeTextNull(cell, row) {
                        (out + used).update(from: cell.start, count: cell.count)
                        used += cell.count
                    }
                    ends[row + 1] = UInt32(truncatingIfNeeded: used)
                }
                plainUsed = used
            }
        }
    }

    func finishTexts(_ grid: CellGrid) -> ChunkValues {
        // At two rows an entry the codes cost what they save.
        if let dictionary, dictionary.count * 2 > rows { leaveDictionary(grid, rows) }
        if let dictionary { return .dictionary(codes: dictionary.codes, entries: dictionary.entries) }
        plainBytes.removeLast(plainBytes.count - plainUsed)
        var array = TextArray()
        array.bytes = plainBytes
        array.offsets = plainOffsets
        plainBytes = []
        plainOffsets = []
        return .texts(array)
    }
}
