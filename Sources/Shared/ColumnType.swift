/// The logical type of a column, as clients see and name it.
///
/// Widening order while a file is read: `integer` -> `decimal` -> `text`; `boolean`, `date`, `timestamp` -> `text`.
package enum ColumnType: String, Sendable, Codable, CaseIterable, Hashable {
    case integer, decimal, boolean, date, timestamp, text
}
