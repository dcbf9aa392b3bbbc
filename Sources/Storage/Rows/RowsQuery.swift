import Shared
import Tabular

/// A page of a dataset's rows.
package struct RowsQuery: Sendable {
    package enum Values: String, Sendable, CaseIterable {
        /// JSON values of the columns' types.
        case typed
        /// Each cell's exact original text; null for a null that was written as nothing.
        case text
    }

    /// All columns without names.
    package var columns: [String]?
    /// An SQL expression over the columns.
    package var filter: String?
    /// `column,-column`
    package var sort: String?
    package var offset: Int
    /// `next` of the page before.
    package var after: String?
    package var limit: Int
    package var values: Values

    package init(
        columns: [String]? = nil, filter: String? = nil, sort: String? = nil, offset: Int = 0, after: String? = nil,
        limit: Int = 100, values: Values = .typed
    ) {
        self.columns = columns
        self.filter = filter
        self.sort = sort
        self.offset = offset
        self.after = after
        self.limit = limit
        self.values = values
    }
}

/// Rows of a dataset.
package struct RowPage: Sendable {
    package var columns: [String]
    package var cells: RowBatch
    /// What to pass as `after` for the next page; nil on the last.
    package var next: String?
    /// Whether rows were left off because of the cap on bytes.
    package var truncated = false

    package var rows: [[JSONValue]] { cells.values }
}
