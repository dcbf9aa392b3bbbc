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

/// A download under way: a few row groups at a time, one on each thread, in bounded memory.
package final class Export: Sendable {
    package let fileName: String
    private let table: StoredTable
    private let format: ExportFormat
    private let isRaw: Bool
    private let threads: Int
    private let position = Locked(-1)

    private var version: VersionRecord { table.version }

    init(table: StoredTable, format: ExportFormat, isRaw: Bool, threads: Int) {
        self.table = table
        self.format = format
        self.isRaw = isRaw
        self.threads = max(1, threads)
        fileName = "\(table.dataset.name).\(format.rawValue)"
    }

    /// The next bytes, nil after the last.
    package func next() throws -> [UInt8]? {
        let groups = version.rowCounts.count
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
        let chunks = try version.columns.indices.map { try table.chunk(column: $0, group: group) }
        switch format {
        case .csv: return CSVBlock(neutralisesFormulas: !isRaw).bytes(chunks, rows: version.rowCounts[group])
        case .json, .ndjson: return json(chunks, rows: version.rowCounts[group], isFirst: group == 0)
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
        Export(
            table: try catalogue.table(reference, version: version), format: format, isRaw: isRaw,
            threads: settings.datasets.parserThreads)
    }
}
