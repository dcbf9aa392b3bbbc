import Shared

/// How the bytes of a CSV become rows and cells.
package struct Dialect: Sendable, Equatable {
    package enum Encoding: String, Sendable, CaseIterable {
        case utf8 = "utf-8"
        case utf8BOM = "utf-8-bom"
        case utf16LE = "utf-16le"
        case utf16BE = "utf-16be"
        case windows1252 = "windows-1252"
    }

    package enum LineEnding: String, Sendable { case lf, crlf, cr, mixed }

    package var encoding: Encoding
    /// UTF-8 of the delimiter, at least one byte.
    package var delimiter: [UInt8]
    package var quote: UInt8?
    /// Absent when a quote inside quotes is doubled.
    package var escape: UInt8?
    /// What a comment line starts with.
    package var comment: UInt8?
    package var lineEnding: LineEnding
    package var header: Bool
    /// Lines before the header, or the first row, that are no data.
    package var skipRows: Int
    /// `.` or `,`.
    package var decimal: UInt8
    /// Every row ends with one delimiter more than it has columns.
    package var trailingDelimiter: Bool
    /// Beside the empty cell.
    package var nullValues: [String]

    package init(
        encoding: Encoding = .utf8, delimiter: [UInt8] = [UInt8(ascii: ",")], quote: UInt8? = UInt8(ascii: "\""),
        escape: UInt8? = nil, comment: UInt8? = nil, lineEnding: LineEnding = .lf, header: Bool = true,
        skipRows: Int = 0, decimal: UInt8 = UInt8(ascii: "."), trailingDelimiter: Bool = false,
        nullValues: [String] = []
    ) {
        self.encoding = encoding
        self.delimiter = delimiter
        self.quote = quote
        self.escape = escape
        self.comment = comment
        self.lineEnding = lineEnding
        self.header = header
        self.skipRows = skipRows
        self.decimal = decimal
        self.trailingDelimiter = trailingDelimiter
        self.nullValues = nullValues
    }

    /// What stands between groups of three digits: the other of `.` and `,`. A space is allowed too.
    package var grouping: UInt8 { decimal == UInt8(ascii: ",") ? UInt8(ascii: ".") : UInt8(ascii: ",") }

    /// The dialect as clients see it.
    package func reply(reasons: [String]) -> DialectReply {
        func text(_ byte: UInt8?) -> String? { byte.map { String(decoding: [$0], as: UTF8.self) } }
        return DialectReply(
            encoding: encoding.rawValue, delimiter: String(decoding: delimiter, as: UTF8.self), quote: text(quote),
            escape: text(escape), comment: text(comment), lineEnding: lineEnding.rawValue, header: header,
            skipRows: skipRows, decimal: text(decimal) ?? ".", nullValues: nullValues, reasons: reasons)
    }
}

/// What a sample shows about a CSV.
package struct DialectFinding: Sendable {
    package var dialect: Dialect
    /// Why, a sentence for each step.
    package var reasons: [String]
    /// One name a column, distinct and not empty.
    package var names: [String]
    /// Types over the sample alone; the whole input may widen them.
    package var types: [ColumnType]
    /// The first rows of the sample as text.
    package var sample: [[String]]
    /// Remarks on names.
    package var warnings: [String]
    var plans: [ColumnPlan]
    var dataStart: DataStart
}
