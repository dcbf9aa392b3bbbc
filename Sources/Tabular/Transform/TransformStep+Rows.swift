import Shared

extension TransformStep {
    func removeNulls(_ table: DataTable, _ report: inout TransformReport) throws(TransformError) -> DataTable {
        var kept = [Bool](repeating: true, count: table.rows)
        for place in try selected(table) {
            var start = 0
            for chunk in table.columns[place].chunks {
                chunk.nulls?.forEachNull { kept[start + $0] = false }
                start += chunk.rows
            }
        }
        return keep(kept, table, &report)
    }

    func removeDuplicates(_ table: DataTable, _ report: inout TransformReport) throws(TransformError) -> DataTable {
        // Rows are numbered by their values in the columns so far; each further column refines the numbering.
        var numbers = [Int32](repeating: 0, count: table.rows)
        for place in try selected(table) {
            let codes = table.columns[place].categories().codes
            var known: [UInt64: Int32] = [:]
            for row in numbers.indices {
                let pair = UInt64(UInt32(bitPattern: numbers[row])) << 32 | UInt64(UInt32(bitPattern: codes[row]))
                if let number = known[pair] {
                    numbers[row] = number
                } else {
                    numbers[row] = Int32(known.count)
                    known[pair] = numbers[row]
                }
            }
        }
        var seen = Set<Int32>()
        return keep(numbers.map { seen.insert($0).inserted }, table, &report)
    }

    func removeOutliers(_ table: DataTable, _ report: inout TransformReport) throws(TransformError) -> DataTable {
        var kept = [Bool](repeating: true, count: table.rows)
        for place in try selected(table, where: { $0 == .integer || $0 == .decimal }, types: "integer or decimal") {
            let numbers = table.columns[place].numbers()
            let sorted = numbers.filter { !$0.isNaN }.sorted()
            guard !sorted.isEmpty else { continue }
            let low = Self.quantile(sorted, 0.25)
            let high = Self.quantile(sorted, 0.75)
            let fence = 1.5 * (high - low)
            for row in numbers.indices where numbers[row] < low - fence || numbers[row] > high + fence {
                kept[row] = false
            }
        }
        return keep(kept, table, &report)
    }

    func deleteRows(_ table: DataTable, _ report: inout TransformReport) throws(TransformError) -> DataTable {
        guard let rows else { throw .missing(op: op, key: "rows") }
        var kept = [Bool](repeating: true, count: table.rows)
        for row in rows {
            guard kept.indices.contains(row) else {
                throw .badValue(
                    op: op, key: "rows", value: String(row), expected: "row numbers from 0 to \(max(0, table.rows - 1))"
                )
            }
            kept[row] = false
        }
        return keep(kept, table, &report)
    }

    func sample(_ table: DataTable, _ report: inout TransformReport) throws(TransformError) -> DataTable {
        guard let count else { throw .missing(op: op, key: "count") }
        guard count >= 0 else {
            throw .badValue(op: op, key: "count", value: String(count), expected: "a number of rows")
        }
        // Selection sampling (Knuth, algorithm S): each row with the probability that still fills the sample.
        var state = UInt64(bitPattern: Int64(seed ?? 0))
        var wanted = min(count, table.rows)
        var kept = [Bool](repeating: false, count: table.rows)
        for row in kept.indices {
            state &+= 0x9E37_79B9_7F4A_7C15
            let random = TextInterner.fold(state ^ 0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB)
            let place = random.multipliedFullWidth(by: UInt64(kept.count - row)).high
            if place < UInt64(wanted) {
                kept[row] = true
                wanted -= 1
            }
        }
        return keep(kept, table, &report)
    }

    /// `columns` are sort keys, first the most important; a `-` before a name reverses it. Nulls come last.
    func sort(_ table: DataTable, _ report: inout TransformReport) throws(TransformError) -> DataTable {
        guard let keys = columns ?? column.map({ [$0] }), !keys.isEmpty else { throw .missing(op: op, key: "columns") }
        var order = Array(0..<table.rows)
        for key in keys.reversed() {
            let isExact = table.columns.contains { $0.name == key }
            let descends = !isExact && key.hasPrefix("-")
            let column = table.columns[try place(of: descends ? String(key.dropFirst()) : key, in: table)]
            order = column.stableOrder(of: order, descending: descends)
        }
        report.changedRows = order.indices.count { order[$0] != $0 }
        if report.changedRows == 0 { return table }
        var sorted = DataTable(columns: [])
        for column in table.columns {
            guard let gathered = column.gathered(order) else { throw .tooLarge(op: op, column: column.name) }
            sorted.columns.append(gathered)
        }
        return sorted
    }

    private func keep(_ kept: [Bool], _ table: DataTable, _ report: inout TransformReport) -> DataTable {
        report.removedRows = kept.count { !$0 }
        return report.removedRows == 0 ? table : table.keeping(kept)
    }

    /// By linear interpolation, of sorted values.
    static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let position = share * Double(sorted.count - 1)
        let low = sorted[Int(position)]
        let high = sorted[min(Int(position) + 1, sorted.count - 1)]
        return low == high ? low : low + (high - low) * (position - Double(Int(position)))
    }
}

extension TableColumn {
    /// `rows` by the column's values, equal ones in the order given, nulls last.
    fileprivate func stableOrder(of rows: [Int], descending: Bool) -> [Int] {
        let ranks = ranks()
        let keyed = rows.enumerated().map { place, row in (rank: ranks[row], place: place, row: row) }
        return keyed.sorted { one, two in
            if one.rank == two.rank { return one.place < two.place }
            if one.rank.isNaN || two.rank.isNaN {
                return two.rank.isNaN && !one.rank.isNaN || one.rank.isNaN == two.rank.isNaN && one.place < two.place
            }
            return descending ? one.rank > two.rank : one.rank < two.rank
        }.map(\.row)
    }

    /// Numbers in the order of the values; NaN for nulls.
    private func ranks() -> [Double] {
        guard type == .text else { return numbers() }
        let categories = categories()
        let order = categories.labels.indices.sorted {
            categories.labels[$0].utf8.lexicographicallyPrecedes(categories.labels[$1].utf8)
        }
        var rank = [Double](repeating: 0, count: order.count)
        for (place, label) in order.enumerated() { rank[label] = Double(place) }
        return categories.codes.map { $0 < 0 ? .nan : rank[Int($0)] }
    }
}
