import Tabular

/// Turns one raw feature into columns of the matrix; what it needs to know was learnt from the training rows.
enum FeatureEncoder: Sendable, Equatable {
    /// The number as it is.
    case number
    /// Codes of the commonest labels.
    case category(labels: LabelIndex)
    /// Codes of the commonest labels, and the mean target of each of many labels.
    case manyCategories(labels: LabelIndex, statistics: TargetStatistics)
    /// Calendar parts and elapsed days; minutes of the day too when `hasTime`.
    case calendar(hasTime: Bool)
    case text(TextTerms)

    /// Most codes of a categorical column: histograms have 255 bins, one of which is for missing.
    static let mostCodes = 254
    /// From so many labels on, target statistics are added to the codes.
    static let statisticsFrom = 32

    /// Names of the columns it makes.
    func columnNames(of name: String) -> [String] {
        switch self {
        case .number, .category: [name]
        case .manyCategories(_, let statistics): [name] + statistics.suffixes.map { name + $0 }
        case .calendar(let hasTime):
            (["year", "month", "day", "weekday", "day_of_year", "elapsed_days"] + (hasTime ? ["minute_of_day"] : []))
                .map { "\(name).\($0)" }
        case .text(let terms): terms.columnNames(of: name)
        }
    }

    /// The columns for every row of a table.
    ///
    /// - Parameter terms: what is known of the terms of a text column.
    func encode(_ column: PreparedTable.Column, terms known: TermLines?) -> [FeatureMatrix.Values] {
        switch (self, column) {
        case (.number, .numbers(let values)):
            return [.numeric(values)]
        case (.category(let labels), .labels(let codes)):
            return [Self.codes(labels, codes)]
        case (.manyCategories(let labels, let statistics), .labels(let codes)):
            return [Self.codes(labels, codes)] + statistics.encode(codes)
        case (.calendar(let hasTime), .instants(let values)):
            return Self.calendar(values, hasTime: hasTime)
        case (.text(let terms), .labels(let codes)):
            return terms.encode(codes, source: known?.source(codes) ?? TermSource(codes))
        default:
            // A feature and its prepared column are made from the same type, so this cannot be reached by input.
            return columnNames(of: "").map { _ in .numeric([Float](repeating: .nan, count: column.rows)) }
        }
    }

    private static func codes(_ labels: LabelIndex, _ table: CategoryCodes) -> FeatureMatrix.Values {
        let map = table.labels.map { Int32(labels.place(of: $0) ?? -1) }
        return .categorical(table.codes.map { $0 < 0 ? -1 : map[Int($0)] }, cardinality: labels.count)
    }

    private static func calendar(_ values: [Double], hasTime: Bool) -> [FeatureMatrix.Values] {
        var columns = [[Float]](
            repeating: [Float](repeating: .nan, count: values.count), count: hasTime ? 7 : 6)
        for (row, value) in values.enumerated() {
            guard let parts = CalendarParts(seconds: value) else { continue }
            columns[0][row] = Float(parts.year)
            columns[1][row] = Float(parts.month)
            columns[2][row] = Float(parts.day)
            columns[3][row] = Float(parts.weekday)
            columns[4][row] = Float(parts.dayOfYear)
            columns[5][row] = Float(value / 86_400)
            if hasTime { columns[6][row] = Float(parts.minuteOfDay) }
        }
        return columns.map { .numeric($0) }
    }
}

extension PreparedTable.Column {
    var rows: Int {
        switch self {
        case .numbers(let values): values.count
        case .instants(let values): values.count
        case .labels(let codes): codes.codes.count
        }
    }
}
