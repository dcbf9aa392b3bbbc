extension ColumnBuilder {
    /// - Returns: the first row that is no boolean word, or `end`.
    func takeBooleans(_ grid: CellGrid, _ first: Int, _ end: Int) -> Int {
        flags.withUnsafeMutableBufferPointer { flags in
            let text = grid.text
            let givenBoolean = plan.given != nil
            var words = evidence.words
            defer { evidence.words = words }
            for row in first..<end {
                let cell = reader.cell(text, grid.start(row: row, column: column), grid.end(row: row, column: column))
                flags[row] = 0
                if cell.count == 0 || !rules.nullWords.isEmpty, takeNull(cell, row) { continue }
                guard let word = TruthWords(cell), givenBoolean || !word.isSubset(of: .digits) else { return row }
                flags[row] = word.isTrue ? 1 : 0
                words.formUnion(word)
            }
            return end
        }
    }

    /// The first word of each kind is the style; cells in other words or other case keep their text.
    func finishBooleans(_ grid: CellGrid) -> (ChunkValues, TextStyle) {
        let nulls = exceptions
        var next = 0
        exceptions = TextExceptions()
        var words: [[UInt8]?] = [nil, nil]
        let hasNulls = nullCount > 0
        for row in 0..<rows {
            if hasNulls, isNull(row) {
                if next < nulls.rows.count, nulls.rows[next] == row {
                    exceptions.append(row: row, text: nulls.texts[next])
                    next += 1
                }
                continue
            }
            let cell = reader.cell(
                grid.text, grid.start(row: row, column: column), grid.end(row: row, column: column))
            let flag = Int(flags[row])
            if let word = words[flag] {
                let isSame = word.withUnsafeBufferPointer { word in
                    var isSame = word.count == cell.count
                    for offset in 0..<min(word.count, cell.count) where word[offset] != cell.start[offset] {
                        isSame = false
                    }
                    return isSame
                }
                if !isSame { appendException(cell, row) }
            } else {
                words[flag] = Array(cell.bytes)
            }
        }
        func text(_ bytes: [UInt8]?, _ absent: String) -> String {
            bytes.map { String(decoding: $0, as: UTF8.self) } ?? absent
        }
        return (.booleans(flags), .words(false: text(words[0], "false"), true: text(words[1], "true")))
    }
}
