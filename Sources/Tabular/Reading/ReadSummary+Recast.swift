import Shared

extension ReadSummary {
    /// A delivered chunk as its column ended: of the column's type and date order. Its exact texts stay the same.
    ///
    /// - Complexity: O(bytes) where `recasts` names the chunk, else O(1).
    package func recast(_ chunk: ColumnChunk, column index: Int) -> ColumnChunk {
        let column = columns[index]
        if chunk.type == column.type, chunk.dateOrder == nil || chunk.dateOrder == column.dateOrder { return chunk }
        var format = CellFormat(
            decimalSeparator: dialect.decimal, grouping: dialect.grouping, nullTexts: dialect.nullValues)
        if let order = column.dateOrder, case .date(var date) = chunk.style {
            date.order = order
            format.date = date
        }
        if let order = column.dateOrder, case .timestamp(var timestamp) = chunk.style {
            timestamp.date.order = order
            format.timestamp = timestamp
        }
        var absent = chunk.nulls
        if column.type == .text, let nulls = chunk.nulls {
            // A null whose text is kept though empty was a quoted empty cell, which is a text.
            var texts = NullBitmap(rows: chunk.rows)
            for row in 0..<chunk.rows where nulls.isNull(row) && !chunk.exceptions.hasEmptyText(row) {
                texts.setNull(row)
            }
            absent = texts
        }
        return ColumnChunk.parse(texts: chunk.texts(), as: column.type, format: format, absent: absent).chunk
    }
}

extension ColumnChunk {
    /// The order that dates were read in.
    fileprivate var dateOrder: DateFormat.Order? {
        if nulls?.nullCount == rows { return nil }
        switch style {
        case .date(let format): return format.order
        case .timestamp(let format): return format.date.order
        default: return nil
        }
    }
}

extension TextExceptions {
    fileprivate func hasEmptyText(_ row: Int) -> Bool {
        index(of: row).map { texts.byteRange($0).isEmpty } ?? false
    }
}
