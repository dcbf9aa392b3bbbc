import Shared

/// Why a CSV is refused as a whole. Rows that fail on their own are `RejectedRow`s instead.
package enum CSVError: Error, Sendable, Equatable {
    /// Nothing, or nothing but blank lines, comments and skipped lines.
    case empty
    case headerOnly(columns: [String])
    /// `kind` says what the bytes look like, as in "a PNG image".
    case binary(kind: String)
    /// `kind` says what the bytes look like, as in "a gzip stream".
    case compressed(kind: String)
    /// Bytes that the encoding given by the client does not allow; `byte` from 0, `line` from 1.
    case encoding(name: String, line: Int, byte: Int)
    /// An encoding that is known but not read.
    case unsupportedEncoding(name: String)
    /// The input ends inside the quotes that opened here.
    case unterminatedQuote(line: Int, byte: Int)
    /// What the client gave, or the sample showed, does not hold for the input.
    case dialectMismatch(DialectContradiction)
    /// The first bad row of a strict reading.
    case strict(RejectedRow)
    case tooManyColumns(count: Int, limit: Int)
    case tooManyRows(limit: Int)
    case tooManyRejects(limit: Int, first: RejectedRow)
    /// A type was given for a column that the header does not have.
    case unknownColumn(name: String, columns: [String])
    /// An option that cannot be used; `expected` says what can.
    case badOption(name: String, value: String, expected: String)
}

/// What contradicts the dialect.
package enum DialectContradiction: Sendable, Equatable {
    /// The delimiter given by the client splits no line, though `other` would.
    case delimiterAbsent(given: String, other: String)
    /// More rows were rejected than read; the first of them.
    case mostRowsRejected(rejected: Int, read: Int, first: RejectedRow)
    /// More lines are to be skipped than there are.
    case nothingAfterSkippedLines(lines: Int)
}
