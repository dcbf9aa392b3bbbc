import Shared

extension TransformStep {
    /// The table after this step, and what was done.
    ///
    /// - Throws: any `TransformError`; the table is then as it was.
    /// - Complexity: O(rows x columns concerned), `sort` O(rows log rows)
    package func apply(to table: DataTable) throws(TransformError) -> (DataTable, TransformReport) {
        guard let operation = Operation(rawValue: op) else {
            throw .unknownOperation(op, nearest: Spelling.nearest(to: op, among: Operation.allCases.map(\.rawValue)))
        }
        var report = TransformReport(op: op)
        let result: DataTable
        switch operation {
        case .removeNulls: result = try removeNulls(table, &report)
        case .fillMean, .fillMedian, .fillMode, .fillConstant, .fillForward:
            result = try fill(operation, table, &report)
        case .removeDuplicates: result = try removeDuplicates(table, &report)
        case .removeOutliers: result = try removeOutliers(table, &report)
        case .rename: result = try rename(table, &report)
        case .drop: result = try drop(table, &report)
        case .reorder: result = try reorder(table, &report)
        case .convert: result = try convert(table, &report)
        case .replace: result = try replace(table, &report)
        case .trim, .lower, .upper: result = try changeText(operation, table, &report)
        case .sort: result = try sort(table, &report)
        case .sample: result = try sample(table, &report)
        case .deleteRows: result = try deleteRows(table, &report)
        }
        if report.text.isEmpty { report.text = report.sentence }
        return (result, report)
    }

    /// Places of the columns that the step names, or of all that `applies` accepts.
    func selected(_ table: DataTable, where applies: (ColumnType) -> Bool = { _ in true }, types: String = "any")
        throws(TransformError) -> [Int]
    {
        guard let names = columns ?? column.map({ [$0] }) else {
            return table.columns.indices.filter { applies(table.columns[$0].type) }
        }
        var places: [Int] = []
        for name in names {
            let place = try self.place(of: name, in: table)
            let type = table.columns[place].type
            guard applies(type) else { throw .wrongType(op: op, column: name, type: type.rawValue, expected: types) }
            if !places.contains(place) { places.append(place) }
        }
        return places
    }

    /// As `selected`, for operations that must be told which columns.
    func named(_ table: DataTable) throws(TransformError) -> [Int] {
        guard column != nil || columns != nil else { throw .missing(op: op, key: "column") }
        return try selected(table)
    }

    func place(of name: String, in table: DataTable) throws(TransformError) -> Int {
        guard let place = table.columns.firstIndex(where: { $0.name == name }) else {
            throw .unknownColumn(
                op: op, name: name, nearest: Spelling.nearest(to: name, among: table.columns.map(\.name)))
        }
        return place
    }
}

extension TransformReport {
    fileprivate var sentence: String {
        var parts: [String] = []
        if removedRows > 0 { parts.append("\(removedRows) rows removed") }
        if removedColumns > 0 { parts.append("\(removedColumns) columns removed") }
        if changedRows > 0 { parts.append("\(changedRows) rows changed") }
        if failedCells > 0 { parts.append("\(failedCells) cells emptied because they did not fit") }
        return parts.isEmpty ? "Nothing changed." : parts.joined(separator: ", ") + "."
    }
}
