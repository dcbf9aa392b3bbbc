import Shared
import Tabular

/// The cells of one version: its chunks by column and row group.
package struct StoredTable: Sendable {
    package let dataset: DatasetRecord
    package let version: VersionRecord
    /// First row of each row group, and the number of rows at the end.
    package let rowStarts: [Int]
    private let segments: SegmentStore

    init(dataset: DatasetRecord, version: VersionRecord, segments: SegmentStore) {
        self.dataset = dataset
        self.version = version
        self.segments = segments
        rowStarts = version.rowCounts.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
    }

    package var rows: Int { rowStarts.last ?? 0 }
    package var groups: Int { rowStarts.count - 1 }

    /// The position of a column by its exact name.
    ///
    /// Throws: `columnNotFound`.
    package func column(named name: String) throws(StorageError) -> Int {
        if let position = version.columns.firstIndex(where: { $0.name == name }) { return position }
        let names = version.columns.map(\.name)
        throw .columnNotFound(name, dataset: dataset.name, nearest: Spelling.nearest(to: name, among: names))
    }

    /// The cells of a column in a row group, in the column's type.
    ///
    /// Throws: `damaged` if they are not what was stored; never wrong cells.
    package func chunk(column: Int, group: Int) throws(StorageError) -> ColumnChunk {
        let chunk = try segments.chunk(try key(column, group)).chunk
        try check(rows: chunk.rows, column, group)
        // After an append that widened the column, earlier chunks keep the type they were read with.
        let type = version.columns[column].type
        return chunk.type == type ? chunk : chunk.recast(to: type).chunk
    }

    /// The cells of a column in a row group, laid out for scans.
    ///
    /// Throws: as `chunk`.
    func scanColumn(_ column: Int, group: Int) throws(StorageError) -> ScanColumn {
        let values = try segments.scanColumn(try key(column, group), as: version.columns[column].type)
        try check(rows: values.rows, column, group)
        return values
    }

    /// The cells of a column in some rows of a row group, and the row of the group that is their first.
    ///
    /// Throws: as `chunk`.
    func scanColumn(_ column: Int, group: Int, rows: Range<Int>) throws(StorageError) -> (ScanColumn, Int) {
        try segments.scanColumn(try key(column, group), as: version.columns[column].type, rows: rows)
    }

    private func check(rows: Int, _ column: Int, _ group: Int) throws(StorageError) {
        guard rows == version.rowCounts[group] else {
            throw .damaged(
                what: "dataset \(dataset.name.quotedForMessage), row group \(group)",
                detail: "column \(column) has \(rows) rows of \(version.rowCounts[group])")
        }
    }

    /// Nulls and bounds of each row group of a column; bounds are of the type that the group was stored with.
    func zones(column: Int) throws(StorageError) -> [SegmentZone] {
        var zones: [SegmentZone] = []
        for run in version.columns[column].runs {
            zones += try segments.zones(
                file: run.file, column: run.fileColumn, first: run.fileGroup, groups: run.groups)
        }
        return zones
    }

    /// As `zones`, nil for a group that says nothing about the values that the column has now.
    ///
    /// A group that an append left in a narrower type has bounds of that type, and its failed cells are nulls there but may be values here.
    func usableZones(_ column: Int) throws(StorageError) -> [SegmentZone?] {
        let record = version.columns[column]
        let appended = record.runs.count > 1
        return try zones(column: column).map { zone -> SegmentZone? in
            if appended, zone.nulls > 0 { return nil }
            switch (zone.zone, record.type) {
            case (nil, _): return zone
            case (.integers, .integer), (.integers, .boolean), (.integers, .date), (.integers, .timestamp): return zone
            case (.reals, .decimal), (.texts, .text): return zone
            default: return nil
            }
        }
    }

    /// Nulls of a column in a row group; its cells are read only where the segment's own count may be that of another type.
    package func nullCount(column: Int, group: Int) throws(StorageError) -> Int {
        let key = try key(column, group)
        let zones = try segments.zones(file: key.file, column: key.column, first: key.rowGroup, groups: 1)
        guard let nulls = zones.first?.nulls, nulls > 0 else { return 0 }
        if version.columns[column].runs.count == 1 { return nulls }
        return try chunk(column: column, group: group).nulls?.nullCount ?? 0
    }

    /// Where a column's row group is stored, as a run of one row group.
    package func segment(column: Int, group: Int) throws(StorageError) -> SegmentRun {
        let key = try key(column, group)
        return SegmentRun(firstGroup: group, groups: 1, file: key.file, fileColumn: key.column, fileGroup: key.rowGroup)
    }

    private func key(_ column: Int, _ group: Int) throws(StorageError) -> SegmentKey {
        guard version.columns.indices.contains(column), version.rowCounts.indices.contains(group) else {
            throw .invalid("there is no column \(column) or row group \(group)")
        }
        for run in version.columns[column].runs where group - run.firstGroup < run.groups {
            return SegmentKey(file: run.file, column: run.fileColumn, rowGroup: run.fileGroup + group - run.firstGroup)
        }
        throw .invalid("column \(column) has no row group \(group)")
    }

    /// The row group that holds a row.
    package func group(of row: Int) -> Int {
        var low = 0
        var high = groups
        while low + 1 < high {
            let middle = (low + high) / 2
            if rowStarts[middle] <= row { low = middle } else { high = middle }
        }
        return low
    }

    /// The columns in memory, all of them without `columns`.
    ///
    /// - Complexity: O(cells)
    package func dataTable(columns: [Int]? = nil) throws(StorageError) -> DataTable {
        var table = DataTable(columns: [])
        for column in columns ?? Array(version.columns.indices) {
            guard version.columns.indices.contains(column) else { throw .invalid("there is no column \(column)") }
            let record = version.columns[column]
            var chunks: [ColumnChunk] = []
            for group in 0..<groups { chunks.append(try chunk(column: column, group: group)) }
            table.columns.append(TableColumn(name: record.name, type: record.type, chunks: chunks))
        }
        return table
    }

    /// Calls `body` with each row group in order, one chunk a column: for exports and whatever reads everything once.
    ///
    /// Memory: one row group of the chosen columns.
    package func forEachGroup(
        columns: [Int], _ body: (_ firstRow: Int, _ chunks: [ColumnChunk]) throws -> Void
    ) throws {
        for group in 0..<groups {
            var chunks: [ColumnChunk] = []
            for column in columns { chunks.append(try chunk(column: column, group: group)) }
            try body(rowStarts[group], chunks)
        }
    }
}

extension Catalogue {
    /// The cells of a version of a dataset, the current one without a number.
    package func table(_ reference: String, version: Int? = nil) throws(StorageError) -> StoredTable {
        try tables.table(reference, version: version) { () throws(StorageError) in
            let (dataset, version) = try datasetVersion(reference, version: version)
            return table(dataset, version)
        }
    }

    /// The cells of a version that is known, or that is about to be one: its columns name sealed segment files.
    package func table(_ dataset: DatasetRecord, _ version: VersionRecord) -> StoredTable {
        StoredTable(dataset: dataset, version: version, segments: segments)
    }
}
