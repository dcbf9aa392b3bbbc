import Foundation
import Shared
import Storage
import Tabular

/// One reading on its way into a segment file: encoded by the parser's threads, texts profiled by them too; recast and profiled at the end.
final class IngestWork: Sendable {
    private let catalogue: Catalogue
    private let threads: Int
    private let profiles: Bool
    private let writer = Locked<SegmentFileWriter?>(nil)
    private let sealed = Locked<SealedSegmentFile?>(nil)
    private let texts = Locked(StreamedTextProfiles(columns: []))

    init(catalogue: Catalogue, threads: Int, profiles: Bool) {
        self.catalogue = catalogue
        self.threads = threads
        self.profiles = profiles
    }

    /// Begins, or begins again when the dialect had to be corrected: what was taken is dropped.
    func restart(columns names: [String]) throws {
        texts.withLock { $0 = StreamedTextProfiles(columns: names) }
        let next = try catalogue.segments.makeFile()
        let old = writer.withLock { writer in
            defer { writer = next }
            return writer
        }
        old?.abandon()
    }

    /// Called by several threads at a time; encoding is done before the writer's lock is taken.
    func take(_ group: RowGroup) throws {
        if profiles { texts.current.take(group) }
        try currentWriter().append(rowGroup: group.index, group.chunks.map(SegmentCodec.encode))
    }

    /// Recasts what was delivered in a narrower type, profiles every column if asked to, and seals the file.
    func finish(_ summary: ReadSummary, datasetName: String) throws -> NewVersion {
        let writer = try currentWriter()
        let recasts = Dictionary(grouping: summary.recasts, by: \.column)
        let columns = try Parallel.map(summary.columns.count, threads: threads) { column -> ColumnProfileReply? in
            for recast in recasts[column] ?? [] {
                let old = try writer.chunk(column: column, rowGroup: recast.rowGroup).chunk
                let new = summary.recast(old, column: column)
                try writer.replace(column: column, rowGroup: recast.rowGroup, with: SegmentCodec.encode(new))
            }
            guard self.profiles else { return nil }
            return try self.columnProfile(column, summary, writer, isRecast: recasts[column] != nil)
        }
        let described = columns.compactMap(\.self)
        let file = try writer.seal()
        sealed.withLock { $0 = file }
        return NewVersion(
            columns: summary.columns.map {
                ColumnRecord(name: $0.name, type: $0.type, nullable: $0.nullable, format: $0.format)
            },
            rowCounts: file.rowCounts, bytes: summary.bytes, origin: "upload",
            dialect: summary.dialect.reply(reasons: summary.reasons), warnings: summary.warnings,
            rejects: summary.rejects.enumerated().map { number, row in row.reply(number: number + 1) }, files: [file],
            profile: profiles
                ? ProfileReply(
                    dataset: datasetName, version: 1, rows: summary.rows, columns: described,
                    warnings: ProfileWarnings.of(described)) : nil)
    }

    private func columnProfile(
        _ column: Int, _ summary: ReadSummary, _ writer: SegmentFileWriter, isRecast: Bool
    ) throws -> ColumnProfileReply {
        let described = summary.columns[column]
        if described.type == .text, !isRecast,
            let profile = texts.current.finish(column, rowGroups: summary.rowGroups)
        {
            return profile
        }
        var profiler = ColumnProfiler(
            name: described.name, type: described.type, columns: summary.columns.count, rows: summary.rows)
        for group in 0..<summary.rowGroups { profiler.add(try writer.chunk(column: column, rowGroup: group).chunk) }
        return profiler.finish()
    }

    /// Names the sealed file in the catalogue: from then on the dataset exists.
    func store(
        _ version: NewVersion, as name: String, ifExists: ExistingDataset
    ) throws -> (DatasetRecord, VersionRecord) {
        let stored = try catalogue.store(version, as: name, ifExists: ifExists, at: Date())
        sealed.withLock { $0 = nil }
        return stored
    }

    /// Removes whatever was written.
    func abandon() {
        writer.withLock { writer in
            defer { writer = nil }
            return writer
        }?.abandon()
        if let file = sealed.current { catalogue.segments.discard(file) }
    }

    private func currentWriter() throws -> SegmentFileWriter {
        guard let writer = writer.current else { throw StorageError.invalid("the reading has not started") }
        return writer
    }
}

extension RejectedRow {
    func reply(number: Int) -> RejectReply {
        RejectReply(number: number, line: line, byte: byte, column: column, reason: reason, text: text)
    }
}
