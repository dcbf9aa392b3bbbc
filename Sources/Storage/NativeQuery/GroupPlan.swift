import Shared

/// What rows are grouped by and what is computed for each group.
struct GroupPlan {
    enum Key: Hashable {
        case column(ColumnReference)
        case number(register: Int, isReal: Bool)
    }

    enum Function: Hashable { case rows, count, countDistinct, sum, total, average, least, greatest }

    struct Aggregate: Hashable {
        var function: Function
        var input: Input = .none
    }

    enum Input: Hashable {
        case none
        /// `register` has the column's stored numbers.
        case column(ColumnReference, register: Int)
        case number(register: Int, isReal: Bool)

        var column: ColumnReference? { if case .column(let column, _) = self { column } else { nil } }
    }

    var keys: [Key] = []
    var aggregates: [Aggregate] = []

    var columns: Set<ColumnReference> {
        var columns = Set(aggregates.compactMap(\.input.column))
        for case .column(let column) in keys { columns.insert(column) }
        return columns
    }
}

/// How the numbers of one aggregate are added up in one row group.
enum AggregateMode: Hashable {
    /// Only how many there are.
    case counted
    case integer
    /// Numerators over `10^scale`.
    case fixed(scale: Int)
    case real
    /// Row + 1 of the text so far, 0 for none.
    case text
}
