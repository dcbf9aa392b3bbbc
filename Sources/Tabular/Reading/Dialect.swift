import Shared

/// How the bytes of a CSV become rows and cells.
package struct Dialect: Sendable, Equatable {
    package enum Encoding: String, Sendable, CaseIterable {
        case utf8 = "utf-8"
        case utf8BOM = "utf-8-bom"
        case utf16LE = "utf-16le"
        case utf16BE = "utf-16be"
        case windows1252 = "windows-1252"
        // Of one byte a character; used where the client names them.
        case windows1250 = "windows-1250"
        case windows1251 = "windows-1251"
        case windows1253 = "windows-1253"
        case windows1254 = "windows-1254"
        case windows1255 = "windows-1255"
        case windows1256 = "windows-1256"
        case windows1257 = "windows-1257"
        case windows1258 = "windows-1258"
        case iso8859x2 = "iso-8859-2"
        case iso8859x5 = "iso-8859-5"
        case iso8859x7 = "iso-8859-7"
        case iso8859x9 = "iso-8859-9"
        case iso8859x15 = "iso-8859-15"
        case koi8r = "koi8-r"
        case koi8u = "koi8-u"
        case macintosh
        case cp437, cp850, cp852, cp866
    }

    /// What spaces beside a delimiter are.
    package enum Spacing: String, Sendable, CaseIterable {
        /// Part of their cells.
        case kept
        /// Left out around quotes, elsewhere part of their cells.
        case aroundQuotes = "around_quotes"
        /// Left out at the start of every cell, as by Python's `skipinitialspace`.
        case initial
        /// Left out at both ends of every cell, tabs too.
        case trimmed

        /// As clients give it; nil, to have it detected, where neither is given.
        package init?(skipsInitial: Bool?, trims: Bool?) {
            if trims == true {
                self = .trimmed
            } else if let skipsInitial {
                self = skipsInitial ? .initial : .kept
            } else if trims == false {
                self = .kept
            } else {
                return nil
            }
        }
    }

    package enum LineEnding: String, Sendable { case lf, crlf, cr, mixed }

    package var encoding: Encoding
    /// UTF-8 of the delimiter, at least one byte.
    package var delimiter: [UInt8]
    package var quote: UInt8?
    /// Absent when a quote inside quotes is doubled.
    package var escape: UInt8?
    /// A quote inside quotes may be doubled.
    package var doublesQuotes: Bool
    /// The escape character goes whatever follows it; otherwise only where it stands before a character that means something.
    package var escapesAnything: Bool
    package var spacing: Spacing
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
        escape: UInt8? = nil, doublesQuotes: Bool = true, escapesAnything: Bool = false, spacing: Spacing = .kept,
        comment: UInt8? = nil, lineEnding: LineEnding = .lf, header: Bool = true,
        skipRows: Int = 0, decimal: UInt8 = UInt8(ascii: "."), trailingDelimiter: Bool = false,
        nullValues: [String] = []
    ) {
        self.encoding = encoding
        self.delimiter = delimiter
        self.quote = quote
        self.escape = escape
        self.doublesQuotes = doublesQuotes
        self.escapesAnything = escapesAnything
        self.spacing = spacing
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

    /// NUL means something, so that it is no oddity.
    var usesNulBytes: Bool { delimiter.contains(0) || quote == 0 || escape == 0 }

    /// The dialect as clients see it.
    package func reply(reasons: [String]) -> DialectReply {
        func text(_ byte: UInt8?) -> String? { byte.map { String(decoding: [$0], as: UTF8.self) } }
        return DialectReply(
            encoding: encoding.rawValue, delimiter: String(decoding: delimiter, as: UTF8.self), quote: text(quote),
            escape: text(escape), doubleQuote: doublesQuotes, escapesAnything: escapesAnything ? true : nil,
            spacing: spacing.rawValue, comment: text(comment), lineEnding: lineEnding.rawValue, header: header,
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
