import Shared

extension TransformStep {
    func fill(_ operation: Operation, _ table: DataTable, _ report: inout TransformReport) throws(TransformError)
        -> DataTable
    {
        let isNumeric = operation == .fillMean || operation == .fillMedian
        let places =
            isNumeric
            ? try selected(table, where: { $0 == .integer || $0 == .decimal }, types: "integer or decimal")
            : try selected(table)
        var result = table
        var changed = [Bool](repeating: false, count: table.rows)
        var filled: [String] = []
        for place in places {
            let column = table.columns[place]
            guard column.chunks.contains(where: { ($0.nulls?.nullCount ?? 0) > 0 }) else { continue }
            var text = ""
            if operation != .fillForward {
                text = try fillText(operation, column)
                filled.append("\(Excerpt.quoted(column.name)) with \(Excerpt.quoted(text))")
            }
            var last = operation == .fillForward ? nil : Optional(text)
            let isForward = operation == .fillForward
            result.columns[place] = column.rewriting(&changed) { row, cell, isNull in
                if isForward, !isNull { last = cell }
                return isNull ? last : cell
            }
        }
        report.changedRows = changed.count { $0 }
        if !filled.isEmpty { report.text = "\(report.changedRows) rows changed: \(filled.joined(separator: ", "))." }
        return result
    }

    /// What the empty cells of `column` get, written as the column writes its values.
    private func fillText(_ operation: Operation, _ column: TableColumn) throws(TransformError) -> String {
        let format = CellFormat().filled(from: column.chunks.first?.style ?? .plain)
        switch operation {
        case .fillMean, .fillMedian:
            let sorted = column.numbers().filter { !$0.isNaN }.sorted()
            guard !sorted.isEmpty else { throw .noValue(op: op, column: column.name) }
            let exact =
                operation == .fillMedian
                ? Self.quantile(sorted, 0.5) : sorted.reduce(0, +) / Double(sorted.count)
            let digits = column.type == .integer ? 0 : column.scale + 4
            let value = Self.rounded(exact, digits: digits)
            return ColumnChunk.text(of: .number(value), as: column.type, format: format) ?? ""
        case .fillMode:
            let codes = column.categories().codes
            var counts: [Int32: Int] = [:]
            for code in codes where code >= 0 { counts[code, default: 0] += 1 }
            guard let most = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key,
                let row = codes.firstIndex(of: most)
            else { throw .noValue(op: op, column: column.name) }
            return column.text(at: row)
        default:
            guard let value, value != .null else { throw .missing(op: op, key: "value") }
            guard let text = ColumnChunk.text(of: value, as: column.type, format: format) else {
                throw .badValue(
                    op: op, key: "value", value: value.plainText, expected: "a value of type \(column.type.rawValue)")
            }
            return text
        }
    }

    func replace(_ table: DataTable, _ report: inout TransformReport) throws(TransformError) -> DataTable {
        guard let value else { throw .missing(op: op, key: "value") }
        guard let with else { throw .missing(op: op, key: "with") }
        let inside = part == true
        let places = inside ? try selected(table, where: { $0 == .text }, types: "text") : try selected(table)
        let sought = value.plainText
        var result = table
        var changed = [Bool](repeating: false, count: table.rows)
        for place in places {
            let column = table.columns[place]
            let format = CellFormat().filled(from: column.chunks.first?.style ?? .plain)
            guard let new = with == .null ? "" : ColumnChunk.text(of: with, as: column.type, format: format) else {
                // All columns were meant: those that cannot hold the new value are left alone.
                if self.column == nil && columns == nil { continue }
                throw .badValue(
                    op: op, key: "with", value: with.plainText, expected: "a value of type \(column.type.rawValue)")
            }
            // The value as the column would write it, so that 1.5 also finds 1,50.
            let same = ColumnChunk.text(of: value, as: column.type, format: format).flatMap {
                ColumnChunk.parse(texts: [$0], as: column.type, format: format).chunk.canonicalText(at: 0)
            }
            result.columns[place] = column.rewriting(&changed, canonical: true) { row, cell, isNull in
                if isNull { return value == .null ? new : nil }
                if value == .null { return cell }
                if inside, !sought.isEmpty { return cell.replacing(sought, with: new) }
                guard cell == sought || column.type != .text && cell == same else { return cell }
                return with == .null ? nil : new
            }
        }
        report.changedRows = changed.count { $0 }
        return result
    }

    func changeText(_ operation: Operation, _ table: DataTable, _ report: inout TransformReport) throws(TransformError)
        -> DataTable
    {
        var result = table
        var changed = [Bool](repeating: false, count: table.rows)
        for place in try selected(table, where: { $0 == .text }, types: "text") {
            result.columns[place] = table.columns[place].rewriting(&changed) { _, cell, isNull in
                if isNull { return nil }
                switch operation {
                case .lower: return cell.lowercased()
                case .upper: return cell.uppercased()
                default: return cell.trimmed
                }
            }
        }
        report.changedRows = changed.count { $0 }
        return result
    }

    private static func rounded(_ value: Double, digits: Int) -> Double {
        let power = powersOfTen[min(max(digits, 0), 15)]
        let scaled = value * power
        return abs(scaled) < 1e15 ? scaled.rounded() / power : value
    }
}

extension TableColumn {
    /// Decimals of the values, 0 ... 18.
    fileprivate var scale: Int {
        chunks.map { chunk in if case .decimals(_, let scale) = chunk.values { scale } else { 0 } }.max() ?? 0
    }

    /// Every cell as `text` makes it of its row, its exact text (or its canonical text) and whether it is null; nil is null.
    /// Chunks without a change are kept as they are, and so is the text of each null that stays one.
    fileprivate func rewriting(
        _ changed: inout [Bool], canonical: Bool = false, _ text: (Int, String, Bool) -> String?
    ) -> TableColumn {
        var result = self
        var start = 0
        for index in chunks.indices {
            let chunk = chunks[index]
            var texts = TextArray()
            var absent = NullBitmap(rows: chunk.rows)
            var isChanged = false
            for row in 0..<chunk.rows {
                let isNull = chunk.nulls?.isNull(row) == true
                let exact = chunk.text(at: row)
                let cell = canonical && !isNull ? chunk.canonicalText(at: row) : exact
                let new = text(start + row, cell, isNull)
                let stays = isNull ? new == nil : new == cell
                if new == nil { absent.setNull(row) }
                texts.append(stays ? exact : new ?? "")
                if !stays {
                    changed[start + row] = true
                    isChanged = true
                }
            }
            start += chunk.rows
            guard isChanged else { continue }
            // Nulls that stay keep texts such as NA, which must not be read as values.
            var nullTexts = Set<String>()
            absent.forEachNull { row in if !texts.byteRange(row).isEmpty { nullTexts.insert(texts[row]) } }
            let format = CellFormat(nullTexts: nullTexts.sorted()).filled(from: chunk.style)
            result.chunks[index] =
                ColumnChunk.parse(texts: texts, as: type, format: format, absent: absent).chunk.dictionaryEncoded()
        }
        return result
    }
}

extension ColumnChunk {
    /// A JSON value as text that a column of this type and format reads; nil when it is none of the type.
    fileprivate static func text(of value: JSONValue, as type: ColumnType, format: CellFormat) -> String? {
        let parsed = parse(json: [value], as: type, format: format)
        return parsed.failedRows.isEmpty ? parsed.chunk.text(at: 0) : nil
    }
}

extension String {
    /// Without white space at either end.
    fileprivate var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else {
            return ""
        }
        return String(self[first...last])
    }
}
