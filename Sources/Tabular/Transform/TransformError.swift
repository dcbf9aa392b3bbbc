/// Why a step cannot be done.
package enum TransformError: Error, Sendable, Equatable {
    /// Not an object with a text `op`.
    case notAStep(String)
    case unknownOperation(String, nearest: String?)
    case unknownKey(op: String, key: String, nearest: String?)
    case unknownColumn(op: String, name: String, nearest: String?)
    case missing(op: String, key: String)
    case badValue(op: String, key: String, value: String, expected: String)
    /// The operation does not apply to columns of this type.
    case wrongType(op: String, column: String, type: String, expected: String)
    /// The column has no value that could be filled in.
    case noValue(op: String, column: String)
    /// The texts of one column exceed 4 GB.
    case tooLarge(op: String, column: String)
}
