import Shared

// Operations that take rows away or order them.
extension TransformStep {
    func removeNulls(_ table: ChunkedTable, _ report: inout TransformReport) throws -> ChunkedTable {
        var kept = [Bool](repeating: true, count: table.rows)
        for place in try selected(table) {
            var start = 0
            for (group, id) in table.columns[place].chunks.enumerated() {
                if try table.shelf.nulls(id) > 0 {
                    try table.shelf.chunk(id).nulls?.forEachNull { kept[start + $0] = false }
                }
                start += table.rowCounts[group]
            }
        }
        return try keep(kept, table, &report)
    }

    func removeDuplicates(_ table: ChunkedTable, _ report: inout TransformReport) throws -> ChunkedTable {
        let keepsLast = try choice("keep", ["first", "last"]) == "last"
        let numbers = try RowNumbering(try selected(table), of: table)
        var seen = [Bool](repeating: false, count: numbers.count)
        var kept = [Bool](repeating: false, count: table.rows)
        func visit(_ row: Int) {
            let number = Int(numbers.codes[row])
            kept[row] = !seen[number]
            seen[number] = true
        }
        if keepsLast { kept.indices.reversed().forEach(visit) } else { kept.indices.forEach(visit) }
        return try keep(kept, table, &report)
    }

    func removeOutliers(_ table: ChunkedTable, _ report: inout TransformReport) throws -> ChunkedTable {
        let factor = try number("factor") ?? 1.5
        guard factor >= 0 else { throw bad("factor", "a number from 0") }
        var kept = [Bool](repeating: true, count: table.rows)
        for place in try selected(table, where: \.isNumeric, types: "integer or decimal") {
            let numbers = try table.numbers(place)
            let sorted = numbers.filter { !$0.isNaN }.sorted()
            guard !sorted.isEmpty else { continue }
            let low = Self.quantile(sorted, 0.25)
            let high = Self.quantile(sorted, 0.75)
            let fence = factor * (high - low)
            for row in numbers.indices where numbers[row] < low - fence || numbers[row] > high + fence {
                kept[row] = false
            }
        }
        return try keep(kept, table, &report)
    }

    func deleteRows(_ table: ChunkedTable, _ report: inout TransformReport) throws -> ChunkedTable {
        guard let list = fields["rows"] else { throw TransformError.missing(op: op, key: "rows") }
        guard case .array(let items) = list else { throw bad("rows", "a list of row numbers") }
        var kept = [Bool](repeating: true, count: table.rows)
        for item in items {
            guard case .integer(let number) = item else { throw bad("rows", "a list of row numbers") }
            guard let row = Int(exactly: number), kept.indices.contains(row) else {
                throw TransformError.badValue(
                    op: op, key: "rows", value: String(number),
                    expected: "row numbers from 0 to \(max(0, table.rows - 1))")
            }
            kept[row] = false
        }
        return try keep(kept, table, &report)
    }

    func filter(
        _ table: ChunkedTable, _ surroundings: TransformSurroundings, _ report: inout TransformReport
    ) throws -> ChunkedTable {
        try keep(try surroundings.matching(try required("where"), table), table, &report)
    }

    func sample(_ table: ChunkedTable, _ report: inout TransformReport) throws -> ChunkedTable {
        let takesRest = try flag("rest") ?? false
        let count: Int
        if let fraction = try number("fraction") {
            guard (0...1).contains(fraction) else { throw bad("fraction", "a number from 0 to 1") }
            count = Int((fraction * Double(table.rows)).rounded())
        } else if let given = try integer("count") {
            guard given >= 0 else { throw bad("count", "a number of rows") }
            count = given
        } else {
            throw TransformError.missing(op: op, key: "count")
        }
        var chosen = Self.chosen(min(count, table.rows), of: table.rows, seed: try integer("seed") ?? 0)
        if takesRest { for row in chosen.indices { chosen[row].toggle() } }
        return try keep(chosen, table, &report)
    }

    /// Flags of the rows of a sample, by selection sampling (Knuth, algorithm S): each row with the probability that still fills it.
    static func chosen(_ count: Int, of rows: Int, seed: Int) -> [Bool] {
        var state = UInt64(bitPattern: Int64(seed))
        var wanted = count
        var chosen = [Bool](repeating: false, count: rows)
        for row in chosen.indices {
            state &+= 0x9E37_79B9_7F4A_7C15
            let random = TextInterner.fold(state ^ 0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB)
            let place = random.multipliedFullWidth(by: UInt64(rows - row)).high
            if place < UInt64(wanted) {
                chosen[row] = true
                wanted -= 1
            }
        }
        return chosen
    }

