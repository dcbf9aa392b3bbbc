import Shared

/// How often something was repaired, and the first line it was on.
struct RepairTally: Sendable, Equatable {
    var count = 0
    var line = Int.max

    mutating func add(_ other: RepairTally) {
        count += other.count
        line = min(line, other.line)
    }
}

/// What a lenient reading read otherwise than RFC 4180 has it. Each is reported; a strict reading refuses all but blank lines.
struct ReadRepairs: Sendable, Equatable {
    var strayQuotes = RepairTally()
    /// Of them, quotes behind spaces at the start of a cell.
    var spacedQuotes = RepairTally()
    var textBehindQuotes = RepairTally()
    /// Of them, rows that read well with a backslash before quotes.
    var escapedQuotes = RepairTally()
    var unclosedQuotes = RepairTally()
    var blankLines = RepairTally()
    var nulBytes = RepairTally()

    mutating func add(_ other: ReadRepairs) {
        strayQuotes.add(other.strayQuotes)
        spacedQuotes.add(other.spacedQuotes)
        textBehindQuotes.add(other.textBehindQuotes)
        escapedQuotes.add(other.escapedQuotes)
        unclosedQuotes.add(other.unclosedQuotes)
        blankLines.add(other.blankLines)
        nulBytes.add(other.nulBytes)
    }

    /// A sentence for each kind that occurred.
    var warnings: [String] {
        var result: [String] = []
        if strayQuotes.count > 0 {
            result.append(
                "Quotes inside unquoted cells were read as text, \(strayQuotes.count) of them, the first on line \(strayQuotes.line)."
            )
        }
        if spacedQuotes.count > 0 {
            result.append(
                "Cells that are quoted behind spaces were read as they stand, \(spacedQuotes.count) of them, the first on line \(spacedQuotes.line); skip_initial_space=true reads them as quoted."
            )
        }
        if textBehindQuotes.count > 0 {
            result.append(
                "Text behind a closing quote was joined to its cell in \(textBehindQuotes.count) \(textBehindQuotes.count == 1 ? "row" : "rows"), the first on line \(textBehindQuotes.line)."
            )
        }
        if unclosedQuotes.count > 0 {
            result.append(
                "A quote in the last row, on line \(unclosedQuotes.line), is never closed; the end of the file closes it."
            )
        }
        if nulBytes.count > 0 {
            result.append(
                "NUL bytes were kept in cells, \(nulBytes.count) of them, the first on line \(nulBytes.line).")
        }
        return result
    }

    /// What was left out and is no repair.
    var reasons: [String] {
        guard blankLines.count > 0 else { return [] }
        return [
            "Blank lines left out: \(blankLines.count), the first is line \(blankLines.line)."
        ]
    }
}
