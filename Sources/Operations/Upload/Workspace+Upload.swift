import Foundation
import Shared
import Storage
import Tabular

extension Workspace {
    /// - Throws: `request.too_large` for a length that is known to be over the limit, `daemon.draining` while stopping.
    package func admitUpload(bytes: Int) throws(Problem) {
        try admitWork()
        let limit = settings.datasets.maxUploadBytes
        // A form adds its boundaries to the file.
        guard bytes <= limit + 65_536 else { throw Upload.tooLarge(limit) }
    }

    /// Starts taking an upload; its name is refused here if it is taken, before anything is read.
    package func beginUpload(_ request: UploadRequest, isGzip: Bool) throws -> Upload {
        try admitWork()
        try Catalogue.checkName(request.name)
        if request.ifExists == .error, (try? catalogue.dataset(request.name)) != nil {
            throw StorageError.datasetExists(request.name)
        }
        return try Upload(
            request: request, isGzip: isGzip, limitBytes: settings.datasets.maxUploadBytes,
            spoolDirectory: catalogue.directory.spoolPath
        ) { source in try self.ingest(source, request) }
    }

    /// What a CSV would be read as, from its first bytes; nothing is stored.
    package func sniff(_ sample: [UInt8], options: ReadOptions, isWhole: Bool) throws -> SniffReply {
        let finding = try Sniffer.sniff(sample, isWhole: isWhole, options: options, limits: readLimits)
        return SniffReply(
            dialect: finding.dialect.reply(reasons: finding.reasons),
            columns: zip(finding.names, finding.types).map { ColumnReply(name: $0, type: $1, nullable: true) },
            sample: Array(finding.sample.prefix(20)))
    }

    var readLimits: ReadLimits {
        let limits = settings.datasets
        return ReadLimits(
            columns: limits.maxColumns, cellBytes: limits.maxCellBytes, rows: limits.maxRows, rejects: limits.maxRejects
        )
    }

    /// Reads a CSV into a new dataset or version. When it returns, the dataset is durable, can be queried, and is profiled unless the
    /// request leaves that for later.
    func ingest(_ source: ByteSource, _ request: UploadRequest) throws -> DatasetReply {
        let started = ContinuousClock.now
        let work = IngestWork(
            catalogue: catalogue, threads: settings.datasets.parserThreads, profiles: request.profiles)
        let reader = TableReader(options: request.options, limits: readLimits, threads: settings.datasets.parserThreads)
        do {
            let summary = try reader.read(
                source, onStart: { names in try work.restart(columns: names) },
                onRowGroup: { group in try work.take(group) })
            let version = try work.finish(summary, datasetName: request.name)
            let (dataset, stored) = try work.store(version, as: request.name, ifExists: request.ifExists)
            checkDataRules(dataset, stored)
            note(stored, of: dataset, summary: summary, seconds: (ContinuousClock.now - started) / .seconds(1))
            return dataset.reply(stored)
        } catch {
            work.abandon()
            throw error
        }
    }

    private func note(_ version: VersionRecord, of dataset: DatasetRecord, summary: ReadSummary, seconds: Double) {
        let registry = supervision.registry
        registry.increment(.ingestBytes, by: Double(summary.bytes))
        registry.increment(.rejectedRows, by: Double(summary.rejects.count))
        registry.observe(.ingestDuration, value: seconds)
        logger.info(
            "Dataset \(dataset.name) version \(version.version) stored: \(version.rows) rows, \(version.columns.count) columns",
            metadata: [
                "message_id": "\(LogMessage.datasetStored.id)", "dataset": "\(dataset.id)",
                "rows": "\(version.rows)", "rejected": "\(summary.rejects.count)", "seconds": "\(seconds)",
            ])
    }
}
