import Shared

// One row for each combination of values.
extension TransformStep {
    private enum Function: String, CaseIterable {
        case count, sum, mean, min, max, median, distinct, first, last
    }

    private struct Aggregate {
        var function: Function
        /// Absent for the number of rows.
        var place: Int?
        var name: String
    }

    /// Groups in order of first appearance; `aggregates` are `{"function","column","as"}`.
    func group(_ table: ChunkedTable, _ report: inout TransformReport) throws -> ChunkedTable {
        let by = try grouping(table) ?? []
        let aggregates = try aggregates(table)
        guard !by.isEmpty || !aggregates.isEmpty else { throw TransformError.missing(op: op, key: "by") }
        let numbers = by.isEmpty && table.rows > 0 ? try RowNumbering([], of: table) : try RowNumbering(by, of: table)
        var keys = table
        keys.columns = by.map { table.columns[$0] }
        var result = try keys.gathering(numbers.firstRows, op: op)
        for aggregate in aggregates {
            try newName(aggregate.name, key: "as", in: result)
            result.columns.append(try column(aggregate, of: table, numbers, in: result))
        }
        report.removedRows = table.rows - numbers.count
        report.text =
            "\(table.rows) rows became \(numbers.count) group\(numbers.count == 1 ? "" : "s") with \(result.columns.count) columns."
        return result
    }

    private func aggregates(_ table: ChunkedTable) throws -> [Aggregate] {
        guard let list = fields["aggregates"] else { return [] }
        let shape = "a list of objects such as {\"function\":\"mean\",\"column\":\"age\",\"as\":\"mean_age\"}"
        guard case .array(let items) = list else { throw bad("aggregates", shape) }
        return try items.map { item in
            guard case .object(let fields) = item, case .string(let word)? = fields["function"] else {
                throw bad("aggregates", shape)
            }
            for key in fields.keys.sorted() where !["function", "column", "as"].contains(key) {
                throw TransformError.unknownKey(op: op, key: key, nearest: nil, known: ["function", "column", "as"])
            }
            guard let function = Function(rawValue: word) else {
                let known = Function.allCases.map(\.rawValue)
                throw TransformError.badValue(
                    op: op, key: "function", value: word,
                    expected: Spelling.nearest(to: word, among: known) ?? "one of \(known.joined(separator: ", "))")
            }
            var place: Int?
            var name = word
            if case .string(let column)? = fields["column"] {
                let found = try self.place(of: column, in: table)
                place = found
                name += "_\(column)"
                let type = table.columns[found].type
                if [.sum, .mean, .median].contains(function), !type.isNumeric {
                    throw TransformError.wrongType(
                        op: op, column: column, type: type.rawValue, expected: "integer or decimal")
                }
            } else if function != .count {
                throw TransformError.missing(op: op, key: "column")
            }
            if case .string(let given)? = fields["as"] { name = given }
            return Aggregate(function: function, place: place, name: name)
        }
    }

    private func column(
        _ aggregate: Aggregate, of table: ChunkedTable, _ numbers: RowNumbering, in result: ChunkedTable
    ) throws -> ChunkedColumn {
        guard let place = aggregate.place else {
            var counts = [Int64](repeating: 0, count: numbers.count)
            for code in numbers.codes { counts[Int(code)] += 1 }
            return try shelved(counts.map(Optional.some), aggregate.name, result)
        }
        switch aggregate.function {
        case .count, .distinct:
            return try shelved(
                try counts(table, place, numbers, isDistinct: aggregate.function == .distinct), aggregate.name, result)
        case .sum: return try sums(table, place, numbers, aggregate.name, result)
        case .mean, .median:
            let values = try numbersByGroup(table, place, numbers).map { part -> Double? in
                if part.isEmpty { return nil }
                return aggregate.function == .median
                    ? Self.quantile(part.sorted(), 0.5) : part.reduce(0, +) / Double(part.count)
            }
            return try shelved(values, aggregate.name, result)
        case .min, .max, .first, .last:
            var one = table
            one.columns = [table.columns[place]]
            let rows = try extremes(aggregate.function, table, place, numbers)
            var column = try one.gathering(rows, op: op).columns[0]
            column.name = aggregate.name
            return column
        }
    }

