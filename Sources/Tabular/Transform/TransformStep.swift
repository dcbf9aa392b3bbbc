import Shared

/// One step of a recipe, as it stands in JSON: `{"op":"fill_median","column":"age"}`.
///
/// `column` or `columns` say what it works on; without them most operations work on every column that they apply to.
package struct TransformStep: Sendable, Hashable {
    package let operation: Operation
    /// What stands in the object beside `op`.
    let fields: [String: JSONValue]

    var op: String { operation.rawValue }

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
        case rename, drop, reorder, convert, replace, trim, lower, upper, title
        case collapseSpaces = "collapse_spaces"
        case filter
        case deleteRows = "delete_rows"
        case derive, sort, sample
        case splitColumn = "split_column"
        case join, append, group

        /// The keys it knows, besides `op`, `on_error` and `note`, which every step may have.
        var keys: [String] {
            switch self {
            case .removeNulls, .trim, .lower, .upper, .title, .collapseSpaces, .drop, .reorder, .sort:
                ["column", "columns"]
            case .fillMean, .fillMedian, .fillMode, .fillForward: ["column", "columns", "by"]
            case .fillConstant: ["column", "columns", "value"]
            case .removeDuplicates: ["column", "columns", "keep"]
            case .removeOutliers: ["column", "columns", "factor"]
            case .rename: ["column", "to"]
            case .convert:
                [
                    "column", "columns", "to", "order", "format", "decimal", "grouping", "ignore", "null_values",
                    "true",
                    "false", "misfits",
                ]
            case .replace: ["column", "columns", "value", "with", "part", "pattern"]
            case .filter: ["where"]
            case .deleteRows: ["rows"]
            case .derive: ["column", "expression", "to", "position"]
            case .sample: ["count", "fraction", "seed", "rest"]
            case .splitColumn: ["column", "delimiter", "into", "keep"]
            case .join: ["dataset", "version", "on", "with", "how", "columns", "suffix"]
            case .append: ["dataset", "version"]
            case .group: ["by", "aggregates"]
            }
        }
    }

    /// Keys of every step.
    private static let sharedKeys = ["op", "on_error", "note"]

    package init(_ operation: Operation, column: String? = nil, _ others: [String: JSONValue] = [:]) {
        self.operation = operation
        var fields = others
        if let column { fields["column"] = .string(column) }
        self.fields = fields
    }

    /// Reads a step from a JSON object.
    ///
    /// - Throws: `notAStep`, `unknownOperation`, `unknownKey`, `badValue`
    package init(json: JSONValue) throws(TransformError) {
        guard case .object(var fields) = json, case .string(let op)? = fields["op"] else {
            throw .notAStep(json.plainText)
        }
        guard let operation = Operation(rawValue: op) else {
            throw .unknownOperation(op, nearest: Spelling.nearest(to: op, among: Operation.allCases.map(\.rawValue)))
        }
        let known = operation.keys
        for key in fields.keys.sorted() where !known.contains(key) && !Self.sharedKeys.contains(key) {
            let nearest = Spelling.nearest(to: key, among: known + Self.sharedKeys)
            throw .unknownKey(op: op, key: key, nearest: nearest, known: known)
        }
        fields["op"] = nil
        self.operation = operation
        self.fields = fields
        _ = try onError
    }

    /// The step as it stands in JSON.
    package var json: JSONValue {
        .object(fields.merging(["op": .string(op)]) { own, _ in own })
    }
}

extension TransformStep: Codable {
    package init(from decoder: any Decoder) throws { try self.init(json: JSONValue(from: decoder)) }
    package func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }
}

/// What a step did.
package struct TransformReport: Codable, Sendable, Hashable {
    package var op: String
    /// Rows in which a cell has another value or text than before.
    package var changedRows = 0
    package var addedRows = 0
    package var removedRows = 0
    package var addedColumns = 0
    package var removedColumns = 0
    /// Cells that did not fit a new type; their text is kept.
    package var failedCells = 0
    /// The first of them, in their order.
    package var misfits: [CellMisfit] = []
    /// What was read one way although another was as good, a sentence each.
    package var notes: [String] = []
    /// What was done, in a sentence.
    package var text = ""

    package init(op: String) { self.op = op }
}

/// A cell that did not fit a new type.
package struct CellMisfit: Codable, Sendable, Hashable {
    package var column: String
    /// From 1.
    package var row: Int
    package var text: String

    /// As many are named of one column; all are counted.
    static let mostNamed = 10
}

extension TransformReport {
    var sentence: String {
        var parts: [String] = []
        func part(_ count: Int, _ thing: String, _ what: String) {
            if count > 0 { parts.append("\(count) \(thing)\(count == 1 ? "" : "s") \(what)") }
        }
        part(addedRows, "row", "added")
        part(removedRows, "row", "removed")
        part(addedColumns, "column", "added")
        part(removedColumns, "column", "removed")
        part(changedRows, "row", "changed")
        if failedCells > 0 {
            parts.append("\(failedCells) cell\(failedCells == 1 ? "" : "s") did not fit and kept only the text")
        }
        return parts.isEmpty ? "Nothing changed." : parts.joined(separator: ", ") + "."
    }
}
