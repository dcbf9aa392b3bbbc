import Foundation

/// A value as SQL has it.
enum SQLCell: Hashable {
    case null
    case integer(Int64)
    case real(Double)
    /// UTF-8.
    case text([UInt8])

    /// A real, or null for what is no number.
    static func number(_ value: Double) -> SQLCell { value.isNaN ? .null : .real(value) }

    /// SQLite's order: nulls, then numbers, then texts by their bytes. Negative, 0 or positive.
    func order(to other: SQLCell) -> Int {
        switch (self, other) {
        case (.integer(let a), .integer(let b)): return a < b ? -1 : a > b ? 1 : 0
        case (.real(let a), .real(let b)): return a < b ? -1 : a > b ? 1 : 0
        case (.integer(let a), .real(let b)): return Self.order(a, b)
        case (.real(let a), .integer(let b)): return -Self.order(b, a)
        case (.text(let a), .text(let b)): return ByteOrder.compare(a, b)
        default: return rank - other.rank
        }
    }

    private var rank: Int {
        switch self {
        case .null: 0
        case .integer, .real: 1
        case .text: 2
        }
    }

    /// Compares without rounding the integer to a Double.
    private static func order(_ a: Int64, _ b: Double) -> Int {
        if b >= 0x1p63 { return -1 }
        if b < -0x1p63 { return 1 }
        let whole = Int64(b)
        if a != whole { return a < whole ? -1 : 1 }
        let rest = b - Double(whole)
        return rest > 0 ? -1 : rest < 0 ? 1 : 0
    }

    // MARK: Arithmetic, as SQLite computes: integers that overflow become reals, a zero divisor gives null.

    func negated() -> SQLCell {
        switch self {
        case .integer(let value): value == .min ? .real(0x1p63) : .integer(-value)
        case .real(let value): .number(-value)
        default: .null
        }
    }

    static func arithmetic(_ operation: QueryExpression.Arithmetic, _ a: SQLCell, _ b: SQLCell) -> SQLCell {
        if case .integer(let a) = a, case .integer(let b) = b, let exact = integer(operation, a, b) { return exact }
        guard let a = a.double, let b = b.double else { return .null }
        switch operation {
        case .add: return .number(a + b)
        case .subtract: return .number(a - b)
        case .multiply: return .number(a * b)
        case .divide: return b == 0 ? .null : .number(a / b)
        case .remainder: return .null
        }
    }

    /// Nil where the result is no 64-bit integer.
    private static func integer(_ operation: QueryExpression.Arithmetic, _ a: Int64, _ b: Int64) -> SQLCell? {
        let (value, overflow): (Int64, Bool)
        switch operation {
        case .add: (value, overflow) = a.addingReportingOverflow(b)
        case .subtract: (value, overflow) = a.subtractingReportingOverflow(b)
        case .multiply: (value, overflow) = a.multipliedReportingOverflow(by: b)
        case .divide:
            if b == 0 { return .null }
            (value, overflow) = a.dividedReportingOverflow(by: b)
        case .remainder:
            if b == 0 { return .null }
            (value, overflow) = b == -1 ? (0, false) : (a % b, false)
        }
        return overflow ? nil : .integer(value)
    }

    var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        default: nil
        }
    }

    /// Whether a condition with this value holds; nil for null. Texts are refused before.
    var truth: Bool? {
        switch self {
        case .integer(let value): value != 0
        case .real(let value): value != 0
        default: nil
        }
    }
}
