import Foundation
import Shared

/// A dataset: a name for a line of versions.
package struct DatasetRecord: Sendable, Hashable {
    /// Place in the order of creation; the key of paging.
    package var number: Int
    package var id: String
    package var name: String
    package var description: String?
    package var currentVersion: Int
    package var createdAt: Date
}

/// What a dataset is called; nil leaves as it is.
package struct DatasetNaming: Sendable, Hashable {
    package var name: String?
    /// An empty one removes it.
    package var description: String?

    package init(name: String? = nil, description: String? = nil) {
        self.name = name
        self.description = description
    }
}

/// A stored version of a dataset: immutable, complete, its cells in segment files.
package struct VersionRecord: Sendable, Hashable {
    /// Key of the version in the catalogue.
    package var number: Int
    package var dataset: String
    package var version: Int
    package var rows: Int
    /// Bytes of the text it was read from.
    package var bytes: Int
    /// Bytes of its segments on disk, those shared with other versions included.
    package var storedBytes: Int
    package var rejected: Int
    /// `upload`, `append`, `replace`, `version`, `transform`, `undo`, `repair`, `retype`.
    package var origin: String
    /// The recipe step that made it, as JSON.
    package var step: String?
    package var dialect: DialectReply
    package var warnings: [String]
    /// Rows of each row group, in order.
    package var rowCounts: [Int]
    package var columns: [ColumnRecord]
    package var createdAt: Date
}

/// A column of a version, and where its segments are.
package struct ColumnRecord: Sendable, Hashable {
    package var name: String
    package var type: ColumnType
    package var nullable: Bool
    /// For dates and timestamps: the format the column was read with.
    package var format: String?
    /// Ascending, without gaps: together they cover every row group of the version.
    package var runs: [SegmentRun]

    package init(name: String, type: ColumnType, nullable: Bool, format: String? = nil, runs: [SegmentRun] = []) {
        self.name = name
        self.type = type
        self.nullable = nullable
        self.format = format
        self.runs = runs
    }
}

/// Consecutive row groups of a column that are consecutive segments of one file.
package struct SegmentRun: Sendable, Hashable, Codable {
    /// First row group in the version.
    package var firstGroup: Int
    package var groups: Int
    package var file: String
    package var fileColumn: Int
    /// The row group of `file` that `firstGroup` is.
    package var fileGroup: Int

    package init(firstGroup: Int, groups: Int, file: String, fileColumn: Int, fileGroup: Int = 0) {
        self.firstGroup = firstGroup
        self.groups = groups
        self.file = file
        self.fileColumn = fileColumn
        self.fileGroup = fileGroup
    }
}

/// A version that is about to be named.
package struct NewVersion: Sendable {
    package var columns: [ColumnRecord]
    package var rowCounts: [Int]
    package var bytes: Int
    package var origin: String
    package var step: String?
    package var dialect: DialectReply
    package var warnings: [String]
    package var rejects: [RejectReply]
    /// Sealed files that its columns name and no earlier version does.
    package var files: [SealedSegmentFile]
    package var profile: ProfileReply?

    /// `columns` name the file's columns by position when they have no runs of their own.
    package init(
        columns: [ColumnRecord], rowCounts: [Int], bytes: Int, origin: String, step: String? = nil,
        dialect: DialectReply, warnings: [String] = [], rejects: [RejectReply] = [], files: [SealedSegmentFile],
        profile: ProfileReply? = nil
    ) {
        self.columns = columns
        self.rowCounts = rowCounts
        self.bytes = bytes
        self.origin = origin
        self.step = step
        self.dialect = dialect
        self.warnings = warnings
        self.rejects = rejects
        self.files = files
        self.profile = profile
        guard files.count == 1, let file = files.first else { return }
        for position in columns.indices where columns[position].runs.isEmpty {
            self.columns[position].runs = [
                SegmentRun(firstGroup: 0, groups: rowCounts.count, file: file.id, fileColumn: position)
            ]
        }
    }
}

/// What an upload does when its name is taken.
package enum ExistingDataset: String, Sendable, Codable, CaseIterable {
    /// Refuse with `dataset.exists`.
    case error
    /// The upload becomes the only version; earlier ones go.
    case replace
    /// A version with the earlier rows first and the uploaded ones after them.
    case append
    /// The upload becomes the newest version; earlier ones stay.
    case version
}

extension DatasetRecord {
    /// The dataset as clients see it, at `version`.
    package func reply(_ version: VersionRecord) -> DatasetReply {
        DatasetReply(
            id: id, name: name, description: description, version: version.version, rows: version.rows,
            columns: version.columns.map {
                ColumnReply(name: $0.name, type: $0.type, nullable: $0.nullable, format: $0.format)
            },
            dialect: version.dialect, rejected: version.rejected, bytes: version.bytes,
            storedBytes: version.storedBytes, createdAt: version.createdAt,
            warnings: version.warnings.isEmpty ? nil : version.warnings)
    }
}
