import Foundation
import Shared

/// Which rows and cells a client wants, and in what form.
package struct RowsRequest: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        case json, ndjson, csv

        package init(parameter: String?) throws(Problem) {
            guard let parameter else {
                self = .json
                return
            }
            guard let format = Format(rawValue: parameter) else {
                throw Problem.badParameter("format", parameter, expected: "json, ndjson or csv")
            }
            self = format
        }

        package var contentType: String {
            switch self {
            case .json: "application/json"
            case .ndjson: "application/x-ndjson"
            case .csv: "text/csv; charset=utf-8"
            }
        }
    }

    package var version: Int?
    package var limit: Int
    package var offset: Int
    /// The `next` of an earlier page.
    package var after: String?
    package var columns: [String]?
    /// An SQL expression over the columns.
    package var filter: String?
    /// `column,-column`
    package var sort: String?
    /// The exact texts of the file rather than typed values.
    package var asText: Bool
    package var format: Format

    package init(
        version: Int?, limit: Int, offset: Int, after: String?, columns: [String]?, filter: String?, sort: String?,
        asText: Bool, format: Format
    ) {
        self.version = version
        self.limit = limit
        self.offset = offset
        self.after = after
        self.columns = columns
        self.filter = filter
        self.sort = sort
        self.asText = asText
        self.format = format
    }

    package static func isText(_ parameter: String?) throws(Problem) -> Bool {
        switch parameter {
        case nil, "typed": return false
        case "text": return true
        case .some(let other): throw Problem.badParameter("values", other, expected: "typed or text")
        }
    }
}
