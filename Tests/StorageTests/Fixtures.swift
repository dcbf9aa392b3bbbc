import Foundation
import Shared
import Tabular

@testable import Storage

/// A state directory that goes with the test.
final class ScratchDirectory {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "csvand-storage-\(UUID().uuidString)"
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func catalogue(cacheBytes: Int = 64 << 20) throws -> Catalogue {
        try Catalogue(directory: path, cacheBytes: cacheBytes)
    }

    var segmentFiles: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path + "/segments")) ?? []).sorted()
    }
}

let dawn = Date(timeIntervalSince1970: 1_790_000_000)

let plainDialect = DialectReply(
    encoding: "utf-8", delimiter: ",", quote: "\"", escape: nil, comment: nil, lineEnding: "lf", header: true,
    skipRows: 0, decimal: ".", nullValues: [""], reasons: [])

/// A column as given by the text of its cells, nil for null.
struct TestColumn {
    var name: String
    var type: ColumnType
    var cells: [String?]
}

extension Catalogue {
    /// Stores columns in row groups of `groupRows`.
    @discardableResult
    func store(
        _ columns: [TestColumn], as name: String, ifExists: ExistingDataset = .error, groupRows: Int = 1000,
        rejects: [RejectReply] = []
    ) throws -> VersionRecord {
        let rows = columns.first?.cells.count ?? 0
        let writer = try segments.makeFile()
        var group = 0
        var first = 0
        while first < rows {
            let range = first..<min(first + groupRows, rows)
            try writer.append(
                rowGroup: group,
                columns.map { column in
                    SegmentCodec.encode(
                        ColumnChunk.parse(texts: Array(column.cells[range]), as: column.type).chunk)
                })
            group += 1
            first = range.upperBound
        }
        let file = try writer.seal()
        let records = columns.map {
            ColumnRecord(name: $0.name, type: $0.type, nullable: $0.cells.contains(nil))
        }
        return try store(
            NewVersion(
                columns: records, rowCounts: file.rowCounts, bytes: rows * 10, origin: "upload",
                dialect: plainDialect, rejects: rejects, files: [file]),
            as: name, ifExists: ifExists, at: dawn
        ).1
    }
}

/// A generator whose numbers are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
