import Foundation
import Shared
import Storage
import Tabular

/// The forms a dataset can be downloaded in.
package enum ExportFormat: String, Sendable, CaseIterable {
    case csv, json, ndjson, xlsx, sqlite

    package init(parameter: String?) throws(Problem) {
        guard let parameter else {
            self = .csv
            return
        }
        guard let format = ExportFormat(rawValue: parameter) else {
            throw Problem.badParameter("format", parameter, expected: "csv, json, ndjson, xlsx or sqlite")
        }
        self = format
    }

    package var contentType: String {
        switch self {
        case .csv: "text/csv; charset=utf-8"
        case .json: "application/json"
        case .ndjson: "application/x-ndjson"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case .sqlite: "application/vnd.sqlite3"
        }
    }
}

/// What of a dataset is downloaded, and how.
package struct ExportRequest: Sendable {
    package var version: Int?
    package var format: ExportFormat
    /// Leaves text alone that a spreadsheet would take for a formula.
    package var isRaw: Bool
    /// Names, in the order wanted; all without.
    package var columns: [String]?
    /// An SQL expression over the columns.
    package var filter: String?

    package init(
        version: Int? = nil, format: ExportFormat = .csv, isRaw: Bool = false, columns: [String]? = nil,
        filter: String? = nil
    ) {
        self.version = version
        self.format = format
        self.isRaw = isRaw
        self.columns = columns
        self.filter = filter
    }
}

/// A download under way: a few row groups at a time, one on each thread, in bounded memory.
package final class Export: Sendable {
    package let fileName: String
    private let selected: ExportRows
    /// For formats that can only be sent when they are whole.
    private let file: FileExport?
    private let format: ExportFormat
    private let isRaw: Bool
    private let threads: Int
    private let position = Locked(-1)

    /// - Throws: `export.too_large` for more than the format holds
    init(_ selected: ExportRows, format: ExportFormat, isRaw: Bool, threads: Int, directory: String) throws {
        self.selected = selected
        self.format = format
        self.isRaw = isRaw
        self.threads = max(1, threads)
        fileName = "\(selected.table.dataset.name).\(format.rawValue)"
        switch format {
        case .xlsx: file = try selected.spreadsheet(directory: directory, isRaw: isRaw)
        case .sqlite: file = try selected.database(directory: directory)
        case .csv, .json, .ndjson: file = nil
        }
    }

    /// Bytes of the download where they are known.
    package var bytes: Int? { file?.bytes }

    /// The next bytes, nil after the last.
    package func next() throws -> [UInt8]? {
        if let file { return try file.next() }
        let groups = selected.groups
        let step = position.withLock { position in
            defer { position = position < 0 ? 0 : min(position + threads, groups + 1) }
            return position
        }
        if step < 0 { return start() }
        guard step < groups else { return step == groups ? finish() : nil }
        if step + threads > groups { position.withLock { $0 = groups } }
        let parts = try Parallel.map(min(threads, groups - step), threads: threads) { try self.group(step + $0) }
        return parts.count == 1 ? parts[0] : Array(parts.joined())
    }

    private func group(_ group: Int) throws -> [UInt8] {
        let (chunks, rows) = try selected.chunks(group)
        if format == .csv { return CSVBlock(neutralisesFormulas: !isRaw).bytes(chunks, rows: rows) }
        return json(chunks, rows: rows, isFirst: group == selected.firstGroup)
    }

    private func start() -> [UInt8] {
        switch format {
        case .csv:
            var text = CSVText(neutralisesFormulas: !isRaw)
            text.appendRow(selected.names)
            return text.bytes
        case .json: return Array("[".utf8)
        case .ndjson, .xlsx, .sqlite: return []
        }
    }

    private func finish() -> [UInt8] { format == .json ? Array("\n]\n".utf8) : [] }

    private func json(_ chunks: [ColumnChunk], rows: Int, isFirst: Bool) -> [UInt8] {
        var text = JSONText()
        let names = selected.names.map { column in
            var name = JSONText()
            name.string(column)
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
    /// Begins a download. What can be wrong with it is found out here, before its first byte.
    package func export(_ reference: String, _ request: ExportRequest) throws -> Export {
        let table = try catalogue.table(reference, version: request.version)
        let columns = try request.columns?.map { try table.column(named: $0) }
        let kept = try request.filter.map {
            try sandbox.matching($0, in: table, timeoutSeconds: settings.sql.timeoutSeconds)
        }
        return try Export(
            ExportRows(table, columns: columns ?? Array(table.version.columns.indices), kept: kept),
            format: request.format, isRaw: request.isRaw, threads: settings.datasets.parserThreads,
            directory: catalogue.directory.spoolPath)
    }
}
