import Foundation
import Shared
import Storage

/// A page of rows, written in the form that was asked for.
package struct RowsAnswer: Sendable {
    package let body: Data
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

    private static func json(_ page: RowPage) -> Data {
        var text = JSONText()
        text.raw("{\"columns\":")
        text.value(.array(page.columns.map(JSONValue.string)))
        text.raw(",\"rows\":[")
        for (index, row) in page.rows.enumerated() {
            if index > 0 { text.raw(",") }
            text.value(.array(row))
        }
        text.raw("],\"next\":")
        text.value(page.next.map(JSONValue.string) ?? .null)
        text.raw(page.truncated ? ",\"truncated\":true}" : ",\"truncated\":false}")
        return Data(text.bytes)
    }

    private static func lines(_ page: RowPage) -> Data {
        var text = JSONText()
        for row in page.rows {
            text.raw("{")
            for (index, value) in row.enumerated() {
                if index > 0 { text.raw(",") }
                text.string(page.columns[index])
                text.raw(":")
                text.value(value)
            }
            text.raw("}\n")
        }
        return Data(text.bytes)
    }

    private static func csv(_ page: RowPage) -> Data {
        var text = CSVText(neutralisesFormulas: true)
        text.appendRow(page.columns)
        for row in page.rows {
            for (index, value) in row.enumerated() {
                if index > 0 { text.separator() }
                let isNumber: Bool
                switch value {
                case .integer, .number: isNumber = true
                default: isNumber = false
                }
                text.append(Array(value.plainText.utf8), isOnlyField: row.count == 1, isNumber: isNumber)
            }
            text.endRow()
        }
        return Data(text.bytes)
    }
}
