/// Step 4: which lines are comments, which come before the table, and whether its first row is a header.
enum Sniff4Structure {
    struct Finding {
        var dialect: Dialect
        /// The table: header, if there is one, and data.
        var rows: [SampleRow]
        /// Cells of a row, a trailing empty one not counted.
        var columns: Int
        /// The header has no name for the first column.
        var headerLacksFirst = false
        var reasons: [String] = []
    }

    static func find(
        _ text: [UInt8], _ dialect: Dialect, from start: DataStart, isWhole: Bool, options: ReadOptions
    ) throws(CSVError) -> Finding {
        var dialect = dialect
        var reasons: [String] = []
        if let given = options.comment {
            dialect.comment = try Sniff2Candidates.character(given, "comment")
        } else if hasComments(text, dialect, from: start, isWhole: isWhole) {
            dialect.comment = UInt8(ascii: "#")
            reasons.append("Comment lines start with '#': they do not split like the other lines.")
        }
        var sample = SampleRows(text, dialect, from: start, limit: text.count, most: 1000)
        if !isWhole { sample.dropLast() }
        if isWhole, sample.endsInQuotes, sample.rows.count <= 1, let row = sample.rows.first,
            options.strict || text[row.byte...].contains(where: { $0 == 10 || $0 == 13 })
        {
            throw .unterminatedQuote(line: row.line, byte: row.byte)
        }
        var rows = sample.rows
        guard !rows.isEmpty else {
            throw dialect.skipRows > 0 ? .dialectMismatch(.nothingAfterSkippedLines(lines: dialect.skipRows)) : .empty
        }
        let usual = usualCells(rows)
        if options.skipRows == nil {
            let preamble = preambleRows(rows, usual)
            if preamble > 0 {
                rows.removeFirst(preamble)
                dialect.skipRows = rows[0].line - 1
                reasons.append(
                    "\(dialect.skipRows) \(dialect.skipRows == 1 ? "line" : "lines") skipped: the table's rows of \(usual) cells start on line \(rows[0].line)."
                )
            }
        }
        var finding = Finding(dialect: dialect, rows: rows, columns: rows[0].cells.count)
        decideHeader(&finding, usual, options, &reasons)
        finding.reasons = reasons
        return finding
    }

    /// Lines with `#` are comments unless they all look like rows of the table.
    private static func hasComments(_ text: [UInt8], _ dialect: Dialect, from start: DataStart, isWhole: Bool) -> Bool {
        let rows = SampleRows(text, dialect, from: start, limit: 65_536, most: 1000).rows
        let marked = rows.enumerated().filter { text[$0.element.byte] == UInt8(ascii: "#") }
        if !marked.isEmpty, marked.count == rows.count {
            return rows.allSatisfy { text.dropFirst($0.byte + 1).first == 32 }
        }
        guard !marked.isEmpty else { return false }
        let usual = usualCells(rows.filter { text[$0.byte] != UInt8(ascii: "#") })
        if usual > 1 { return marked.contains { $0.element.cells.count != usual } }
        // In one column only lines at the top, and spaced like prose.
        return marked.enumerated().allSatisfy { place, row in
            row.offset == place && text.dropFirst(row.element.byte + 1).first == 32
        }
    }

    /// The most frequent number of cells; of equals, that of the earlier row.
    private static func usualCells(_ rows: [SampleRow]) -> Int {
        var counts: [Int: Int] = [:]
        for row in rows where !row.isMalformed { counts[row.cells.count, default: 0] += 1 }
        if counts.isEmpty { for row in rows { counts[row.cells.count, default: 0] += 1 } }
        let most = counts.values.max() ?? 0
        return rows.first { counts[$0.cells.count] == most }?.cells.count ?? 1
    }

