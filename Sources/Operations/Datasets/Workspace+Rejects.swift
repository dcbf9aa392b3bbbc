import Foundation
import Shared
import Storage
import Tabular

/// A rejected row, corrected: its whole text, or its cells one by one.
package struct RejectRepair: Codable, Sendable {
    package var text: String?
    package var cells: [String]?
}

extension Workspace {
    /// Adds a rejected row to the dataset after its correction, as the last row of a new version.
    ///
    /// - Throws: `csv.type_mismatch` when a cell does not fit its column; the row then stays where it was.
    package func readmit(_ number: Int, of reference: String, repair: RejectRepair) throws -> DatasetReply {
        try admitWork()
        let base = try catalogue.table(reference)
        let version = base.version
        let rejected = try catalogue.reject(number, of: version, dataset: base.dataset.name)
        let cells = try repair.cells ?? Self.cells(of: repair.text ?? rejected.text, version)
        guard cells.count == version.columns.count else {
            throw Problem(
                .csvTypeMismatch,
                "The row has \(cells.count) cells, but the dataset has \(version.columns.count) columns.",
                remedy: "Send as many cells as there are columns.",
                places: [.init(line: rejected.line, byte: rejected.byte)])
        }
        let format = CellFormat(
            decimalSeparator: version.dialect.decimal.utf8.first ?? UInt8(ascii: "."),
            nullTexts: version.dialect.nullValues)
        let writer = try catalogue.segments.makeFile()
        do {
            for (position, column) in version.columns.enumerated() {
                let parsed = ColumnChunk.parse(
                    texts: [cells[position].isEmpty ? nil : cells[position]], as: column.type, format: format)
                guard parsed.failedRows.isEmpty else {
                    throw Problem(
                        .csvTypeMismatch,
                        "\(cells[position].quotedForMessage) in \(column.name.quotedForMessage) is no \(column.type.rawValue).",
                        remedy: "Correct the cell, or make the column a text first.",
                        places: [.init(line: rejected.line, byte: rejected.byte, column: column.name)])
                }
                try writer.append(column: position, rowGroup: 0, SegmentCodec.encode(parsed.chunk))
            }
            let file = try writer.seal()
            return try store(version, base, with: file, cells: cells, without: number)
        } catch {
            writer.abandon()
            throw error
        }
    }

    private func store(
        _ version: VersionRecord, _ base: StoredTable, with file: SealedSegmentFile, cells: [String],
        without number: Int
    ) throws -> DatasetReply {
        let columns = version.columns.enumerated().map { position, column in
            var column = column
            column.nullable = column.nullable || cells[position].isEmpty
            column.runs.append(
                SegmentRun(firstGroup: version.rowCounts.count, groups: 1, file: file.id, fileColumn: position))
            return column
        }
        let rest = try catalogue.rejects(of: version, after: 0, limit: Int(Int32.max)).filter { $0.number != number }
        let work = VersionWork(workspace: self, base: base)
        let (dataset, stored) = try work.name(
            columns, version.rowCounts + [1], files: [file], origin: "repair", step: VersionStep(base: version.version),
            rejects: rest)
        return dataset.reply(stored)
    }

    /// The cells of one line, read in the dialect of its upload.
    private static func cells(of text: String, _ version: VersionRecord) throws -> [String] {
        let dialect = version.dialect
        let options = ReadOptions(
            delimiter: dialect.delimiter, quote: dialect.quote ?? "none", escape: dialect.escape ?? "none",
            doubleQuote: dialect.doubleQuote, escapesAnything: dialect.escapesAnything ?? false,
            spacing: dialect.spacing.flatMap(Dialect.Spacing.init(rawValue:)) ?? .kept, comment: "none",
            encoding: "utf-8", header: .false, skipRows: 0, decimal: dialect.decimal,
            types: [:], strict: true)
        let table = try MemoryTable.read(Array(text.utf8), options: options, limits: ReadLimits())
        guard table.rows == 1 else {
            throw Problem(
                .csvTypeMismatch, "The text is \(table.rows) rows rather than one.",
                remedy: "Send one row as text, or its cells.")
        }
        return table.columns.map { $0.chunks.first?.text(at: 0) ?? "" }
    }
}
