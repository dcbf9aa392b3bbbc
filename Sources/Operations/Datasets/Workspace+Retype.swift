import Foundation
import Shared
import Storage
import Tabular

/// The new type of a column, and how its cells are written where that has to be said.
package struct Retyping: Sendable, Hashable {
    package var type: ColumnType
    /// `dmy`, `mdy` or `ymd`.
    package var order: String?
    /// Such as `dd/mm/yyyy`; in place of `order`.
    package var format: String?
    /// `.` or `,`.
    package var decimal: String?
    /// Between groups of three digits.
    package var grouping: String?
    /// Characters to leave out before reading, such as `$%`.
    package var ignore: String?
    package var nullValues: [String]?
    /// `fail`, `null` (the text is kept) or `remove_row`; `fail` when absent.
    package var misfits: String?

    package init(
        type: ColumnType, order: String? = nil, format: String? = nil, decimal: String? = nil, grouping: String? = nil,
        misfits: String? = nil
    ) {
        self.type = type
        self.order = order
        self.format = format
        self.decimal = decimal
        self.grouping = grouping
        self.misfits = misfits
    }

    /// The step of a recipe that does it.
    func step(_ column: String) -> JSONValue {
        var fields: [String: JSONValue] = [
            "op": .string("convert"), "column": .string(column), "to": .string(type.rawValue),
            "misfits": .string(misfits ?? "fail"),
        ]
        for (key, text) in [
            ("order", order), ("format", format), ("decimal", decimal), ("grouping", grouping), ("ignore", ignore),
        ] {
            if let text { fields[key] = .string(text) }
        }
        if let nullValues { fields["null_values"] = .array(nullValues.map(JSONValue.string)) }
        return .object(fields)
    }
}

extension Retyping: Codable {
    private enum CodingKeys: String, CodingKey {
        case type, order, format, decimal, grouping, ignore, nullValues, misfits
    }

    /// A type alone, or an object with more about it.
    package init(from decoder: any Decoder) throws {
        if let type = try? decoder.singleValueContainer().decode(String.self) {
            guard let type = ColumnType(rawValue: type) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "there is no type \(type.quotedForMessage)")
                )
            }
            self.init(type: type)
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(type: try container.decode(ColumnType.self, forKey: .type))
        order = try container.decodeIfPresent(String.self, forKey: .order)
        format = try container.decodeIfPresent(String.self, forKey: .format)
        decimal = try container.decodeIfPresent(String.self, forKey: .decimal)
        grouping = try container.decodeIfPresent(String.self, forKey: .grouping)
        ignore = try container.decodeIfPresent(String.self, forKey: .ignore)
        nullValues = try container.decodeIfPresent([String].self, forKey: .nullValues)
        misfits = try container.decodeIfPresent(String.self, forKey: .misfits)
    }
}

extension Workspace {
    /// Gives columns new types, from the exact texts of their cells, as one new version.
    ///
    /// - Throws: `csv.type_mismatch` with the number of cells that do not fit and the places of the first, unless `misfits` says what
    ///   becomes of them: nothing is then changed. Neither is it when `naming` is refused.
    package func retype(
        _ reference: String, _ types: [String: Retyping], naming: DatasetNaming = .init()
    ) throws -> (DatasetReply, [TransformReport]) {
        try admitWork()
        let base = try catalogue.table(reference)
        // A name that is taken already is refused before the work; one that is taken meanwhile, with the version.
        try catalogue.checkNaming(naming, of: base.dataset)
        for name in types.keys.sorted() { _ = try base.column(named: name) }
        let steps = types.sorted { $0.key < $1.key }.map { $1.step($0) }
        var run = try RecipeRun(base, catalogue: catalogue, sandbox: sandbox, settings: settings)
        do {
            try run.apply(steps)
        } catch TransformError.misfits(_, let count, let first, let type) {
            throw Problem(
                .csvTypeMismatch, "There \(count == 1 ? "is" : "are") \(TransformError.misfits(count, first, type)).",
                remedy:
                    "Say how the cells are written (order, format, decimal, grouping), correct them, or set misfits to null.",
                places: first.map { .init(column: $0.column, row: $0.row) })
        }
        let (dataset, version) = try VersionWork(workspace: self, base: base, current: base.version.version).store(
            run.table, on: run.shelf, origin: "retype",
            step: VersionStep(base: base.version.version, steps: run.applied), naming: naming)
        return (dataset.reply(version), run.reports)
    }
}
