import Shared

extension TransformStep {
    func rename(_ table: DataTable, _ report: inout TransformReport) throws(TransformError) -> DataTable {
        guard let column else { throw .missing(op: op, key: "column") }
        guard let to else { throw .missing(op: op, key: "to") }
        let place = try place(of: column, in: table)
        let isTaken = table.columns.indices.contains { $0 != place && table.columns[$0].name == to }
        guard !to.isEmpty, !isTaken else {
            throw .badValue(op: op, key: "to", value: to, expected: "a name that no other column has")
        }
        var result = table
        result.columns[place].name = to
        report.text = "Column \(Excerpt.quoted(column)) is now \(Excerpt.quoted(to))."
        return result
    }

    func drop(_ table: DataTable, _ report: inout TransformReport) throws(TransformError) -> DataTable {
        let places = try named(table)
        guard places.count < table.columns.count else {
            throw .badValue(
                op: op, key: "columns", value: "all", expected: "fewer columns: at least one has to stay")
        }
        report.removedColumns = places.count
        return DataTable(columns: table.columns.indices.filter { !places.contains($0) }.map { table.columns[$0] })
    }

    /// The named columns first, in their order; then the others in theirs.
    func reorder(_ table: DataTable, _ report: inout TransformReport) throws(TransformError) -> DataTable {
        let first = try named(table)
        let order = first + table.columns.indices.filter { !first.contains($0) }
        report.text = order == Array(table.columns.indices) ? "Nothing changed." : "The columns have a new order."
        return DataTable(columns: order.map { table.columns[$0] })
    }

    func convert(_ table: DataTable, _ report: inout TransformReport) throws(TransformError) -> DataTable {
        guard let to else { throw .missing(op: op, key: "to") }
        var result = table
        for place in try named(table) {
            let column = table.columns[place]
            let sample = TextArray(column.sampleTexts())
            let format = CellFormat.numbers(in: sample, type: column.type)
            let conversion: Conversion
            switch to {
            case "number":
                let whole = column.converted(to: .integer, format)
                conversion = whole.failed == 0 ? whole : column.converted(to: .decimal, format)
            case "bool": conversion = column.converted(to: .boolean, format)
            default:
                guard let type = ColumnType(rawValue: to) else {
                    let types = ["number", "bool"] + ColumnType.allCases.map(\.rawValue)
                    throw .badValue(op: op, key: "to", value: to, expected: "one of \(types.joined(separator: ", "))")
                }
                conversion = column.converted(to: type, format.filled(for: type, from: sample))
            }
            report.failedCells += conversion.failed
            if conversion.column.type != column.type { report.changedRows = table.rows }
            result.columns[place] = conversion.column
        }
        return result
    }
}

private struct Conversion {
    var column: TableColumn
    var failed: Int
}

extension TableColumn {
    fileprivate func converted(to type: ColumnType, _ format: CellFormat) -> Conversion {
        var result = Conversion(column: TableColumn(name: name, type: type, chunks: []), failed: 0)
        for chunk in chunks {
            let parsed = chunk.recast(to: type, format: format)
            result.column.chunks.append(parsed.chunk.dictionaryEncoded())
            result.failed += parsed.failedRows.count
        }
        return result
    }

    /// Some texts of every chunk.
    fileprivate func sampleTexts() -> [String] {
        chunks.flatMap { chunk in
            stride(from: 0, to: chunk.rows, by: max(1, chunk.rows * chunks.count / 4096)).map { chunk.text(at: $0) }
        }
    }
}

extension CellFormat {
    /// How most of `texts` write numbers: decimal point or comma, groups or none. Nothing is found out for typed columns.
    static func numbers(in texts: TextArray, type: ColumnType) -> CellFormat {
        guard type == .text else { return CellFormat() }
        let point = UInt8(ascii: ".")
        let comma = UInt8(ascii: ",")
        var best = CellFormat()
        var most = 0
        for (separator, grouping) in [
            (point, nil), (comma, nil), (point, comma), (comma, point), (point, 32), (comma, 32), (point, 39),
        ] as [(UInt8, UInt8?)] {
            let count = (0..<texts.count).count { index in
                texts.withText(index) { DecimalText.parse($0, separator: separator, grouping: grouping) != nil }
            }
            if count > most {
                most = count
                best = CellFormat(decimalSeparator: separator, grouping: grouping)
            }
        }
        return best
    }
}
