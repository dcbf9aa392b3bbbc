/// One step of computing numbers for a block of rows. Registers are places of a block's values.
enum NumericStep: Hashable {
    /// A column's integers.
    case integers(ColumnReference)
    /// A column's numbers as Doubles.
    case reals(ColumnReference)
    /// A column's stored numbers: integers, numerators of decimals, places in a dictionary; Doubles where it has those.
    case raw(ColumnReference)
    /// The row's number from 1.
    case rowNumber(side: Int)
    case constantInteger(Int64)
    case constantReal(Double)
    case toReal(Int)
    case integer(QueryExpression.Arithmetic, Int, Int)
    case real(QueryExpression.Arithmetic, Int, Int)
    case negateInteger(Int)
    case negateReal(Int)
}

/// Steps in order; step `i` fills register `i`.
struct NumericProgram {
    var steps: [NumericStep] = []

    var isEmpty: Bool { steps.isEmpty }

    /// Columns that it reads.
    var columns: Set<ColumnReference> {
        Set(
            steps.compactMap { step in
                switch step {
                case .integers(let column), .reals(let column), .raw(let column): column
                default: nil
                }
            })
    }
}

/// A computed number: where it is, of which kind, and for integers between which bounds.
struct NumericValue {
    var register: Int
    var isReal: Bool
    /// Of integers.
    var bounds: ClosedRange<Int64> = 0...0
}

/// Compiles numeric expressions; equal ones are computed once.
///
/// Integers never overflow: the bounds of each column follow every step, and a step that could overflow is refused (SQLite would make a
/// real of that one value).
final class ProgramBuilder {
    private(set) var program = NumericProgram()
    private var known: [NumericStep: Int] = [:]
    private let scope: QueryScope
    private let zones: ColumnBounds

    /// Steps of one query; more are no query of a person.
    private static let stepLimit = 200

    init(_ scope: QueryScope, _ zones: ColumnBounds) {
        self.scope = scope
        self.zones = zones
    }

    /// - Throws: `NativeRefusal` for what is no number, and what reading bounds throws.
    func numeric(_ expression: QueryExpression) throws -> NumericValue {
        switch expression {
        case .integer(let value): return try integer(.constantInteger(value), value...value)
        case .truth(let value): return try integer(.constantInteger(value ? 1 : 0), value ? 1...1 : 0...0)
        case .real(let value): return try real(.constantReal(value))
        case .plus(let inner): return try numeric(inner)
        case .column(let column): return try self.column(column)
        case .negate(let inner):
            let value = try numeric(inner)
            if value.isReal { return try real(.negateReal(value.register)) }
            guard value.bounds.lowerBound != .min else { throw NativeRefusal("overflow") }
            return try integer(.negateInteger(value.register), -value.bounds.upperBound ... -value.bounds.lowerBound)
        case .arithmetic(let operation, let left, let right):
            return try arithmetic(operation, try numeric(left), try numeric(right))
        default: throw NativeRefusal("not a number")
        }
    }

    private func column(_ column: ColumnReference) throws -> NumericValue {
        if column.column < 0 {
            return try integer(.rowNumber(side: column.side), 0...Int64(scope.sources[column.side].table.rows))
        }
        switch scope.type(of: column) {
        case .integer: return try integer(.integers(column), try zones.bounds(column))
        case .boolean: return try integer(.integers(column), 0...1)
        case .decimal: return try real(.reals(column))
        default: throw NativeRefusal("not a number")
        }
    }

    private func arithmetic(
        _ operation: QueryExpression.Arithmetic, _ left: NumericValue, _ right: NumericValue
    ) throws -> NumericValue {
        if left.isReal || right.isReal {
            guard operation != .remainder else { throw NativeRefusal("remainder of reals") }
            return try real(.real(operation, try toReal(left).register, try toReal(right).register))
        }
        let (a, b) = (left.bounds, right.bounds)
        let corners: [(Int64, Bool)]
        switch operation {
        case .add:
            corners = [
                a.lowerBound.addingReportingOverflow(b.lowerBound), a.upperBound.addingReportingOverflow(b.upperBound),
            ]
        case .subtract:
            corners = [
                a.lowerBound.subtractingReportingOverflow(b.upperBound),
                a.upperBound.subtractingReportingOverflow(b.lowerBound),
            ]
        case .multiply:
            corners = [a.lowerBound, a.upperBound].flatMap { x in
                [b.lowerBound, b.upperBound].map { x.multipliedReportingOverflow(by: $0) }
            }
        // The quotient and the remainder are no larger than the dividend, except of the least integer and -1.
        case .divide, .remainder:
            let most = a.lowerBound == .min ? Int64.max : max(abs(a.lowerBound), a.upperBound)
            corners = [(-most, a.lowerBound == .min), (most, false)]
        }
        guard !corners.contains(where: \.1), let low = corners.map(\.0).min(), let high = corners.map(\.0).max() else {
            throw NativeRefusal("overflow")
        }
        return try integer(.integer(operation, left.register, right.register), low...high)
    }

    /// The register of a column's stored numbers.
    func raw(_ column: ColumnReference) throws -> Int { try add(.raw(column)) }

    /// Between which bounds an integer column lies.
    func bounds(_ column: ColumnReference) throws -> ClosedRange<Int64> { try zones.bounds(column) }

    func toReal(_ value: NumericValue) throws -> NumericValue {
        value.isReal ? value : try real(.toReal(value.register))
    }

    /// As a real without rounding, for comparing.
    func exactReal(_ value: NumericValue) throws -> NumericValue {
        let exact: ClosedRange<Int64> = -(1 << 53)...(1 << 53)
        guard value.isReal || (exact.contains(value.bounds.lowerBound) && exact.contains(value.bounds.upperBound))
        else { throw NativeRefusal("large integers compared with reals") }
        return try toReal(value)
    }

    private func integer(_ step: NumericStep, _ bounds: ClosedRange<Int64>) throws -> NumericValue {
        NumericValue(register: try add(step), isReal: false, bounds: bounds)
    }

    private func real(_ step: NumericStep) throws -> NumericValue {
        NumericValue(register: try add(step), isReal: true)
    }

    private func add(_ step: NumericStep) throws -> Int {
        if let register = known[step] { return register }
        guard program.steps.count < Self.stepLimit else { throw NativeRefusal("long expression") }
        program.steps.append(step)
        known[step] = program.steps.count - 1
        return program.steps.count - 1
    }
}

/// Bounds of columns over all row groups, by their zone maps.
final class ColumnBounds {
    private let scope: QueryScope
    private var known: [ColumnReference: ClosedRange<Int64>] = [:]

    init(_ scope: QueryScope) { self.scope = scope }

    /// Between which bounds an integer column's values lie.
    func bounds(_ column: ColumnReference) throws(StorageError) -> ClosedRange<Int64> {
        if let known = known[column] { return known }
        let source = scope.sources[column.side]
        var bounds: ClosedRange<Int64> = 0...0
        for zone in try source.table.usableZones(column.column) {
            switch zone?.zone {
            case .integers(let least, let greatest):
                bounds = min(bounds.lowerBound, least)...max(bounds.upperBound, greatest)
            case nil where zone != nil: continue
            default: bounds = .min ... .max
            }
        }
        known[column] = bounds
        return bounds
    }
}
