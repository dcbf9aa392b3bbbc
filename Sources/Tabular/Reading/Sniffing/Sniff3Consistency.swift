/// Step 3: the candidate whose rows are most alike and whose cells look most like values.
///
/// Source: G. van den Burg, A. Nazabal, C. Sutton, "Wrangling messy CSV files by detecting row and type patterns", 2019, section 4: the score is
/// the product of a pattern score (rows by number of cells) and a type score (share of cells of a known type).
enum Sniff3Consistency {
    struct Finding {
        var dialect: Dialect
        var reasons: [String]
    }

    struct Score {
        var dialect: Dialect
        var value: Double
        /// Cells of the most frequent row pattern, and the share of rows that have it.
        var cells: Int
        var share: Double
        var typed: Double
    }

    static func find(
        _ text: [UInt8], _ candidates: [Dialect], from start: DataStart, isWhole: Bool, options: ReadOptions
    ) throws(CSVError) -> Finding {
        let scores = candidates.map { score(text, $0, from: start, isWhole: isWhole) }
        guard var best = scores.first else { throw .empty }
        for score in scores.dropFirst() where score.value > best.value * 1.000_001 { best = score }
        if let given = options.delimiter, best.cells == 1 {
            try refuseAbsent(given, text, best.dialect, from: start, isWhole: isWhole)
        }
        if options.delimiter == nil, best.cells == 1 || isOneColumn(text, best, from: start) {
            // One column: the delimiter is only what later cells would be split by.
            best.dialect.delimiter = [UInt8(ascii: ",")]
            if best.cells > 1 { best.cells = 1 }
        }
        return Finding(dialect: best.dialect, reasons: reasons(best, options))
    }

    private static func reasons(_ best: Score, _ options: ReadOptions) -> [String] {
        let delimiter = Excerpt.quoted(String(decoding: best.dialect.delimiter, as: UTF8.self))
        var result: [String] = []
        if options.delimiter != nil {
            result.append("Delimiter \(delimiter), as given.")
        } else if best.cells == 1 {
            result.append("Delimiter \(delimiter) by default: no candidate splits the lines alike.")
        } else {
            result.append(
                "Delimiter \(delimiter): \(percent(best.share)) of the sample's rows have \(best.cells) cells, and \(percent(best.typed)) of the cells look like values."
            )
        }
        let quote = best.dialect.quote.map { Excerpt.quoted(String(decoding: [$0], as: UTF8.self)) }
        if options.quote != nil {
            result.append("Quote \(quote ?? "none"), as given.")
        } else {
            result.append(
                quote.map {
                    "Quote \($0): \(best.dialect.escape == nil ? "doubled" : "escaped by a backslash") inside quoted cells."
                }
                    ?? "No quoting: quotes in the sample do not enclose cells.")
        }
        switch best.dialect.spacing {
        case .kept: break
        case .aroundQuotes: result.append("Spaces around quotes are left out: cells of the sample are quoted so.")
        case .initial: result.append("Spaces at the start of cells are left out, as given.")
        case .trimmed: result.append("White space around cells is left out, as given.")
        }
        return result
    }

