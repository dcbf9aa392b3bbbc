/// What is known of a version's columns without reading its rows again.
package struct ProfileReply: Codable, Sendable, Hashable {
    package var dataset: String
    package var version: Int
    package var rows: Int
    package var columns: [ColumnProfileReply]
    package var warnings: [ProfileWarningReply]

    package init(
        dataset: String, version: Int, rows: Int, columns: [ColumnProfileReply], warnings: [ProfileWarningReply]
    ) {
        self.dataset = dataset
        self.version = version
        self.rows = rows
        self.columns = columns
        self.warnings = warnings
    }
}

package struct ProfileWarningReply: Codable, Sendable, Hashable {
    /// `constant`, `high_null_share`, `near_unique`, `imbalance`, `many_zeros`, `skewed`, `outliers`, `mixed_date_orders`.
    package var kind: String
    package var column: String
    package var text: String

    package init(kind: String, column: String, text: String) {
        self.kind = kind
        self.column = column
        self.text = text
    }
}

package struct ColumnProfileReply: Codable, Sendable, Hashable {
    package var name: String
    package var type: ColumnType
    package var count: Int
    package var nulls: Int
    package var distinct: Int
    /// False when `distinct`, quantiles or top values come from a sketch; `error` then bounds the relative error.
    package var exact: Bool
    package var error: Double?
    /// Smallest and largest value as text in canonical form.
    package var min: String?
    package var max: String?
    package var mean: Double?
    package var standardDeviation: Double?
    package var skewness: Double?
    package var kurtosis: Double?
    package var quantiles: [Quantile]?
    package var histogram: [Bin]?
    package var top: [TopValue]
    package var textLength: TextLength?
    /// Numbers further than 1.5 interquartile ranges from the quartiles.
    package var outliers: Int?
    /// Of texts that are dates with the year last; absent when there are none, or too many different texts.
    package var dateOrders: DateOrders?

    /// How many values are dates in one order only, or in both.
    package struct DateOrders: Codable, Sendable, Hashable {
        package var dayFirst: Int
        package var monthFirst: Int
        package var either: Int
        package init(dayFirst: Int = 0, monthFirst: Int = 0, either: Int = 0) {
            self.dayFirst = dayFirst
            self.monthFirst = monthFirst
            self.either = either
        }
    }

    package struct Quantile: Codable, Sendable, Hashable {
        package var q: Double
        package var value: Double
        package init(q: Double, value: Double) {
            self.q = q
            self.value = value
        }
    }

    /// `count` values in `from ..< to`; the last bin includes `to`.
    package struct Bin: Codable, Sendable, Hashable {
        package var from: Double
        package var to: Double
        package var count: Int
        package init(from: Double, to: Double, count: Int) {
            self.from = from
            self.to = to
            self.count = count
        }
    }

    package struct TopValue: Codable, Sendable, Hashable {
        package var value: String
        package var count: Int
        package init(value: String, count: Int) {
            self.value = value
            self.count = count
        }
    }

    /// Lengths in characters (Unicode scalars).
    package struct TextLength: Codable, Sendable, Hashable {
        package var min: Int
        package var max: Int
        package var mean: Double
        package init(min: Int, max: Int, mean: Double) {
            self.min = min
            self.max = max
            self.mean = mean
        }
    }

    package init(name: String, type: ColumnType, count: Int, nulls: Int, distinct: Int, exact: Bool) {
        self.name = name
        self.type = type
        self.count = count
        self.nulls = nulls
        self.distinct = distinct
        self.exact = exact
        top = []
    }
}