    /// Keys first the most important; a `-` before a name reverses it. Nulls come last either way, equal rows keep their order.
    func sort(_ table: ChunkedTable, _ report: inout TransformReport) throws -> ChunkedTable {
        guard let names = try names(), !names.isEmpty else { throw TransformError.missing(op: op, key: "columns") }
        let keys = try names.map { name in
            let isExact = table.columns.contains { $0.name == name }
            let descends = !isExact && name.hasPrefix("-")
            let place = try place(of: descends ? String(name.dropFirst()) : name, in: table)
            return try SortKey(place, of: table, descends: descends)
        }
        let order = SortKey.order(keys, rows: table.rows)
        report.changedRows = order.indices.count { order[$0] != $0 }
        return report.changedRows == 0 ? table : try table.gathering(order, op: op)
    }

    func keep(_ kept: [Bool], _ table: ChunkedTable, _ report: inout TransformReport) throws -> ChunkedTable {
        report.removedRows += kept.count { !$0 }
        return report.removedRows == 0 ? table : try table.keeping(kept, op: op)
    }

    /// By linear interpolation, of sorted values.
    static func quantile(_ sorted: some RandomAccessCollection<Double>, _ share: Double) -> Double {
        let position = share * Double(sorted.count - 1)
        func value(_ place: Int) -> Double { sorted[sorted.index(sorted.startIndex, offsetBy: place)] }
        let low = value(Int(position))
        let high = value(min(Int(position) + 1, sorted.count - 1))
        return low == high ? low : low + (high - low) * (position - Double(Int(position)))
    }
}

extension ColumnType {
    var isNumeric: Bool { self == .integer || self == .decimal }
}

/// Rows numbered by their values in some columns: equal rows have equal numbers, in order of first appearance.
struct RowNumbering {
    private(set) var codes: [Int32]
    private(set) var count: Int

    /// Nulls are equal to each other.
    ///
    /// - Complexity: O(rows x columns); stops early once all rows differ
    init(_ places: [Int], of table: ChunkedTable) throws {
        codes = [Int32](repeating: 0, count: table.rows)
        count = table.rows > 0 ? 1 : 0
        for place in places {
            if count == table.rows { return }
            let column = try table.loaded(place).categories().codes
            var known: [UInt64: Int32] = [:]
            for row in codes.indices {
                let pair = UInt64(UInt32(bitPattern: codes[row])) << 32 | UInt64(UInt32(bitPattern: column[row]))
                if let number = known[pair] {
                    codes[row] = number
                } else {
                    codes[row] = Int32(known.count)
                    known[pair] = codes[row]
                }
            }
            count = known.count
        }
    }

    /// First row of each number.
    var firstRows: [Int] {
        var rows: [Int] = []
        rows.reserveCapacity(count)
        for row in codes.indices where Int(codes[row]) == rows.count { rows.append(row) }
        return rows
    }
}

/// The order of a column's values as integers.
struct SortKey {
    private let ranks: [Int64]
    private let isNull: [Bool]
    private let descends: Bool

    init(_ place: Int, of table: ChunkedTable, descends: Bool) throws {
        self.descends = descends
        var isNull = [Bool](repeating: false, count: table.rows)
        var ranks: [Int64] = []
        ranks.reserveCapacity(table.rows)
        if table.columns[place].type == .text {
            let categories = try table.loaded(place).categories()
            let order = categories.labels.indices.sorted {
                categories.labels[$0].utf8.lexicographicallyPrecedes(categories.labels[$1].utf8)
            }
            var rank = [Int64](repeating: 0, count: order.count)
            for (place, label) in order.enumerated() { rank[label] = Int64(place) }
            for (row, code) in categories.codes.enumerated() {
                isNull[row] = code < 0
                ranks.append(code < 0 ? 0 : rank[Int(code)])
            }
        } else {
            let isDecimal = table.columns[place].type == .decimal
            try table.forEachChunk(place) { start, chunk in
                chunk.nulls?.forEachNull { isNull[start + $0] = true }
                switch chunk.values {
                // Whole numbers by themselves: a Double does not tell those above 2^53 apart.
                case .integers(let values) where !isDecimal: ranks.append(contentsOf: values)
                case .booleans(let flags): ranks.append(contentsOf: flags.lazy.map(Int64.init))
                default: chunk.withNumbers { ranks.append(contentsOf: $0.lazy.map(Self.rank)) }
                }
            }
        }
        self.ranks = ranks
        self.isNull = isNull
    }

    func isNull(_ row: Int) -> Bool { isNull[row] }

    /// Whether the value in one row is below that in another; neither is null.
    func isLess(_ one: Int, _ other: Int) -> Bool { ranks[one] < ranks[other] }

    /// Integers in the order of numbers.
    private static func rank(_ number: Double) -> Int64 {
        let bits = Int64(bitPattern: (number + 0).bitPattern)
        return bits < 0 ? Int64.min &- bits : bits
    }

    /// The rows by the keys, the first the most important.
    static func order(_ keys: [SortKey], rows: Int) -> [Int] {
        Array(0..<rows).sorted { one, two in
            for key in keys {
                if key.isNull[one] || key.isNull[two] {
                    if key.isNull[one] != key.isNull[two] { return key.isNull[two] }
                    continue
                }
                let (left, right) = (key.ranks[one], key.ranks[two])
                if left != right { return key.descends ? left > right : left < right }
            }
            return one < two
        }
    }
}