    private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    static func score(_ text: [UInt8], _ dialect: Dialect, from start: DataStart, isWhole: Bool) -> Score {
        var sample = SampleRows(text, dialect, from: start, limit: 32_768, most: 500)
        if !isWhole || sample.endsInQuotes { sample.dropLast() }
        let rows = sample.rows
        var counts: [Int: Int] = [:]
        for row in rows where !row.isMalformed { counts[row.cells.count, default: 0] += 1 }
        let total = max(1, rows.count)
        var pattern = 0.0
        for (cells, count) in counts {
            pattern += Double(count) * max(0.001, Double(cells - 1)) / Double(cells)
        }
        pattern /= Double(max(1, counts.count) * total)
        let mode = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }
        let typed = typedShare(rows)
        let isRare = dialect.delimiter == [UInt8(ascii: ":")] || dialect.delimiter == [32]
        var value = pattern * max(1e-10, typed) * (isRare ? 0.6 : 1)
        if sample.endsInQuotes && isWhole { value *= 0.1 }
        // A backslash that escapes nothing is no escape.
        if dialect.escape != nil { value *= 0.999 }
        // One such cell may well be meant as it stands.
        if dialect.spacing == .aroundQuotes, sample.spacedQuotes < 2 { value = 0 }
        // Apostrophes quote only where they do so visibly and nothing else does.
        if dialect.quote == 39, !quotesVisibly(rows) { value = 0 }
        return Score(
            dialect: dialect, value: value, cells: mode?.key ?? 1,
            share: Double(mode?.value ?? 0) / Double(total), typed: typed)
    }

    private static func quotesVisibly(_ rows: [SampleRow]) -> Bool {
        var quoted = 0
        for row in rows {
            for cell in row.cells {
                if cell.isQuoted {
                    quoted += 1
                } else if cell.bytes.first == 34 {
                    return false
                }
            }
        }
        return quoted > 0
    }

    private static func typedShare(_ rows: [SampleRow]) -> Double {
        var cells = 0
        var typed = 0
        for row in rows {
            cells += row.cells.count
            if row.isMalformed { continue }
            for cell in row.cells where CellLook(cell) != .odd { typed += 1 }
        }
        return cells == 0 ? 0 : Double(typed) / Double(cells)
    }

    /// A delimiter that may stand inside values needs columns that are more than words; times and dates alone are one column.
    private static func isOneColumn(_ text: [UInt8], _ best: Score, from start: DataStart) -> Bool {
        let delimiter = best.dialect.delimiter[0]
        guard delimiter == 32 || delimiter == UInt8(ascii: ":") else { return false }
        var whole = best.dialect
        whole.delimiter = [UInt8(ascii: "\u{1}")]
        let lines = SampleRows(text, whole, from: start, limit: 32_768, most: 200).rows
        let values = lines.count { row in row.cells.first.map { CellLook($0) == .value } ?? false }
        if values * 2 > lines.count { return true }
        if best.share < 0.8 { return true }
        let split = SampleRows(text, best.dialect, from: start, limit: 32_768, most: 200).rows.dropFirst()
        let columns = (0..<best.cells).count { column in
            let cells = split.filter { $0.cells.count == best.cells }.map { $0.cells[column] }
            return !cells.isEmpty && cells.count { CellLook($0) == .value } * 10 >= cells.count * 9
        }
        return columns * 2 < best.cells
    }

    private static func refuseAbsent(
        _ given: String, _ text: [UInt8], _ dialect: Dialect, from start: DataStart, isWhole: Bool
    ) throws(CSVError) {
        var other: Score?
        for delimiter in [",", ";", "\t", "|"] as [Unicode.Scalar] {
            var candidate = dialect
            candidate.delimiter = [UInt8(ascii: delimiter)]
            let score = score(text, candidate, from: start, isWhole: isWhole)
            if score.cells > 1, score.share >= 0.9, score.value > other?.value ?? 0 { other = score }
        }
        if let other {
            throw .dialectMismatch(
                .delimiterAbsent(given: given, other: String(decoding: other.dialect.delimiter, as: UTF8.self)))
        }
    }
}

/// What a cell looks like to the type score.
enum CellLook {
    case empty, value, words
    /// Rather several cells, or a piece of one.
    case odd

    init(_ cell: SampleCell) {
        if cell.isEmpty {
            self = .empty
            return
        }
        let shape = cell.withCell { bytes in
            let pointed = CellShape(bytes, decimal: UInt8(ascii: "."), grouping: UInt8(ascii: ","))
            return pointed == .text
                ? CellShape(bytes, decimal: UInt8(ascii: ","), grouping: UInt8(ascii: ".")) : pointed
        }
        if shape != .text || Self.isTime(cell.bytes) {
            self = .value
        } else if cell.isQuoted {
            self = .words
        } else {
            let first = cell.bytes[0]
            let isOdd =
                first == 34 || first == 39
                || cell.bytes.contains { $0 == 44 || $0 == 59 || $0 == 9 || $0 == 124 || $0 == 34 }
            self = isOdd ? .odd : .words
        }
    }

    private static func isTime(_ bytes: [UInt8]) -> Bool {
        (4...15).contains(bytes.count) && bytes.contains(58)
            && bytes.allSatisfy { $0 &- 48 <= 9 || $0 == 58 || $0 == 46 }
    }
}
