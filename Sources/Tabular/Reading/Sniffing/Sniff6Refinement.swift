import Shared

/// Step 6: line ends, column names, and the client's types.
enum Sniff6Refinement {
    static func lineEnding(_ text: [UInt8], quote: UInt8?) -> (Dialect.LineEnding, String) {
        var feeds = 0
        var returns = 0
        var pairs = 0
        var last: UInt8 = 0
        var isInside = false
        for byte in text.prefix(65_536) {
            if byte == quote { isInside.toggle() }
            if isInside {
                // Line ends inside quotes are data.
                last = 0
                continue
            }
            if byte == 10 {
                if last == 13 { pairs += 1 } else { feeds += 1 }
            } else if last == 13 {
                returns += 1
            }
            last = byte
        }
        if last == 13, text.count <= 65_536 { returns += 1 }
        switch (feeds > 0, returns > 0, pairs > 0) {
        case (_, false, false): return (.lf, "Line ends are LF.")
        case (false, false, true): return (.crlf, "Line ends are CR LF.")
        case (false, true, false): return (.cr, "Line ends are CR.")
        default: return (.mixed, "Line ends are mixed: \(feeds) LF, \(pairs) CR LF, \(returns) CR in the sample.")
        }
    }

    /// Distinct names that are not empty, with a remark for each that had to be made.
    static func names(_ structure: Sniff4Structure.Finding) -> (names: [String], warnings: [String]) {
        guard structure.dialect.header else { return ((1...structure.columns).map { "column_\($0)" }, []) }
        var written = structure.rows[0].cells.map { trimmed($0.string) }
        if structure.headerLacksFirst { written.insert("", at: 0) }
        written = Array(written.prefix(structure.columns))
        while written.count < structure.columns { written.append("") }
        var taken = Set(written.filter { !$0.isEmpty })
        var seen: Set<String> = []
        var names: [String] = []
        var warnings: [String] = []
        for (column, name) in written.enumerated() {
            if name.isEmpty {
                let made = free("column_\(column + 1)", taken)
                taken.insert(made)
                names.append(made)
                warnings.append("Column \(column + 1) has no name; it is called \(Excerpt.quoted(made)).")
            } else if seen.insert(name).inserted {
                names.append(name)
            } else {
                let made = free(name, taken)
                taken.insert(made)
                names.append(made)
                warnings.append(
                    "The name \(Excerpt.quoted(name)) occurs again in column \(column + 1), called \(Excerpt.quoted(made))."
                )
            }
        }
        return (names, warnings)
    }

    /// `name`, or `name_2`, `name_3`, whichever is not taken.
    private static func free(_ name: String, _ taken: Set<String>) -> String {
        if !taken.contains(name) { return name }
        var number = 2
        while taken.contains("\(name)_\(number)") { number += 1 }
        return "\(name)_\(number)"
    }

    private static func trimmed(_ name: String) -> String {
        var scalars = Substring(name).unicodeScalars
        while scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
        while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
        return String(scalars)
    }
}
