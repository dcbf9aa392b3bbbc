import Shared

/// The typed cells of consecutive rows; group `index` holds the rows before those of group `index + 1`.
package struct RowGroup: Sendable {
    package var index: Int
    /// One chunk a column, in column order, all of `rows` rows.
    package var chunks: [ColumnChunk]
    package var rows: Int

    package init(index: Int, chunks: [ColumnChunk], rows: Int) {
        self.index = index
        self.chunks = chunks
        self.rows = rows
    }
}

/// A column as decided over all rows.
package struct ReadColumn: Sendable, Equatable {
    package var name: String
    package var type: ColumnType
    package var nullable: Bool
    /// For dates and timestamps: how they are written, such as `dd/mm/yyyy`.
    package var format: String?
    /// For dates and timestamps: the order of day, month and year, which a recast chunk must be read with.
    package var dateOrder: DateFormat.Order?

    package init(
        name: String, type: ColumnType, nullable: Bool, format: String? = nil, dateOrder: DateFormat.Order? = nil
    ) {
        self.name = name
        self.type = type
        self.nullable = nullable
        self.format = format
        self.dateOrder = dateOrder
    }
}

/// A chunk that was delivered in another type, or with another date order, than its column ended with.
/// Its text is exact, so it is recast from it.
package struct ChunkRecast: Sendable, Hashable {
    package var column: Int
    package var rowGroup: Int
    /// The type it was delivered with.
    package var from: ColumnType

    package init(column: Int, rowGroup: Int, from: ColumnType) {
        self.column = column
        self.rowGroup = rowGroup
        self.from = from
    }
}

/// What a whole reading found.
package struct ReadSummary: Sendable {
    package var dialect: Dialect
    package var reasons: [String]
    package var columns: [ReadColumn]
    package var rows: Int
    /// Bytes of the input.
    package var bytes: Int
    package var rowGroups: Int
    /// By line.
    package var rejects: [RejectedRow]
    /// Remarks and repairs, one sentence each.
    package var warnings: [String]
    /// By column, then row group.
    package var recasts: [ChunkRecast]
}
