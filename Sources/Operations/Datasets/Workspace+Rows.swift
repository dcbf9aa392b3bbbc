import Shared
import Storage

/// A page of rows, written in the form that was asked for.
package struct RowsAnswer: Sendable {
    package let body: [UInt8]
}

extension Workspace {
    package func rows(of reference: String, _ request: RowsRequest) throws -> RowsAnswer {
        let limits = settings.sql
        let query = RowsQuery(
            columns: request.columns, filter: request.filter, sort: request.sort, offset: request.offset,
            after: request.after,
            limit: request.limit, values: request.asText ? .text : .typed)
        let page = try sandbox.rows(
            of: try catalogue.table(reference, version: request.version), query,
            limits: SQLLimits(timeoutSeconds: limits.timeoutSeconds, maxRows: limits.maxRows, maxBytes: limits.maxBytes)
        )
        switch request.format {
        case .json: return RowsAnswer(body: Self.json(page))
        case .ndjson: return RowsAnswer(body: Self.lines(page))
        case .csv: return RowsAnswer(body: Self.csv(page))
        }
    }

    private static func json(_ page: RowPage) -> [UInt8] {
        var text = JSONText(capacity: page.cells.size)
        text.raw("{\"columns\":")
        text.value(.array(page.columns.map(JSONValue.string)))
        text.raw(",\"rows\":[")
        text.rows(page.cells, isFirst: true)
        text.raw("],\"next\":")
        text.value(page.next.map(JSONValue.string) ?? .null)
        text.raw(page.truncated ? ",\"truncated\":true}" : ",\"truncated\":false}")
        return text.bytes
    }

    private static func lines(_ page: RowPage) -> [UInt8] {
        var text = JSONText(capacity: page.cells.size)
        text.lines(page.cells, keys: JSONText.keys(page.columns))
        return text.bytes
    }

    private static func csv(_ page: RowPage) -> [UInt8] {
        var text = CSVText(neutralisesFormulas: true)
        text.appendRow(page.columns)
        text.rows(page.cells)
        return text.bytes
    }
}