    private func counts(
        _ table: ChunkedTable, _ place: Int, _ numbers: RowNumbering, isDistinct: Bool
    ) throws -> [Int64?] {
        var counts = [Int64](repeating: 0, count: numbers.count)
        let codes = try table.loaded(place).categories().codes
        var seen = Set<UInt64>()
        for row in codes.indices where codes[row] >= 0 {
            let group = numbers.codes[row]
            if isDistinct, !seen.insert(UInt64(UInt32(bitPattern: group)) << 32 | UInt64(codes[row])).inserted {
                continue
            }
            counts[Int(group)] += 1
        }
        return counts
    }

    /// Whole numbers exactly, as decimals when 64 bits do not hold them; decimals as Doubles. Null for a group without values.
    private func sums(
        _ table: ChunkedTable, _ place: Int, _ numbers: RowNumbering, _ name: String, _ result: ChunkedTable
    ) throws -> ChunkedColumn {
        var sums = [Int64?](repeating: nil, count: numbers.count)
        var isExact = true
        try table.forEachChunk(place) { start, chunk in
            guard isExact, case .integers(let values) = chunk.values else {
                isExact = false
                return
            }
            for row in values.indices where chunk.nulls?.isNull(row) != true {
                let group = Int(numbers.codes[start + row])
                let (sum, overflow) = (sums[group] ?? 0).addingReportingOverflow(values[row])
                if overflow { isExact = false }
                sums[group] = sum
            }
        }
        if isExact, table.columns[place].type == .integer { return try shelved(sums, name, result) }
        let parts = try numbersByGroup(table, place, numbers)
        return try shelved(parts.map { $0.isEmpty ? nil : Self.compensatedSum($0) }, name, result)
    }

    /// Source: Neumaier 1974.
    private static func compensatedSum(_ values: [Double]) -> Double {
        var sum = 0.0
        var lost = 0.0
        for value in values {
            let next = sum + value
            lost += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
            sum = next
        }
        return sum + lost
    }

    private func numbersByGroup(_ table: ChunkedTable, _ place: Int, _ numbers: RowNumbering) throws -> [[Double]] {
        var parts = [[Double]](repeating: [], count: numbers.count)
        let values = try table.numbers(place)
        for row in values.indices where !values[row].isNaN { parts[Int(numbers.codes[row])].append(values[row]) }
        return parts
    }

    /// The row of each group whose value is wanted; -1 for a group without values. First and last are those that are not null.
    private func extremes(
        _ function: Function, _ table: ChunkedTable, _ place: Int, _ numbers: RowNumbering
    ) throws -> [Int] {
        var best = [Int](repeating: -1, count: numbers.count)
        let key = try SortKey(place, of: table, descends: false)
        for row in 0..<table.rows where !key.isNull(row) {
            let group = Int(numbers.codes[row])
            let known = best[group]
            let isBetter =
                switch function {
                case .first: known < 0
                case .last: true
                case .min: known < 0 || key.isLess(row, known)
                default: known < 0 || key.isLess(known, row)
                }
            if isBetter { best[group] = row }
        }
        return best
    }

    private func shelved(_ values: [Int64?], _ name: String, _ table: ChunkedTable) throws -> ChunkedColumn {
        try shelved(.integers(values.map { $0 ?? 0 }), .integer, values.map { $0 == nil }, name, table)
    }

    private func shelved(_ values: [Double?], _ name: String, _ table: ChunkedTable) throws -> ChunkedColumn {
        try shelved(.doubles(values.map { $0 ?? 0 }), .decimal, values.map { $0 == nil }, name, table)
    }

    private func shelved(
        _ values: ChunkValues, _ type: ColumnType, _ isNull: [Bool], _ name: String, _ table: ChunkedTable
    ) throws -> ChunkedColumn {
        var nulls = NullBitmap(rows: isNull.count)
        for row in isNull.indices where isNull[row] { nulls.setNull(row) }
        let chunk = ColumnChunk(type: type, values: values, nulls: nulls.nullCount > 0 ? nulls : nil)
        return try table.shelved(TableColumn(name: name, type: type, chunks: isNull.isEmpty ? [] : [chunk]), op: op)
    }
}
