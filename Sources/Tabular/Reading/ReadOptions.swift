import Shared

/// How the client wants its CSV read; whatever is nil is detected.
package struct ReadOptions: Sendable, Equatable {
    package enum Header: String, Sendable, CaseIterable { case auto, `true`, `false` }

    /// One or more characters; `\t` and `tab` name the tab.
    package var delimiter: String?
    /// One ASCII character that ends no line; empty or `none` switches quoting off.
    package var quote: String?
    /// One ASCII character; the quote itself, empty or `none` means that quotes are doubled.
    package var escape: String?
    /// False: a quote inside quotes ends them, doubled or not. True where not given.
    package var doubleQuote: Bool?
    /// Whether the escape character goes whatever follows it; true where `escape` is given.
    package var escapesAnything: Bool?
    package var spacing: Dialect.Spacing?
    /// What comment lines start with; empty or `none` means that there are none.
    package var comment: String?
    /// A `Dialect.Encoding` or one of its usual names; `latin-1` and `iso-8859-1` are read as `windows-1252`.
    package var encoding: String?
    package var header: Header
    /// Lines to leave out before the header or the first row.
    package var skipRows: Int?
    /// `.` or `,`.
    package var decimal: String?
    /// Cells that stand for an absent value beside the empty cell.
    package var nullValues: [String]?
    /// Types by column name. A cell that is not of its column's given type rejects its row.
    package var types: [String: ColumnType]
    /// The first bad row fails the reading.
    package var strict: Bool

    package init(
        delimiter: String? = nil, quote: String? = nil, escape: String? = nil, doubleQuote: Bool? = nil,
        escapesAnything: Bool? = nil, spacing: Dialect.Spacing? = nil, comment: String? = nil, encoding: String? = nil,
        header: Header = .auto, skipRows: Int? = nil, decimal: String? = nil,
        nullValues: [String]? = nil, types: [String: ColumnType] = [:], strict: Bool = false
    ) {
        self.delimiter = delimiter
        self.quote = quote
        self.escape = escape
        self.doubleQuote = doubleQuote
        self.escapesAnything = escapesAnything
        self.spacing = spacing
        self.comment = comment
        self.encoding = encoding
        self.header = header
        self.skipRows = skipRows
        self.decimal = decimal
        self.nullValues = nullValues
        self.types = types
        self.strict = strict
    }
}

/// Bounds of a reading. Every one has an error or a reject reason that names it.
package struct ReadLimits: Sendable, Equatable {
    package var columns: Int
    /// Longest cell, in bytes of UTF-8; a longer one rejects its row.
    package var cellBytes: Int
    /// Longest row, in bytes of UTF-8; a longer one is rejected without being held in memory.
    package var rowBytes: Int
    package var rows: Int
    package var rejects: Int
    /// How much of a rejected row's text is kept.
    package var rejectTextBytes: Int
    /// How much is looked at before the dialect is decided.
    package var sampleBytes: Int
    /// A row group closes at this many rows ...
    package var rowGroupRows: Int
    /// ... or at this many bytes of UTF-8, whichever comes first.
    package var rowGroupBytes: Int

    package init(
        columns: Int = 10_000, cellBytes: Int = 4 << 20, rowBytes: Int = 16 << 20, rows: Int = 2_000_000_000,
        rejects: Int = 10_000, rejectTextBytes: Int = 64 << 10, sampleBytes: Int = 256 << 10,
        rowGroupRows: Int = 65_536, rowGroupBytes: Int = 16 << 20
    ) {
        self.columns = columns
        self.cellBytes = cellBytes
        self.rowBytes = rowBytes
        self.rows = rows
        self.rejects = rejects
        self.rejectTextBytes = rejectTextBytes
        self.sampleBytes = sampleBytes
        self.rowGroupRows = rowGroupRows
        self.rowGroupBytes = rowGroupBytes
    }
}
