import Shared
import Tabular

extension Predictor {
    /// A table of the model's features from rows of JSON: numbers and raw strings are read as the features' types.
    ///
    /// - Throws: `.noRows`; `.missingFeature` when a row lacks a key (null is a missing value); `.badValue` for a value that
    ///   cannot be read.
    package func table(from rows: [[String: JSONValue]]) throws(LearningError) -> DataTable {
        guard !rows.isEmpty else { throw .noRows }
        var columns: [TableColumn] = []
        columns.reserveCapacity(artifact.pipeline.features.count)
        for feature in artifact.pipeline.features { columns.append(try column(feature, rows: rows)) }
        return DataTable(columns: columns)
    }

    private func column(
        _ feature: RawFeature, rows: [[String: JSONValue]]
    ) throws(LearningError) -> TableColumn {
        var nulls = NullBitmap(rows: rows.count)
        var cells = RawCells(feature)
        for (row, values) in rows.enumerated() {
            guard let value = values[feature.name] else { throw .missingFeature(name: feature.name) }
            if value.isMissing {
                nulls.setNull(row)
                cells.appendNull()
            } else if !cells.append(value) {
                throw .badValue(
                    row: row, feature: feature.name, value: value.plainText, expected: RawCells.expected(feature.type))
            }
        }
        let chunk = ColumnChunk(
            type: feature.type, values: cells.values, nulls: nulls.nullCount > 0 ? nulls : nil)
        return TableColumn(name: feature.name, type: feature.type, chunks: [chunk])
    }
}

extension JSONValue {
    /// Null, or the empty text that a CSV cell without a value is.
    fileprivate var isMissing: Bool {
        switch self {
        case .null: true
        case .string(let text): text.trimmingSpaces.isEmpty
        default: false
        }
    }
}

/// Values of one feature as they are read.
private struct RawCells {
    private let feature: RawFeature
    private var numbers: [Double] = []
    private var booleans: [UInt8] = []
    private var integers: [Int64] = []
    private var texts = TextArray()

    init(_ feature: RawFeature) { self.feature = feature }

    var values: ChunkValues {
        switch feature.type {
        case .integer, .decimal: .doubles(numbers)
        case .boolean: .booleans(booleans)
        case .date, .timestamp: .integers(integers)
        case .text: .texts(texts)
        }
    }

    mutating func appendNull() {
        switch feature.type {
        case .integer, .decimal: numbers.append(0)
        case .boolean: booleans.append(0)
        case .date, .timestamp: integers.append(0)
        case .text: texts.append("")
        }
    }

    /// - Returns: false when the value cannot be read as the feature's type.
    mutating func append(_ value: JSONValue) -> Bool {
        switch feature.type {
        case .integer, .decimal:
            guard let number = Self.number(value) else { return false }
            numbers.append(number)
        case .boolean:
            guard let flag = boolean(value) else { return false }
            booleans.append(flag ? 1 : 0)
        case .date, .timestamp:
            guard case .string(let text) = value, let seconds = RawValue.instant(text, order: feature.dateOrder),
                abs(seconds) < 9e12
            else { return false }
            integers.append(
                feature.type == .date ? Int64((seconds / 86_400).rounded(.down)) : Int64((seconds * 1e6).rounded()))
        case .text:
            if case .array = value { return false }
            if case .object = value { return false }
            texts.append(value.plainText)
        }
        return true
    }

    private static func number(_ value: JSONValue) -> Double? {
        switch value {
        case .integer(let number): Double(number)
        case .number(let number): number.isFinite ? number : nil
        case .bool(let flag): flag ? 1 : 0
        case .string(let text): RawValue.number(text)
        case .null, .array, .object: nil
        }
    }

    private func boolean(_ value: JSONValue) -> Bool? {
        switch value {
        case .bool(let flag): flag
        case .integer(let number): number == 0 ? false : number == 1 ? true : nil
        case .number(let number): number == 0 ? false : number == 1 ? true : nil
        case .string(let text): RawValue.boolean(text, feature: feature)
        case .null, .array, .object: nil
        }
    }

    static func expected(_ type: ColumnType) -> String {
        switch type {
        case .integer, .decimal: "a number"
        case .boolean: "true or false"
        case .date: "a date such as 2026-11-23"
        case .timestamp: "a time such as 2026-11-23T15:04:05"
        case .text: "a text"
        }
    }
}
