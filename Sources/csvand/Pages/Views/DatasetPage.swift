import Foundation
import Operations
import Shared

/// A version of a dataset: how it was read, its columns, a page of its rows.
struct DatasetPage: PageView {
    static let template = "dataset"
    private static let pageRows = 50
    /// More columns than this make a table that nobody reads.
    private static let mostColumns = 100
    private static let mostRejects = 20
    private static let types = ColumnType.allCases.map(\.rawValue)

    struct Column: Sendable {
        let name: String
        let type: String
        let format: String
        let nullable: String
        let isNumber: Bool
    }

    struct Row: Sendable {
        let number: String
        let cells: [Cell]
    }

    struct Cell: Sendable {
        let text: String
        let isNumber: Bool
        let isNull: Bool
    }

    struct Reject: Sendable {
        let number: Int
        let upload: Int?
        let line: Int
        let column: String?
        let reason: String
        let text: String
    }

    struct Step: Sendable {
        let number: Int
        let text: String
    }

    let frame: PageFrame
    let name: String
    let segment: String
    let about: String?
    let facts: [PageFact]
    let dialect: [PageFact]
    let reasons: [String]
    let warnings: [String]
    let columns: [Column]
    let shown: [Column]
    let leavesColumnsOut: Bool
    let rows: [Row]
    let range: String
    let before: String?
    let after: String?
    let rejects: [Reject]
    let rejected: String
    let hasRejects: Bool
    /// The number of the last rejected row that is shown, when there are more.
    let rejectsAfter: Int?
    let types: [String]
    let exports: [String]
    let steps: [Step]
    let isNewest: Bool
    let canUndo: Bool
    let canRedo: Bool
    let version: Int

    init(_ workspace: Workspace, name reference: String, version: Int?, offset: Int, rejectsAfter after: Int) throws {
        let dataset = try workspace.dataset(reference, version: version)
        frame = PageFrame(dataset.name, area: .overview)
        name = dataset.name
        segment = PageText.segment(dataset.name)
        about = dataset.description
        facts = Self.facts(dataset)
        dialect = Self.facts(dataset.dialect)
        reasons = dataset.dialect.reasons
        warnings = dataset.warnings ?? []
        columns = dataset.columns.map { column in
            Column(
                name: column.name, type: column.type.rawValue, format: column.format ?? "",
                nullable: column.nullable ? "yes" : "no", isNumber: column.type.isNumber)
        }
        shown = Array(columns.prefix(Self.mostColumns))
        leavesColumnsOut = columns.count > shown.count
        rows = try Self.rows(workspace, dataset, offset, shown)
        self.version = dataset.version
        range =
            rows.isEmpty
            ? "No rows here" : "Rows \(PageText.count(offset + 1)) to \(PageText.count(offset + rows.count))"
        before = offset > 0 ? String(max(0, offset - Self.pageRows)) : nil
        self.after = offset + rows.count < dataset.rows && !rows.isEmpty ? String(offset + rows.count) : nil
        rejected = PageText.count(dataset.rejected)
        exports = ExportFormat.allCases.map(\.rawValue)
        steps = try workspace.recipe(of: dataset.id, version: dataset.version).steps.enumerated().map { index, step in
            Step(number: index + 1, text: step.plainText)
        }
        let history = try workspace.history(of: dataset.id)
        isNewest = history.version == dataset.version
        canUndo = isNewest && history.canUndo
        canRedo = isNewest && history.canRedo
        let aside = try workspace.rejects(
            of: reference, version: dataset.version, after: after, limit: Self.mostRejects)
        rejects = aside.items.map {
            Reject(
                number: $0.number, upload: $0.upload, line: $0.line, column: $0.column, reason: $0.reason, text: $0.text
            )
        }
        hasRejects = !rejects.isEmpty
        rejectsAfter = aside.next == nil ? nil : aside.items.last?.number
        types = Self.types
    }

    private static func rows(
        _ workspace: Workspace, _ dataset: DatasetReply, _ offset: Int, _ shown: [Column]
    ) throws -> [Row] {
        let request = RowsRequest(
            version: dataset.version, limit: pageRows, offset: offset, after: nil,
            columns: shown.count < dataset.columns.count ? shown.map(\.name) : nil, filter: nil, sort: nil,
            asText: false, format: .json)
        let answer = try workspace.rows(of: dataset.id, request)
        return try WireJSON.decode(RowsReply.self, from: Data(answer.body)).rows.enumerated().map { index, values in
            Row(
                number: PageText.count(offset + index + 1),
                cells: zip(values, shown).map { value, column in
                    Cell(text: value.plainText, isNumber: column.isNumber, isNull: value == .null)
                })
        }
    }

    private static func facts(_ dataset: DatasetReply) -> [PageFact] {
        [
            PageFact("Rows", PageText.count(dataset.rows)),
            PageFact("Columns", PageText.count(dataset.columns.count)),
            PageFact("Version", String(dataset.version)),
            PageFact("Rejected rows", PageText.count(dataset.rejected)),
            PageFact("Uploaded", PageText.bytes(dataset.bytes)),
            PageFact("On disk", dataset.storedBytes.map { PageText.bytes($0) } ?? "–"),
            PageFact("Stored", PageText.time(dataset.createdAt)),
        ]
    }

    private static func facts(_ dialect: DialectReply) -> [PageFact] {
        [
            PageFact("Encoding", dialect.encoding), PageFact("Delimiter", visible(dialect.delimiter)),
            PageFact("Quote", dialect.quote ?? "none"), PageFact("Escape", dialect.escape ?? "doubled quotes"),
            PageFact("Comment", dialect.comment ?? "none"), PageFact("Line ends", dialect.lineEnding),
            PageFact("Header", dialect.header ? "yes" : "no"), PageFact("Lines skipped", String(dialect.skipRows)),
            PageFact("Decimal", dialect.decimal),
            PageFact(
                "Empty values",
                dialect.nullValues.isEmpty
                    ? "the empty cell" : dialect.nullValues.map { $0.isEmpty ? "\"\"" : $0 }.joined(separator: " ")),
        ]
    }

    private static func visible(_ delimiter: String) -> String {
        switch delimiter {
        case "\t": "tab"
        case " ": "space"
        default: delimiter
        }
    }
}

extension ColumnType {
    /// Whether its values are lined up at their right.
    var isNumber: Bool { self == .integer || self == .decimal }
}
