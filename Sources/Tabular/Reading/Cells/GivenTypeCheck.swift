import Shared

/// Tells which cells are of the type that the client gave for their column.
struct GivenTypeCheck {
    let plan: ColumnPlan
    let rules: CellRules
    /// Whether the first moment states a zone; the others must do alike.
    private var statesZone: Bool?

    init(plan: ColumnPlan, rules: CellRules) {
        self.plan = plan
        self.rules = rules
    }

    mutating func accepts(_ cell: Cell) -> Bool {
        if cell.count == 0 || rules.isNullWord(cell) { return true }
        switch plan.given {
        case .integer:
            guard let number = NumberCell(cell, decimal: rules.decimal, grouping: rules.grouping) else { return false }
            return number.isInteger && number.signedMantissa != nil
        case .decimal:
            guard let number = NumberCell(cell, decimal: rules.decimal, grouping: rules.grouping) else { return false }
            return !number.isInteger || number.signedMantissa != nil
        case .boolean: return TruthWords(cell) != nil
        case .date:
            guard let date = DateCell(prefixOf: cell), date.length == cell.count else { return false }
            return !date.orders.isDisjoint(with: plan.orders)
        case .timestamp:
            guard let moment = TimestampCell(cell), !moment.date.orders.isDisjoint(with: plan.orders) else {
                return false
            }
            let states = moment.format.zone != .none
            if statesZone == nil { statesZone = states }
            return statesZone == states
        case .text, nil: return true
        }
    }
}
