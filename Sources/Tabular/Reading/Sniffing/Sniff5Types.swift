import Shared

/// Step 5: decimal separator, words for null, and the types of the sample's columns.
enum Sniff5Types {
    struct Finding {
        var dialect: Dialect
        var reasons: [String] = []
    }

    static func find(_ structure: Sniff4Structure.Finding, options: ReadOptions) throws(CSVError) -> Finding {
        var finding = Finding(dialect: structure.dialect)
        let data = structure.rows.dropFirst(structure.dialect.header ? 1 : 0)
        if let given = options.decimal {
            guard given == "." || given == "," else {
                throw .badOption(name: "decimal", value: given, expected: "'.' or ','")
            }
            finding.dialect.decimal = Array(given.utf8)[0]
            finding.reasons.append("Decimal separator '\(given)', as given.")
        } else {
            decideDecimal(data, &finding)
        }
        if let given = options.nullValues {
            finding.dialect.nullValues = given
        } else {
            decideNullWords(data, structure.columns, &finding)
        }
        return finding
    }

    private static func decideDecimal(_ data: ArraySlice<SampleRow>, _ finding: inout Finding) {
        let point = UInt8(ascii: ".")
        let comma = UInt8(ascii: ",")
        var points = 0
        var commas = 0
        for row in data {
            for cell in row.cells where cell.bytes.contains(comma) || cell.bytes.contains(point) {
                cell.withCell { bytes in
                    let pointed = NumberCell(bytes, decimal: point, grouping: comma)
                    let comed = NumberCell(bytes, decimal: comma, grouping: point)
                    if let pointed, comed == nil, pointed.hasPoint { points += 1 }
                    if let comed, pointed == nil, comed.hasPoint { commas += 1 }
                }
            }
        }
        if commas > points {
            finding.dialect.decimal = comma
            finding.reasons.append("Decimal separator ',': \(commas) cells of the sample are numbers only with it.")
        } else if points > 0 {
            finding.reasons.append("Decimal separator '.': \(points) cells of the sample are numbers only with it.")
        }
    }

    /// Words that other programs write for an absent value.
    static let usualNullWords: Set<String> = [
        "NA", "N/A", "n/a", "na", "#N/A", "NULL", "null", "Null", "None", "none", "NaN", "nan", "\\N", "?", "-", "--",
    ]

    /// A null word is taken for one where it is all that keeps a column of the sample from being numbers, dates or times.
    private static func decideNullWords(_ data: ArraySlice<SampleRow>, _ columns: Int, _ finding: inout Finding) {
        var found: [String] = []
        for column in 0..<columns {
            var values = 0
            var words: [String] = []
            var others = 0
            for row in data where column < row.cells.count && !row.cells[column].isEmpty {
                let cell = row.cells[column]
                let shape = cell.withCell {
                    CellShape($0, decimal: finding.dialect.decimal, grouping: finding.dialect.grouping)
                }
                if shape != .text && shape != .boolean {
                    values += 1
                } else if cell.bytes.count <= 4, usualNullWords.contains(cell.string) {
                    words.append(cell.string)
                } else {
                    others += 1
                    break
                }
            }
            if others == 0, values > 0, values >= words.count {
                for word in words where !found.contains(word) { found.append(word) }
            }
        }
        guard !found.isEmpty else { return }
        finding.dialect.nullValues = found.sorted()
        let list = finding.dialect.nullValues.map { Excerpt.quoted($0) }.joined(separator: ", ")
        finding.reasons.append("Null beside the empty cell: \(list), found among numbers or dates.")
    }

    /// What the engine itself makes of the sample's rows.
    static func verdicts(
        _ text: [UInt8], _ dialect: Dialect, _ plans: [ColumnPlan], from start: DataStart, isWhole: Bool,
        limits: ReadLimits
    ) -> [ColumnVerdict] {
        // One group: what the sample says must not depend on where groups close.
        var limits = limits
        limits.rowGroupRows = .max
        limits.rowGroupBytes = .max
        let buffer = GroupBuffer()
        buffer.restart(last: start.byte > 0 ? text[start.byte - 1] : 0)
        // Only whole lines of a sample that is cut.
        let end = isWhole ? text.count : (text.lastIndex { $0 == 10 || $0 == 13 }).map { $0 + 1 } ?? 0
        text.withUnsafeBufferPointer {
            buffer.append(UnsafeBufferPointer(rebasing: $0[start.byte..<max(start.byte, end)]))
        }
        buffer.seal()
        var scanner = RecordScanner(dialect: dialect, columns: plans.count, limits: limits)
        scanner.begin(buffer)
        if scanner.scan(buffer, isFinal: true) == .ended, isWhole { _ = scanner.finish(buffer) }
        let group = ScannedGroup(index: 0, rows: scanner.rows, scanner: scanner, line: start.line, byte: start.byte)
        let parsed = GroupParser(dialect: dialect, plans: plans, limits: limits).parse(group, buffer)
        var verdicts = plans.map { ColumnVerdict(plan: $0) }
        for (column, evidence) in parsed.evidence.enumerated() { verdicts[column].take(evidence, group: 0) }
        return verdicts
    }
}
