/// Why a step cannot be done.
package enum TransformError: Error, Sendable, Equatable {
    /// Not an object with a text `op`.
    case notAStep(String)
    case unknownOperation(String, nearest: String?)
    case unknownKey(op: String, key: String, nearest: String?, known: [String])
    case unknownColumn(op: String, name: String, nearest: String?)
    case missing(op: String, key: String)
    case badValue(op: String, key: String, value: String, expected: String)
    /// The operation does not apply to columns of this type.
    case wrongType(op: String, column: String, type: String, expected: String)
    /// The column has no value that could be filled in.
    case noValue(op: String, column: String)
    /// The texts of one column exceed 4 GB.
    case tooLarge(op: String, column: String)
    /// A regular expression that is not one; `at` counts characters from 0.
    case badPattern(op: String, pattern: String, reason: String, at: Int)
    /// A text so long that the search takes unreasonably many steps.
    case patternTooSlow(op: String, column: String, text: String)
    /// Cells that do not fit a new type, where that must not happen: how many, and the first of them.
    case misfits(op: String, count: Int, first: [CellMisfit], type: String)
    /// More rows than a dataset may have.
    case tooManyRows(op: String, limit: Int)
}
