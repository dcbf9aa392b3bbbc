import Shared
import Tabular

/// The columns of a table read once in the form that encoders need, for any number of folds.
package struct PreparedTable: Sendable {
    /// A raw feature's values, one a row.
    enum Column: Sendable {
        /// NaN for missing.
        case numbers([Float])
        /// Seconds since 1970; NaN for missing.
        case instants([Double])
        case labels(CategoryCodes)
    }

    package let rows: Int
    let columns: [Column]
    /// The terms of texts, as far as they were needed; parts of the table share them. Nil for a column without labels.
    let terms: [TermLines?]

    /// Reads the features' columns.
    ///
    /// Columns of another type than the feature was trained with are converted value by value; what cannot be converted is missing.
    /// - Throws: `.missingFeature` for a feature that the table does not have.
    package init(_ table: DataTable, features: [RawFeature]) throws(LearningError) {
        rows = table.rows
        var columns: [Column] = []
        columns.reserveCapacity(features.count)
        for (feature, column) in zip(features, table.columns(named: features.map(\.name))) {
            guard let column else { throw .missingFeature(name: feature.name) }
            columns.append(Self.read(column, as: feature))
        }
        self.columns = columns
        terms = columns.map(Self.noTerms)
    }

    private static func noTerms(of column: Column) -> TermLines? {
        if case .labels = column { TermLines() } else { nil }
    }

    private static func read(_ column: TableColumn, as feature: RawFeature) -> Column {
        switch feature.type {
        case .text: return .labels(column.categories())
        case .integer, .decimal, .boolean:
            if column.type != .text {
                return .numbers(column.numbers().map(Self.float))
            }
            return .numbers(
                converted(column) { text in
                    feature.type == .boolean
                        ? RawValue.boolean(text, feature: feature).map { $0 ? 1 : 0 } : RawValue.number(text)
                }.map(Self.float))
        case .date, .timestamp:
            switch column.type {
            case .date: return .instants(column.numbers().map { $0 * 86_400 })
            case .timestamp: return .instants(column.numbers())
            default: return .instants(converted(column) { RawValue.instant($0, order: feature.dateOrder) })
            }
        }
    }

    /// Infinities, and what overflows to them, count as missing.
    private static func float(_ value: Double) -> Float {
        let float = Float(value)
        return float.isInfinite ? .nan : float
    }

    /// The table of some of the rows, in the order given.
    package func selecting(_ rows: [Int32]) -> PreparedTable {
        PreparedTable(
            rows: rows.count,
            columns: columns.map { column in
                switch column {
                case .numbers(let values): .numbers(rows.map { values[Int($0)] })
                case .instants(let values): .instants(rows.map { values[Int($0)] })
                case .labels(let codes):
                    .labels(CategoryCodes(codes: rows.map { codes.codes[Int($0)] }, labels: codes.labels))
                }
            }, terms: terms)
    }

    /// The table with another column in the place of a feature's.
    func replacing(_ feature: Int, by column: Column) -> PreparedTable {
        var (columns, terms) = (columns, terms)
        columns[feature] = column
        terms[feature] = Self.noTerms(of: column)
        return PreparedTable(rows: rows, columns: columns, terms: terms)
    }

    private init(rows: Int, columns: [Column], terms: [TermLines?]) {
        self.rows = rows
        self.columns = columns
        self.terms = terms
    }

    private static func converted(_ column: TableColumn, _ convert: (String) -> Double?) -> [Double] {
        let categories = column.categories()
        let ofLabel = categories.labels.map { convert($0) ?? .nan }
        return categories.codes.map { $0 < 0 ? .nan : ofLabel[Int($0)] }
    }
}
