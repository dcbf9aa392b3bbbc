import Shared

/// A column of a table in memory: its name, its logical type, its chunks in row order.
package struct TableColumn: Sendable {
    package var name: String
    package var type: ColumnType
    package var chunks: [ColumnChunk]

    package init(name: String, type: ColumnType, chunks: [ColumnChunk]) {
        self.name = name
        self.type = type
        self.chunks = chunks
    }

    package var rows: Int { chunks.reduce(0) { $0 + $1.rows } }
}

/// A table in memory; every column has the same number of rows.
package struct DataTable: Sendable {
    package var columns: [TableColumn]

    package init(columns: [TableColumn]) { self.columns = columns }

    package var rows: Int { columns.first?.rows ?? 0 }

    package func column(named name: String) -> TableColumn? { columns.first { $0.name == name } }

    /// Several columns at once; nil for those that are not there.
    ///
    /// - Complexity: O(columns + names)
    package func columns(named names: [String]) -> [TableColumn?] {
        // Most often they are asked for in the order in which they stand here.
        if names == columns.prefix(names.count).map(\.name) { return Array(columns.prefix(names.count)) }
        let places = Dictionary(columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        return names.map { places[$0].map { columns[$0] } }
    }
}

/// A column as classes: `labels[codes[row]]`, or -1 where the value is null.
package struct CategoryCodes: Sendable {
    package var codes: [Int32]
    /// Distinct texts in order of first appearance.
    package var labels: [String]

    package init(codes: [Int32], labels: [String]) {
        self.codes = codes
        self.labels = labels
    }
}
