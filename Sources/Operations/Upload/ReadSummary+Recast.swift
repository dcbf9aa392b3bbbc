import Shared
import Tabular

extension ReadSummary {
    /// A chunk that was delivered in a narrower type or with another order of dates, as its column's final type; every text stays.
    func recast(_ chunk: ColumnChunk, column: Int) -> ColumnChunk {
        let described = columns[column]
        var format = CellFormat(
            decimalSeparator: dialect.decimal, grouping: dialect.grouping, nullTexts: dialect.nullValues)
        guard let order = described.dateOrder, chunk.type == described.type else {
            return chunk.recast(to: described.type, format: format).chunk
        }
        switch chunk.style {
        case .date(var date):
            date.order = order
            format.date = date
        case .timestamp(var timestamp):
            timestamp.date.order = order
            format.timestamp = timestamp
        default: return chunk
        }
        return ColumnChunk.parse(texts: chunk.texts(), as: chunk.type, format: format, absent: chunk.nulls).chunk
    }
}
