import GRDBSQLite
import Shared

/// What `xBestIndex` promised and `xFilter` does: the constraints whose values SQLite hands over, in that order.
struct ScanPlan: Hashable {
    enum Term: Hashable {
        case column(Int, ColumnFilter.Comparison)
        case row(ColumnFilter.Comparison)
        case offset
    }

    var terms: [Term] = []

    /// The plan as text, which SQLite keeps between the two calls: `c12=,r<,o`.
    var text: String {
        terms.map { term in
            switch term {
            case .column(let column, let comparison): "c\(column)\(comparison.rawValue)"
            case .row(let comparison): "r\(comparison.rawValue)"
            case .offset: "o"
            }
        }.joined(separator: ",")
    }

    init() {}

    init(_ text: String) {
        terms = text.split(separator: ",").compactMap { part in
            guard let comparison = part.last.flatMap(ColumnFilter.Comparison.init(rawValue:)) else {
                return part == "o" ? .offset : nil
            }
            if part.first == "r" { return .row(comparison) }
            return Int(part.dropFirst().dropLast()).map { .column($0, comparison) }
        }
    }
}

extension VirtualTable {
    /// Chooses the constraints to take over and says what the scan will cost.
    ///
    /// OFFSET is taken over only if nothing else drops rows and the order is given: else rows that SQLite would drop would be counted.
    func choose(_ info: UnsafeMutablePointer<sqlite3_index_info>) -> Int32 {
        var plan = ScanPlan()
        var rows = Double(max(table.rows, 1))
        var cost = rows
        var allExact = true
        var offset: Int?
        for index in 0..<Int(info.pointee.nConstraint) {
            let constraint = info.pointee.aConstraint[index]
            if Int32(constraint.op) == SQLITE_INDEX_CONSTRAINT_OFFSET {
                if constraint.usable != 0 { offset = index }
                continue
            }
            // SQLite stops by itself at the limit.
            if Int32(constraint.op) == SQLITE_INDEX_CONSTRAINT_LIMIT { continue }
            guard constraint.usable != 0, let term = term(constraint, at: index, info) else {
                allExact = false
                continue
            }
            plan.terms.append(term)
            info.pointee.aConstraintUsage[index].argvIndex = Int32(plan.terms.count)
            let exact = isExact(term)
            info.pointee.aConstraintUsage[index].omit = exact ? 1 : 0
            allExact = allExact && exact
            (rows, cost) = estimate(term, rows: rows, cost: cost, info)
        }
        let ordered =
            info.pointee.nOrderBy == 1 && info.pointee.aOrderBy[0].iColumn < 0 && info.pointee.aOrderBy[0].desc == 0
        if ordered { info.pointee.orderByConsumed = 1 }
        if let offset, allExact, !query.hasConditions, ordered || info.pointee.nOrderBy == 0 {
            plan.terms.append(.offset)
            info.pointee.aConstraintUsage[offset].argvIndex = Int32(plan.terms.count)
            info.pointee.aConstraintUsage[offset].omit = 1
        }
        info.pointee.estimatedCost = max(cost, 1)
        info.pointee.estimatedRows = Int64(max(rows, 1))
        return setText(plan.text, info)
    }

    private func term(
        _ constraint: sqlite3_index_constraint, at index: Int,
        _ info: UnsafeMutablePointer<sqlite3_index_info>
    ) -> ScanPlan.Term? {
        guard let comparison = ColumnFilter.Comparison(constraint: constraint.op) else { return nil }
        if constraint.iColumn < 0 { return .row(comparison) }
        let column = Int(constraint.iColumn)
        guard column < types.count else { return nil }
        if !ColumnFilter.isExact(comparison, on: types[column]) {
            // Bounds and filters order texts by their bytes.
            guard let collation = sqlite3_vtab_collation(info, Int32(index)), String(cString: collation) == "BINARY"
            else {
                return nil
            }
        }
        return .column(column, comparison)
    }

    private func isExact(_ term: ScanPlan.Term) -> Bool {
        if case .column(let column, let comparison) = term {
            return ColumnFilter.isExact(comparison, on: types[column])
        }
        return true
    }

    /// Guesses in the manner of SQLite without statistics; only their order matters.
    private func estimate(
        _ term: ScanPlan.Term, rows: Double, cost: Double, _ info: UnsafeMutablePointer<sqlite3_index_info>
    ) -> (rows: Double, cost: Double) {
        switch term {
        case .row(.equal), .row(.isValue):
            info.pointee.idxFlags = SQLITE_INDEX_SCAN_UNIQUE
            return (1, 1)
        case .row: return (rows / 4, cost / 4)
        case .column(_, .equal), .column(_, .isValue): return (max(rows / 20, 1), max(cost / 10, 1))
        case .column: return (max(rows / 4, 1), max(cost / 3, 1))
        case .offset: return (rows, cost)
        }
    }

    /// Hands the plan to SQLite in memory that SQLite frees.
    private func setText(_ text: String, _ info: UnsafeMutablePointer<sqlite3_index_info>) -> Int32 {
        guard let copy = sqliteCopy(text) else { return SQLITE_NOMEM }
        info.pointee.idxStr = copy
        info.pointee.needToFreeIdxStr = 1
        return SQLITE_OK
    }
}

/// A C string that SQLite frees.
func sqliteCopy(_ text: String) -> UnsafeMutablePointer<CChar>? {
    let bytes = text.utf8CString
    guard let memory = sqlite3_malloc64(UInt64(bytes.count)) else { return nil }
    return bytes.withUnsafeBytes { source in
        memory.copyMemory(from: source.baseAddress ?? UnsafeRawPointer(memory), byteCount: bytes.count)
        return memory.bindMemory(to: CChar.self, capacity: bytes.count)
    }
}
