extension ColumnBuilder {
    /// - Returns: the first row that is no boolean word, or `end`.
    func takeBooleans(_ grid: CellGrid, _ first: Int, _ end: Int) -> Int {
        for row in first..<end {
            let cell = reader.cell(
                grid.text, grid.start(row: row, column: column), grid.end(row: row, column: column))
            flags[row] = 0
            if cell.count == 0 || !rules.nullWords.isEmpty, takeNull(cell, row) { continue }
            guard let word = TruthWords(cell), plan.given != nil || !word.isSubset(of: .digits) else { return row }
            flags[row] = word.isTrue ? 1 : 0
            evidence.words.formUnion(word)
        }
        return end
    }

    /// The first word of each kind is the style; cells in other words or other case keep their text.
    func finishBooleans(_ grid: CellGrid) -> (ChunkValues, TextStyle) {
        let nulls = exceptions
        var next = 0
        exceptions = TextExceptions()
        var words: (no: [UInt8]?, yes: [UInt8]?)
        for row in 0..<rows {
            if isNull(row) {
                if next < nulls.rows.count, nulls.rows[next] == row {
                    exceptions.append(row: row, text: nulls.texts[next])
                    next += 1
                }
                continue
            }
            let cell = reader.cell(
                grid.text, grid.start(row: row, column: column), grid.end(row: row, column: column))
            if flags[row] == 1 {
                if words.yes == nil { words.yes = Array(cell.bytes) }
                if words.yes?.elementsEqual(cell.bytes) == false { appendException(cell, row) }
            } else {
                if words.no == nil { words.no = Array(cell.bytes) }
                if words.no?.elementsEqual(cell.bytes) == false { appendException(cell, row) }
            }
        }
        func text(_ bytes: [UInt8]?, _ absent: String) -> String {
            bytes.map { String(decoding: $0, as: UTF8.self) } ?? absent
        }
        return (.booleans(flags), .words(false: text(words.no, "false"), true: text(words.yes, "true")))
    }
}
