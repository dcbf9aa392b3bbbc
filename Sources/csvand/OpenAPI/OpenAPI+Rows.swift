import Shared

extension OpenAPI {
    static let rowRoutes: [OpenAPIRoute] = [
        .init(
            method: "get", path: "/api/v1/datasets/{dataset}/rows", tag: "rows", summary: "A page of rows",
            query: [
                .version, .integer("limit", "Rows on a page.", from: 1, to: 100_000),
                .integer("offset", "Rows to pass over.", from: 0), .after,
                .text("columns", "Names of columns, separated by commas; all when left out."),
                .text("where", "An SQL expression over the columns."),
                .text("sort", "Columns to sort by, `-` before one for falling order."),
                .choice("values", "Typed values, or the exact texts of the file.", "typed", "text"),
                .choice("format", "Form of the answer.", "json", "ndjson", "csv"),
            ], answers: [.json(RowsReply.self), .text("application/x-ndjson"), .text("text/csv")],
            problems: [400, 404, 408, 422]),
        .init(
            method: "get", path: "/api/v1/datasets/{dataset}/export", tag: "rows", summary: "A dataset as a file",
            query: [
                .version, .choice("format", "Form of the file.", "csv", "json", "ndjson", "xlsx", "sqlite"),
                .text("columns", "Names of columns, separated by commas; all when left out."),
                .text("where", "An SQL expression over the columns."),
                .choice("raw", "Leaves texts alone that a spreadsheet would take for formulas.", "true", "false"),
            ],
            answers: [
                .text("text/csv"), .json(["type": "array", "items": ["type": "object"]]),
                .text("application/x-ndjson"),
                .text("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
                .text("application/vnd.sqlite3"),
            ], problems: [400, 404, 408, 422]),
        .init(
            method: "post", path: "/api/v1/sql", tag: "rows",
            summary: "Runs one reading SQL statement; datasets are tables by name", body: [.json(SQLRequest.self)],
            answers: [.json(SQLReply.self), .text("application/x-ndjson"), .text("text/csv")],
            problems: [400, 404, 408, 422, 429]),
    ]
}
