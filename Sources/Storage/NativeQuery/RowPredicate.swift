import Shared

/// A condition over rows, ready to be evaluated on whole blocks.
indirect enum RowPredicate {
    /// The column's value is within the filter; not known where it is null.
    case within(ColumnReference, ColumnFilter)
    /// As `within` for days and moments, `filter` in their units; `texts` says the same of their texts, where texts are not in the order
    /// of time.
    case withinTime(ColumnReference, filter: ColumnFilter, texts: ColumnFilter)
    case isNull(ColumnReference)
    case like(ColumnReference, LikePattern)
    /// Two registers of the same kind.
    case compare(QueryExpression.Comparison, Int, Int, isReal: Bool)
    /// A register other than 0.
    case holds(Int, isReal: Bool)
    case registerIsNull(Int)
    case constant(Bool)
    case not(RowPredicate)
    case and(RowPredicate, RowPredicate)
    case or(RowPredicate, RowPredicate)

    /// The terms that all must hold.
    var conjuncts: [RowPredicate] {
        if case .and(let left, let right) = self { return left.conjuncts + right.conjuncts }
        return [self]
    }
}

/// Turns conditions into predicates over the rows of one table.
struct PredicateCompiler {
    let scope: QueryScope
    /// Computes what the predicates compare.
    var program: ProgramBuilder

    /// Longer lists are left to the virtual table, which looks values up.
    private static let listLimit = 64

    init(_ scope: QueryScope, _ program: ProgramBuilder) {
        self.scope = scope
        self.program = program
    }

    mutating func compile(_ expression: QueryExpression) throws -> RowPredicate {
        switch expression {
        case .and(let left, let right): return .and(try compile(left), try compile(right))
        case .or(let left, let right): return .or(try compile(left), try compile(right))
        case .not(let inner): return .not(try compile(inner))
        case .truth(let value): return .constant(value)
        case .integer(let value): return .constant(value != 0)
        case .isNull(.column(let column)): return column.column < 0 ? .constant(false) : .isNull(column)
        case .isNull(let inner): return .registerIsNull(try program.numeric(inner).register)
        case .between(let value, let low, let high):
            return .and(
                try compare(.greaterOrEqual, value, low), try compare(.lessOrEqual, value, high))
        case .among(let value, let values):
            guard values.count <= Self.listLimit else { throw NativeRefusal("long list") }
            var alternatives: RowPredicate?
            for candidate in values {
                let equal = try compare(.equal, value, candidate)
                alternatives = alternatives.map { .or($0, equal) } ?? equal
            }
            return alternatives ?? .constant(false)
        case .compare(let comparison, let left, let right): return try compare(comparison, left, right)
        case .like(.column(let column), .text(let pattern)):
            guard scope.type(of: column) == .text, let pattern = LikePattern(pattern) else {
                throw NativeRefusal("LIKE")
            }
            return .like(column, pattern)
        case .column, .arithmetic, .negate:
            let value = try program.numeric(expression)
            return .holds(value.register, isReal: value.isReal)
        default: throw NativeRefusal("condition")
        }
    }

    private mutating func compare(
        _ comparison: QueryExpression.Comparison, _ left: QueryExpression, _ right: QueryExpression
    ) throws -> RowPredicate {
        if case .column(let column) = left, column.column >= 0, right.isConstant {
            return try compare(comparison, column, right)
        }
        if case .column(let column) = right, column.column >= 0, left.isConstant {
            return try compare(comparison.mirrored, column, left)
        }
        guard !(left.isConstant && right.isConstant) else { throw NativeRefusal("constants compared") }
        var (a, b) = (try program.numeric(left), try program.numeric(right))
        if a.isReal != b.isReal {
            a = try program.exactReal(a)
            b = try program.exactReal(b)
        }
        return .compare(comparison, a.register, b.register, isReal: a.isReal)
    }

    /// A column with a constant. The constant takes the column's affinity: only those pairs are taken where that changes nothing.
    private func compare(
        _ comparison: QueryExpression.Comparison, _ column: ColumnReference, _ constant: QueryExpression
    ) throws -> RowPredicate {
        guard let filterComparison = comparison.filtered else {
            return .not(try compare(.equal, column, constant))
        }
        let type = scope.type(of: column)
        switch (type, constant) {
        case (.integer, .integer(let value)), (.boolean, .integer(let value)):
            return .within(column, .integers(filterComparison, value))
        case (.integer, .truth(let value)), (.boolean, .truth(let value)):
            return .within(column, .integers(filterComparison, Int64(value ? 1 : 0)))
        case (.integer, .real(let value)), (.boolean, .real(let value)):
            return .within(column, .integers(filterComparison, value))
        case (.decimal, .integer(let value)): return .within(column, .reals(filterComparison, value))
        case (.decimal, .real(let value)): return .within(column, .reals(filterComparison, value))
        case (.text, .text(let bytes)): return .within(column, .texts(filterComparison, bytes))
        case (.date, .text(let bytes)), (.timestamp, .text(let bytes)):
            return .withinTime(
                column, filter: .times(filterComparison, bytes, type: type), texts: .texts(filterComparison, bytes))
        default: throw NativeRefusal("comparison of \(type.rawValue) with another kind")
        }
    }
}

extension QueryExpression {
    var isConstant: Bool {
        switch self {
        case .null, .integer, .real, .text, .truth: true
        default: false
        }
    }
}

extension QueryExpression.Comparison {
    /// With its sides exchanged.
    var mirrored: Self {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }

    /// Nil for `notEqual`.
    var filtered: ColumnFilter.Comparison? {
        switch self {
        case .equal: .equal
        case .notEqual: nil
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        }
    }

    /// Whether an order (negative, 0, positive) satisfies it.
    func holds(_ order: Int) -> Bool {
        switch self {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }
}
