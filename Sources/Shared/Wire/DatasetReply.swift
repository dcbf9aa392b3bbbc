import Foundation

/// One page of a list.
package struct Page<Item: Codable & Sendable>: Codable, Sendable {
    package var items: [Item]
    /// The cursor to pass for the next page, absent on the last.
    package var next: String?

    package init(items: [Item], next: String? = nil) {
        self.items = items
        self.next = next
    }
}

/// A stored version of a dataset.
package struct DatasetReply: Codable, Sendable, Hashable {
    package var id: String
    package var name: String
    package var description: String?
    package var version: Int
    package var rows: Int
    package var columns: [ColumnReply]
    package var dialect: DialectReply
    /// Rows that could not be read and are kept aside.
    package var rejected: Int
    /// Bytes of the uploaded text.
    package var bytes: Int
    /// Bytes on disk.
    package var storedBytes: Int?
    package var createdAt: Date
    /// Repairs and remarks from reading, one sentence each.
    package var warnings: [String]?

    package init(
        id: String, name: String, description: String? = nil, version: Int, rows: Int, columns: [ColumnReply],
        dialect: DialectReply, rejected: Int, bytes: Int, storedBytes: Int? = nil, createdAt: Date,
        warnings: [String]? = nil
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.version = version
        self.rows = rows
        self.columns = columns
        self.dialect = dialect
        self.rejected = rejected
        self.bytes = bytes
        self.storedBytes = storedBytes
        self.createdAt = createdAt
        self.warnings = warnings
    }
}

package struct ColumnReply: Codable, Sendable, Hashable {
    package var name: String
    package var type: ColumnType
    package var nullable: Bool
    /// For dates and timestamps: the format the column was read with, such as `dd/mm/yyyy`.
    package var format: String?

    package init(name: String, type: ColumnType, nullable: Bool, format: String? = nil) {
        self.name = name
        self.type = type
        self.nullable = nullable
        self.format = format
    }
}

/// How the text of a CSV is read, and why.
package struct DialectReply: Codable, Sendable, Hashable {
    /// `utf-8`, `utf-8-bom`, `utf-16le`, `utf-16be`, `windows-1252`.
    package var encoding: String
    package var delimiter: String
    /// Absent when the file is read without quoting.
    package var quote: String?
    /// Absent when a quote is escaped by doubling it.
    package var escape: String?
    /// A quote inside quotes may be doubled.
    package var doubleQuote: Bool?
    /// The escape character goes whatever follows it, as a client that gives one wants.
    package var escapesAnything: Bool?
    /// `kept`, `around_quotes`, `initial`, `trimmed`: what spaces beside a delimiter are.
    package var spacing: String?
    package var comment: String?
    /// `lf`, `crlf`, `cr`, `mixed`.
    package var lineEnding: String
    package var header: Bool
    /// Lines before the header that are no data.
    package var skipRows: Int
    /// `.` or `,`.
    package var decimal: String
    package var nullValues: [String]
    /// Why each of these was chosen, a sentence each.
    package var reasons: [String]

    package init(
        encoding: String, delimiter: String, quote: String?, escape: String?, doubleQuote: Bool? = nil,
        escapesAnything: Bool? = nil, spacing: String? = nil, comment: String?, lineEnding: String, header: Bool,
        skipRows: Int, decimal: String, nullValues: [String], reasons: [String]
    ) {
        self.encoding = encoding
        self.delimiter = delimiter
        self.quote = quote
        self.escape = escape
        self.doubleQuote = doubleQuote
        self.escapesAnything = escapesAnything
        self.spacing = spacing
        self.comment = comment
        self.lineEnding = lineEnding
        self.header = header
        self.skipRows = skipRows
        self.decimal = decimal
        self.nullValues = nullValues
        self.reasons = reasons
    }
}

/// The answer to a sniff: what would be used, without storing anything.
package struct SniffReply: Codable, Sendable {
    package var dialect: DialectReply
    package var columns: [ColumnReply]
    /// The first rows as text.
    package var sample: [[String]]

    package init(dialect: DialectReply, columns: [ColumnReply], sample: [[String]]) {
        self.dialect = dialect
        self.columns = columns
        self.sample = sample
    }
}

package struct RowsReply: Codable, Sendable {
    package var columns: [String]
    package var rows: [[JSONValue]]
    package var next: String?
    package var truncated: Bool

    package init(columns: [String], rows: [[JSONValue]], next: String? = nil, truncated: Bool) {
        self.columns = columns
        self.rows = rows
        self.next = next
        self.truncated = truncated
    }
}

package struct RejectReply: Codable, Sendable, Hashable {
    /// Of one row over all versions of a dataset that grew by appending.
    package var number: Int
    /// The version whose upload the row was in: `line` and `byte` are places in that text. Nil until the upload is stored.
    package var upload: Int?
    package var line: Int
    package var byte: Int
    /// The column the row failed in, when there is one.
    package var column: String?
    package var reason: String
    package var text: String

    package init(
        number: Int, upload: Int? = nil, line: Int, byte: Int, column: String?, reason: String, text: String
    ) {
        self.number = number
        self.upload = upload
        self.line = line
        self.byte = byte
        self.column = column
        self.reason = reason
        self.text = text
    }
}

package struct VersionReply: Codable, Sendable, Hashable {
    package var version: Int
    package var rows: Int
    package var columns: Int
    package var createdAt: Date
    /// What made it: `upload`, `append`, `replace`, `transform`, `undo`, `repair`, `retype`.
    package var origin: String

    package init(version: Int, rows: Int, columns: Int, createdAt: Date, origin: String) {
        self.version = version
        self.rows = rows
        self.columns = columns
        self.createdAt = createdAt
        self.origin = origin
    }
}

package struct SQLRequest: Codable, Sendable {
    package var sql: String
    package var params: [JSONValue]?
    package var timeoutSeconds: Double?
    package var limit: Int?
    /// `json`, or `ndjson` or `csv` for answers of any number of rows.
    package var format: String?

    package init(
        sql: String, params: [JSONValue]? = nil, timeoutSeconds: Double? = nil, limit: Int? = nil, format: String? = nil
    ) {
        self.sql = sql
        self.params = params
        self.timeoutSeconds = timeoutSeconds
        self.limit = limit
        self.format = format
    }
}

package struct SQLReply: Codable, Sendable {
    package var columns: [String]
    package var rows: [[JSONValue]]
    package var truncated: Bool
    package var elapsedMs: Double

    package init(columns: [String], rows: [[JSONValue]], truncated: Bool, elapsedMs: Double) {
        self.columns = columns
        self.rows = rows
        self.truncated = truncated
        self.elapsedMs = elapsedMs
    }
}
