import Foundation
import Shared
import Storage
import Tabular

/// The forms a dataset can be downloaded in.
package enum ExportFormat: String, Sendable, CaseIterable {
    case csv, json, ndjson

    package init(parameter: String?) throws(Problem) {
        guard let parameter else {
            self = .csv
            return
        }
        guard let format = ExportFormat(rawValue: parameter) else {
            throw Problem.badParameter("format", parameter, expected: "csv, json or ndjson")
        }
        self = format
    }

    package var contentType: String {
        switch self {
        case .csv: "text/csv; charset=utf-8"
        case .json: "application/json"
        case .ndjson: "application/x-ndjson"
        }
    }
}

/// A download under way: one block of bytes a row group, in bounded memory.
package final class Export: Sendable {
    package let fileName: String
    private let table: StoredTable
    private let format: ExportFormat
    private let isRaw: Bool
    private let position = Locked(-1)

    private var version: VersionRecord { table.version }

    init(table: StoredTable, format: ExportFormat, isRaw: Bool) {
        self.table = table
        self.format = format
        self.isRaw = isRaw
        fileName = "\(table.dataset.name).\(format.rawValue)"
    }

    /// The next bytes, nil after the last.
    package func next() throws -> [UInt8]? {
        let step = position.withLock { position in
            defer { position += 1 }
            return position
        }
        if step < 0 { return start() }
        guard step < version.rowCounts.count else { return step == version.rowCounts.count ? finish() : nil }
        let chunks = try version.columns.indices.map { try table.chunk(column: $0, group: step) }
        switch format {
        case .csv: return csv(chunks, rows: version.rowCounts[step])
        case .json, .ndjson: return json(chunks, rows: version.rowCounts[step], isFirst: step == 0)
        }
    }

    private func start() -> [UInt8] {
        switch format {
        case .csv:
            var text = CSVText(neutralisesFormulas: !isRaw)
            text.appendRow(version.columns.map(\.name))
            return text.bytes
        case .json: return Array("[".utf8)
        case .ndjson: return []
        }
    }

    private func finish() -> [UInt8] { format == .json ? Array("\n]\n".utf8) : [] }

    /// The exact texts of the upload, so that what is exported reads back as the same cells.
    private func csv(_ chunks: [ColumnChunk], rows: Int) -> [UInt8] {
        var text = CSVText(neutralisesFormulas: !isRaw)
        var cell: [UInt8] = []
        for row in 0..<rows {
            for (index, chunk) in chunks.enumerated() {
                if index > 0 { text.separator() }
                cell.removeAll(keepingCapacity: true)
                chunk.appendText(at: row, to: &cell)
                // An empty text is quoted, so that it reads back as a text and not as an absent value.
                let isEmptyText = cell.isEmpty && chunk.type == .text && chunk.nulls?.isNull(row) != true
                text.append(
                    cell, isOnlyField: chunks.count == 1 || isEmptyText,
                    isNumber: chunk.type == .integer || chunk.type == .decimal)
            }
            text.endRow()
        }
        return text.bytes
    }

    private func json(_ chunks: [ColumnChunk], rows: Int, isFirst: Bool) -> [UInt8] {
        var text = JSONText()
        let names = version.columns.map { column in
            var name = JSONText()
            name.string(column.name)
            return String(decoding: name.bytes, as: UTF8.self) + ":"
        }
        for row in 0..<rows {
            if format == .json { text.raw(isFirst && row == 0 ? "\n" : ",\n") }
            text.raw("{")
            for (index, chunk) in chunks.enumerated() {
                if index > 0 { text.raw(",") }
                text.raw(names[index])
                text.cell(chunk, at: row)
            }
            text.raw(format == .json ? "}" : "}\n")
        }
        return text.bytes
    }
}

extension Workspace {
    package func export(_ reference: String, version: Int?, format: ExportFormat, isRaw: Bool) throws -> Export {
        Export(table: try catalogue.table(reference, version: version), format: format, isRaw: isRaw)
    }
}
