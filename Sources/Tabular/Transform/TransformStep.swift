import Shared

/// One step of a recipe, as it stands in JSON: `{"op":"fill_median","column":"age"}`.
///
/// `column` or `columns` say what it works on; without them it works on every column that it applies to.
package struct TransformStep: Codable, Sendable, Hashable {
    /// A raw value of `Operation`.
    package var op: String
    package var column: String?
    package var columns: [String]?
    /// What `fill_constant` fills in, what `replace` looks for.
    package var value: JSONValue?
    /// What `replace` puts there; null empties the cell.
    package var with: JSONValue?
    /// Whether `replace` also replaces inside texts.
    package var part: Bool?
    /// The new name of `rename`, the type of `convert`.
    package var to: String?
    /// Rows that `delete_rows` takes away, from 0.
    package var rows: [Int]?
    /// Rows that `sample` keeps.
    package var count: Int?
    /// What `sample` starts its choice from; the same seed chooses the same rows.
    package var seed: Int?

    /// What a step can do.
    package enum Operation: String, Sendable, CaseIterable {
        case removeNulls = "remove_nulls"
        case fillMean = "fill_mean"
        case fillMedian = "fill_median"
        case fillMode = "fill_mode"
        case fillConstant = "fill_constant"
        case fillForward = "fill_forward"
        case removeDuplicates = "remove_duplicates"
        case removeOutliers = "remove_outliers"
        case rename, drop, reorder, convert, replace, trim, lower, upper, sort, sample
        case deleteRows = "delete_rows"
    }

    package init(_ operation: Operation, column: String? = nil) {
        op = operation.rawValue
        self.column = column
    }

    static let keys = ["op", "column", "columns", "value", "with", "part", "to", "rows", "count", "seed"]

    /// Reads a step from a JSON object.
    ///
    /// - Throws: `notAStep`, `unknownOperation`, `unknownKey`, `badValue`
    package init(json: JSONValue) throws(TransformError) {
        guard case .object(let fields) = json, case .string(let op)? = fields["op"] else {
            throw .notAStep(json.plainText)
        }
        self.op = op
        guard Operation(rawValue: op) != nil else {
            throw .unknownOperation(op, nearest: Spelling.nearest(to: op, among: Operation.allCases.map(\.rawValue)))
        }
        for key in fields.keys.sorted() where !Self.keys.contains(key) {
            throw .unknownKey(op: op, key: key, nearest: Spelling.nearest(to: key, among: Self.keys))
        }
        func bad(_ key: String, _ expected: String) -> TransformError {
            .badValue(op: op, key: key, value: fields[key]?.plainText ?? "", expected: expected)
        }
        column = try fields["column"].map { value throws(TransformError) in
            guard case .string(let text) = value else { throw bad("column", "a column name") }
            return text
        }
        to = try fields["to"].map { value throws(TransformError) in
            guard case .string(let text) = value else { throw bad("to", "a text") }
            return text
        }
        columns = try fields["columns"].map { value throws(TransformError) in
            guard case .array(let items) = value else { throw bad("columns", "a list of column names") }
            return try items.map { item throws(TransformError) in
                guard case .string(let text) = item else { throw bad("columns", "a list of column names") }
                return text
            }
        }
        rows = try fields["rows"].map { value throws(TransformError) in
            guard case .array(let items) = value else { throw bad("rows", "a list of row numbers") }
            return try items.map { item throws(TransformError) in
                guard case .integer(let number) = item else { throw bad("rows", "a list of row numbers") }
                return Int(number)
            }
        }
        func whole(_ key: String) throws(TransformError) -> Int? {
            guard let value = fields[key] else { return nil }
            guard case .integer(let number) = value else { throw bad(key, "a whole number") }
            return Int(number)
        }
        count = try whole("count")
        seed = try whole("seed")
        if let given = fields["part"] {
            guard case .bool(let flag) = given else { throw bad("part", "true or false") }
            part = flag
        }
        value = fields["value"]
        with = fields["with"]
    }
}

/// What a step did.
package struct TransformReport: Codable, Sendable, Hashable {
    package var op: String
    /// Rows in which a cell has another value or text than before.
    package var changedRows = 0
    package var removedRows = 0
    package var removedColumns = 0
    /// Cells that did not fit a new type and are empty now; their text is kept.
    package var failedCells = 0
    /// What was done, in a sentence.
    package var text = ""

    package init(op: String) { self.op = op }
}
