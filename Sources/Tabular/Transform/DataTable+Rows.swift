import Shared

extension DataTable {
    /// Rows of a chunk that is made anew.
    static let chunkRows = 65_536

    /// The rows whose flag is set, in order.
    ///
    /// - Parameter kept: one flag a row
    package func keeping(_ kept: [Bool]) -> DataTable {
        DataTable(
            columns: columns.map { column in
                var start = 0
                var chunks: [ColumnChunk] = []
                for chunk in column.chunks {
                    let rows = (0..<chunk.rows).filter { kept[start + $0] }
                    start += chunk.rows
                    if rows.count == chunk.rows {
                        chunks.append(chunk)
                    } else if !rows.isEmpty {
                        chunks.append(chunk.filter(rows: rows))
                    }
                }
                return TableColumn(name: column.name, type: column.type, chunks: chunks)
            })
    }
}

extension TableColumn {
    /// The given rows in the given order, in chunks of 65,536; nil when the column's texts exceed 4 GB.
    package func gathered(_ rows: [Int]) -> TableColumn? {
        guard let whole = chunks.isEmpty ? nil : ColumnChunk.concatenated(chunks) else {
            return chunks.isEmpty ? self : nil
        }
        var gathered: [ColumnChunk] = []
        for start in stride(from: 0, to: rows.count, by: DataTable.chunkRows) {
            let chunk = whole.filter(rows: Array(rows[start..<min(start + DataTable.chunkRows, rows.count)]))
            gathered.append(chunk.dictionaryEncoded())
        }
        return TableColumn(name: name, type: type, chunks: gathered)
    }

    /// The exact text of the row, counted over all chunks.
    func text(at row: Int) -> String {
        var row = row
        for chunk in chunks {
            if row < chunk.rows { return chunk.text(at: row) }
            row -= chunk.rows
        }
        return ""
    }
}

extension ColumnChunk {
    /// The same chunk with its texts as codes of distinct ones, when each comes twice or more on average; else unchanged.
    package func dictionaryEncoded() -> ColumnChunk {
        guard case .texts(let texts) = values, texts.count > 0 else { return self }
        var interner = TextInterner()
        var codes: [UInt32] = []
        codes.reserveCapacity(texts.count)
        for row in 0..<texts.count {
            codes.append(UInt32(texts.withText(row) { interner.code($0) }))
            if interner.count * 2 > texts.count { return self }
        }
        var result = self
        result.values = .dictionary(codes: codes, entries: interner.texts)
        return result
    }
}