    /// Rows before the table: fewer cells than it has, and no header that lacks one name only.
    private static func preambleRows(_ rows: [SampleRow], _ usual: Int) -> Int {
        guard usual > 1, let first = rows.firstIndex(where: { $0.cells.count >= usual }), first <= 50 else { return 0 }
        if first == 1, usual > 2, rows[0].cells.count == usual - 1 { return 0 }
        // Two unlike lines tell nothing.
        if rows.count - first < 2 { return 0 }
        return first
    }

    // MARK: - Header

    private static func decideHeader(
        _ finding: inout Finding, _ usual: Int, _ options: ReadOptions, _ reasons: inout [String]
    ) {
        let rows = finding.rows
        let data = rows.dropFirst().filter { $0.cells.count == usual }
        let first = rows[0].cells
        let verdict: (Bool, String) =
            switch options.header {
            case .true: (true, "Header, as given.")
            case .false: (false, "No header, as given.")
            case .auto: headerVerdict(first, Array(data), lacksOne: first.count + 1 == usual)
            }
        finding.dialect.header = verdict.0
        reasons.append(verdict.1)
        guard verdict.0 else { return }
        let endsEmpty =
            !data.isEmpty && data.allSatisfy { $0.cells.last?.isEmpty == true && $0.cells.last?.isQuoted == false }
        if endsEmpty, usual > 1, first.count == usual && first.last?.isEmpty == true || first.count == usual - 1 {
            finding.dialect.trailingDelimiter = true
            finding.columns = usual - 1
            reasons.append("Every row ends with a delimiter, which makes no column.")
        } else if !data.isEmpty, first.count == usual - 1, usual > 2 {
            finding.headerLacksFirst = true
            finding.columns = usual
            reasons.append("The header has one name less than the rows have cells: the first column has none.")
        }
    }

    private static func headerVerdict(_ first: [SampleCell], _ data: [SampleRow], lacksOne: Bool) -> (Bool, String) {
        if data.isEmpty {
            let named =
                !first.isEmpty
                && first.allSatisfy {
                    CellLook($0) == .words || CellLook($0) == .odd || $0.bytes.first.map { $0 | 0x20 >= 97 } == true
                }
            return named
                ? (true, "Header: the only line has words only.") : (false, "No header: the only line has values.")
        }
        var yes = 0
        var no = 0
        let shift = lacksOne ? 1 : 0
        for (column, name) in first.enumerated() where !name.isEmpty {
            let values = data.prefix(200).compactMap { row in
                column + shift < row.cells.count && !row.cells[column + shift].isEmpty ? row.cells[column + shift] : nil
            }
            if values.isEmpty { continue }
            let typed = values.count { CellLook($0) == .value }
            let isWord = name.withCell { TruthWords($0) }.map { !$0.isSubset(of: .digits) } ?? false
            if isWord {
                // `n` or `yes` names a column, unless the rows below have such words too.
                let words = values.count { $0.withCell { TruthWords($0) }.map { !$0.isSubset(of: .digits) } ?? false }
                if words == values.count { no += 2 } else if typed * 10 >= values.count * 8 { yes += 1 }
            } else if CellLook(name) == .value {
                if isYear(name), !values.allSatisfy(isYear) { yes += 1 } else { no += 2 }
            } else if typed * 10 >= values.count * 8 {
                yes += 1
            } else if values.contains(where: { $0.bytes == name.bytes }) {
                no += 1
            }
        }
        if yes > no { return (true, "Header: the first row has words where the rows below have values.") }
        if no > yes { return (false, "No header: the first row has the same kinds of cells as the rows below.") }
        let names = first.filter { !$0.isEmpty }.map(\.bytes)
        if !names.isEmpty, Set(names).count == names.count {
            return (true, "Header: the first row has distinct words that do not occur below.")
        }
        return (false, "No header: the first row repeats its cells.")
    }

    private static func isYear(_ cell: SampleCell) -> Bool {
        cell.bytes.count == 4 && (Int(cell.string).map { (1800...2200).contains($0) } ?? false)
    }
}
