import Shared

// Operations that rewrite cells.
extension TransformStep {
    /// Steps that the search of one text may take: each match is found in linear time, but there may be as many as characters.
    private static let mostPatternSteps = 50_000_000

    func changeText(_ table: ChunkedTable, _ report: inout TransformReport) throws -> ChunkedTable {
        var result = table
        var changed = ChangedRows(table.rows)
        for place in try selected(table, where: { $0 == .text }, types: "text") {
            try rewrite(place, of: &result, &changed) { text in
                switch operation {
                case .lower: text.lowercased()
                case .upper: text.uppercased()
                case .title: text.titleCased
                case .collapseSpaces: text.collapsingSpaces
                default: text.trimmed
                }
            }
        }
        report.changedRows = changed.count
        return result
    }

    func replace(_ table: ChunkedTable, _ report: inout TransformReport) throws -> ChunkedTable {
        guard let with = fields["with"] else { throw TransformError.missing(op: op, key: "with") }
        var result = table
        var changed = ChangedRows(table.rows)
        if let source = try text("pattern") {
            guard fields["value"] == nil else { throw bad("value", "either value or pattern") }
            guard case .string(let template) = with else { throw bad("with", "a text, with $1 for the first group") }
            let pattern: TextPattern
            do throws(TextPattern.Failure) {
                // As many groups as one digit of `with` can name.
                pattern = try TextPattern(source, .init(mostGroups: 9, takesEmpty: false))
            } catch {
                throw TransformError.badPattern(op: op, pattern: source, reason: error.reason, at: error.position)
            }
            let replacement = PatternReplacement(template, style: .digits)
            for place in try selected(table, where: { $0 == .text }, types: "text") {
                try rewrite(place, of: &result, &changed) { text in
                    if let new = pattern.replacing(in: text, with: replacement, mostSteps: Self.mostPatternSteps) {
                        return new
                    }
                    throw TransformError.patternTooSlow(op: op, column: table.columns[place].name, text: text)
                }
            }
        } else {
            guard let value = fields["value"] else { throw TransformError.missing(op: op, key: "value") }
            if try flag("part") == true {
                let sought = value.plainText
                guard !sought.isEmpty else { throw bad("value", "a text to look for") }
                let new = with.plainText
                for place in try selected(table, where: { $0 == .text }, types: "text") {
                    try rewrite(place, of: &result, &changed) { $0.replacing(sought, with: new) }
                }
            } else {
                try replaceWhole(value, with: with, in: &result, &changed)
            }
        }
        report.changedRows = changed.count
        return result
    }

    /// Cells that are `value` become `with`; null stands for an empty cell.
    private func replaceWhole(
        _ value: JSONValue, with: JSONValue, in table: inout ChunkedTable, _ changed: inout ChangedRows
    ) throws {
        let namesColumns = try names() != nil
        for place in try selected(table) {
            let column = table.columns[place]
            let format = try table.cellFormat(place)
            var new: String?
            if with != .null {
                new = ColumnChunk.text(of: with, as: column.type, format: format)
                if new == nil {
                    // All columns were meant: those that cannot hold the new value are left alone.
                    if !namesColumns { continue }
                    throw bad("with", "a value of type \(column.type.rawValue)")
                }
            }
            var start = 0
            for group in 0..<table.groups {
                let chunk = try table.chunk(place, group)
                let rows = chunk.rows(equalTo: value, format).filter { row in
                    !(chunk.nulls?.isNull(row) == true && new == nil) && chunk.text(at: row) != new
                }
                try patch(rows, with: [String?](repeating: new, count: rows.count), chunk, place, group, &table)
                changed.insert(rows, from: start)
                start += chunk.rows
            }
        }
    }

    /// Every text of a text column as `change` makes it. Chunks without a change are kept as they are.
    private func rewrite(
        _ place: Int, of table: inout ChunkedTable, _ changed: inout ChangedRows, _ change: (String) throws -> String
    ) throws {
        var start = 0
        for group in 0..<table.groups {
            let chunk = try table.chunk(place, group)
            var rows: [Int] = []
            if let new = try chunk.rewritten(&rows, change) {
                table.columns[place].chunks[group] = try table.shelf.keep(new)
                changed.insert(rows, from: start)
            }
            start += chunk.rows
        }
    }
}

extension ColumnChunk {
    /// A chunk of texts with each as `change` makes it, nulls left alone; nil when none is changed.
    ///
    /// - Complexity: `change` is called once a distinct text where texts repeat
    fileprivate func rewritten(
        _ changedRows: inout [Int], _ change: (String) throws -> String
    ) rethrows -> ColumnChunk? {
        var result = self
        switch values {
        case .dictionary(let codes, let entries):
            var interner = TextInterner()
            var newCodes: [UInt32] = []
            var isChanged: [Bool] = []
            for entry in 0..<entries.count {
                let old = entries[entry]
                let new = try change(old)
                newCodes.append(UInt32(interner.code(new)))
                isChanged.append(!new.utf8.elementsEqual(old.utf8))
            }
            for (row, code) in codes.enumerated() where isChanged[Int(code)] && nulls?.isNull(row) != true {
                changedRows.append(row)
            }
            result.values = .dictionary(codes: codes.map { newCodes[Int($0)] }, entries: interner.texts)
        case .texts(let texts):
            var rewritten = TextArray()
            rewritten.reserve(rows: texts.count, bytes: texts.bytes.count)
            for row in 0..<texts.count {
                if nulls?.isNull(row) == true {
                    rewritten.append("")
                    continue
                }
                let old = texts[row]
                let new = try change(old)
                if !new.utf8.elementsEqual(old.utf8) { changedRows.append(row) }
                rewritten.append(new)
            }
            result.values = .texts(rewritten)
        default: return nil
        }
        return changedRows.isEmpty ? nil : result.compacted()
    }

    /// Rows whose value is `value`: numbers by value (1.5 is also 1,50), texts by text, null for empty cells.
    fileprivate func rows(equalTo value: JSONValue, _ format: CellFormat) -> [Int] {
        if value == .null {
            var rows: [Int] = []
            nulls?.forEachNull { rows.append($0) }
            return rows
        }
        // The value as the column would write it, so that it is compared as one of its own.
        let own = Self.parse(json: [value], as: type, format: format)
        let sought = own.failedRows.isEmpty ? own.chunk.canonicalText(at: 0) : nil
        let exact = value.plainText
        if case .dictionary(let codes, let entries) = values {
            let wanted = (0..<entries.count).map { entries[$0] == exact }
            return codes.indices.filter { wanted[Int(codes[$0])] && nulls?.isNull($0) != true }
        }
        var text: [UInt8] = []
        let bytes = Array((type == .text ? exact : sought ?? exact).utf8)
        return (0..<rows).filter { row in
            if nulls?.isNull(row) == true { return false }
            text.removeAll(keepingCapacity: true)
            appendCanonicalText(at: row, to: &text)
            return text == bytes
        }
    }
}

extension String {
    /// Without white space at either end.
    fileprivate var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }

    /// Trimmed, and every run of white space inside as one space.
    fileprivate var collapsingSpaces: String {
        split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The first letter of each word large, the others small; words are runs of letters, digits and apostrophes.
    fileprivate var titleCased: String {
        var result = ""
        var isInWord = false
        for character in self {
            let continues = character.isLetter || character.isNumber || character == "'" || character == "\u{2019}"
            result += continues && isInWord ? character.lowercased() : character.uppercased()
            isInWord = continues
        }
        return result
    }
}
