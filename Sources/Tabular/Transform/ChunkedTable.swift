import Shared

/// A chunk that a shelf keeps.
package struct ChunkID: Hashable, Sendable {
    package let number: Int

    package init(_ number: Int) { self.number = number }
}

/// Where the chunks of a table being transformed are: some stored in a dataset's segments, others made by the steps so far.
///
/// A table names chunks by id, so a step that leaves a column alone passes its ids on and nothing is read or copied.
package protocol ChunkShelf: AnyObject, Sendable {
    /// The cells of a chunk, in the type of the column it was put there for.
    func chunk(_ id: ChunkID) throws -> ColumnChunk
    /// Nulls of a chunk, without reading its cells where the shelf knows.
    func nulls(_ id: ChunkID) throws -> Int
    func keep(_ chunk: ColumnChunk) throws -> ChunkID
}

/// A column of a table being transformed: one chunk a row group.
package struct ChunkedColumn: Sendable {
    package var name: String
    package var type: ColumnType
    /// For dates and timestamps: the format the column was read with.
    package var format: String?
    package var chunks: [ChunkID]

    package init(name: String, type: ColumnType, format: String? = nil, chunks: [ChunkID]) {
        self.name = name
        self.type = type
        self.format = format
        self.chunks = chunks
    }
}

/// A table whose cells are read one column and one row group at a time.
package struct ChunkedTable: Sendable {
    package var columns: [ChunkedColumn]
    /// Rows of each row group, in order.
    package var rowCounts: [Int]
    package let shelf: any ChunkShelf

    /// Rows of a row group that is made anew.
    package static let groupRows = 65_536

    package init(columns: [ChunkedColumn], rowCounts: [Int], shelf: any ChunkShelf) {
        self.columns = columns
        self.rowCounts = rowCounts
        self.shelf = shelf
    }

    package var rows: Int { rowCounts.reduce(0, +) }
    package var groups: Int { rowCounts.count }

    package func chunk(_ column: Int, _ group: Int) throws -> ColumnChunk {
        try shelf.chunk(columns[column].chunks[group])
    }

    /// Calls `body` with each chunk of a column and its first row.
    func forEachChunk(_ column: Int, _ body: (_ firstRow: Int, _ chunk: ColumnChunk) throws -> Void) throws {
        var start = 0
        for group in 0..<groups {
            try body(start, try chunk(column, group))
            start += rowCounts[group]
        }
    }

    /// A column in memory.
    func loaded(_ column: Int) throws -> TableColumn {
        TableColumn(
            name: columns[column].name, type: columns[column].type,
            chunks: try (0..<groups).map { try chunk(column, $0) })
    }

    /// The values of a column as numbers, NaN where null.
    func numbers(_ column: Int) throws -> [Double] {
        var numbers: [Double] = []
        numbers.reserveCapacity(rows)
        try forEachChunk(column) { _, chunk in chunk.withNumbers { numbers.append(contentsOf: $0) } }
        return numbers
    }

    /// Nulls of a column.
    func nulls(_ column: Int) throws -> Int {
        try columns[column].chunks.reduce(0) { $0 + (try shelf.nulls($1)) }
    }

    /// One of the texts of a column, exact.
    func text(_ column: Int, row: Int) throws -> String {
        var row = row
        for group in 0..<groups {
            if row < rowCounts[group] { return try chunk(column, group).text(at: row) }
            row -= rowCounts[group]
        }
        return ""
    }

    /// At most about 4,096 exact texts of a column, spread over all row groups; nulls that the file wrote as nothing left out.
    func sampleTexts(_ column: Int) throws -> [String] {
        let stride = max(1, rows / 4096)
        var texts: [String] = []
        try forEachChunk(column) { _, chunk in
            for row in Swift.stride(from: 0, to: chunk.rows, by: stride) {
                let text = chunk.text(at: row)
                if !text.isEmpty { texts.append(text) }
            }
        }
        return texts
    }

    /// Puts a column in memory in place of one, cut to the row groups.
    ///
    /// - Throws: `tooLarge`, and what the shelf throws
    func shelved(_ column: TableColumn, op: String) throws -> ChunkedColumn {
        var ids: [ChunkID] = []
        if column.chunks.map(\.rows) == rowCounts {
            for chunk in column.chunks { ids.append(try shelf.keep(chunk)) }
        } else if !rowCounts.isEmpty {
            guard let whole = ColumnChunk.concatenated(column.chunks) else {
                throw TransformError.tooLarge(op: op, column: column.name)
            }
            var start = 0
            for count in rowCounts {
                ids.append(try shelf.keep(whole.slice(start..<start + count).compacted()))
                start += count
            }
        }
        return ChunkedColumn(name: column.name, type: column.type, chunks: ids)
    }

    /// Row groups of the usual size for so many rows.
    static func rowCounts(_ rows: Int) -> [Int] {
        stride(from: 0, to: rows, by: groupRows).map { min(groupRows, rows - $0) }
    }
}

/// Chunks in memory.
package final class MemoryShelf: ChunkShelf {
    private let chunks = Locked<[ColumnChunk]>([])

    package init() {}

    package func chunk(_ id: ChunkID) -> ColumnChunk { chunks.withLock { $0[id.number] } }
    package func nulls(_ id: ChunkID) -> Int { chunks.withLock { $0[id.number].nulls?.nullCount ?? 0 } }

    package func keep(_ chunk: ColumnChunk) -> ChunkID {
        chunks.withLock { chunks in
            chunks.append(chunk)
            return ChunkID(chunks.count - 1)
        }
    }
}

extension ChunkedTable {
    /// A table in memory; all columns have chunks of the same rows.
    package init(_ table: DataTable) {
        let shelf = MemoryShelf()
        self.init(
            columns: table.columns.map { column in
                ChunkedColumn(name: column.name, type: column.type, chunks: column.chunks.map { shelf.keep($0) })
            }, rowCounts: table.columns.first?.chunks.map(\.rows) ?? [], shelf: shelf)
    }

    /// All cells in memory.
    package func dataTable() throws -> DataTable { DataTable(columns: try columns.indices.map { try loaded($0) }) }
}
