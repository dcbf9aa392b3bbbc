/// A row that was not read, kept with its place and its text so that it can be repaired and read later.
package struct RejectedRow: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case fieldCount, quoting, nulByte, cellTooLong, rowTooLong, encoding, type
    }

    package var kind: Kind
    /// Line of the input on which the row starts, from 1.
    package var line: Int
    /// Offset in the input (before any transcoding) at which the row starts, from 0.
    package var byte: Int
    /// The column it failed in, when there is one.
    package var column: String?
    /// What is wrong with it: a clause without a full stop.
    package var reason: String
    /// The row as it stands in the input without its line ending; cut at `ReadLimits.rejectTextBytes`.
    package var text: String

    package init(kind: Kind, line: Int, byte: Int, column: String? = nil, reason: String, text: String) {
        self.kind = kind
        self.line = line
        self.byte = byte
        self.column = column
        self.reason = reason
        self.text = text
    }
}
