import Foundation
import Shared
import Tabular
import Testing

@testable import Storage

@Suite struct SegmentFileTests {
    let scratch = ScratchDirectory()

    private func segment(_ values: [Int64]) -> EncodedSegment {
        SegmentCodec.encode(ColumnChunk(type: .integer, values: .integers(values)))
    }

    @Test func aSealedFileHasItsNameAndNoOther() throws {
        let catalogue = try scratch.catalogue()
        let writer = try catalogue.segments.makeFile()
        #expect(scratch.segmentFiles == ["\(writer.id).db.tmp"])
        try writer.append(rowGroup: 0, [segment([1, 2]), segment([3, 4])])
        let file = try writer.seal()
        #expect(scratch.segmentFiles == ["\(writer.id).db"])
        #expect(file.rowCounts == [2])
        #expect(file.bytes % 16_384 == 0)
    }

    @Test func groupsArriveInAnyOrderFromSeveralThreads() throws {
        let catalogue = try scratch.catalogue()
        let writer = try catalogue.segments.makeFile()
        DispatchQueue.concurrentPerform(iterations: 16) { index in
            let group = 15 - index
            let values = (0...Int64(group)).map { $0 }
            let segment = SegmentCodec.encode(ColumnChunk(type: .integer, values: .integers(values)))
            // A refusal shows as a missing row group below.
            try? writer.append(rowGroup: group, [segment, segment])
        }
        #expect(try writer.seal().rowCounts == Array(1...16))
    }

    @Test func anAbandonedFileIsGone() throws {
        let catalogue = try scratch.catalogue()
        let writer = try catalogue.segments.makeFile()
        try writer.append(rowGroup: 0, [segment([1])])
        writer.abandon()
        #expect(scratch.segmentFiles.isEmpty)
        #expect(throws: StorageError.self) { try writer.seal() }
    }

    @Test func aReplacedSegmentIsTheNewOne() throws {
        let catalogue = try scratch.catalogue()
        let writer = try catalogue.segments.makeFile()
        try writer.append(rowGroup: 0, [segment([1, 2])])
        let old = try writer.chunk(column: 0, rowGroup: 0).chunk
        #expect(old.values == .integers([1, 2]))
        try writer.replace(column: 0, rowGroup: 0, with: SegmentCodec.encode(old.recast(to: .text).chunk))
        let file = try writer.seal()
        let chunk = try catalogue.segments.chunk(SegmentKey(file: file.id, column: 0, rowGroup: 0)).chunk
        #expect((0..<2).map { chunk.text(at: $0) } == ["1", "2"])
        #expect(chunk.type == .text)
    }

    @Test func raggedColumnsAreNotSealed() throws {
        let catalogue = try scratch.catalogue()
        let writer = try catalogue.segments.makeFile()
        try writer.append(rowGroup: 0, [segment([1, 2]), segment([3])])
        #expect(throws: StorageError.self) { try writer.seal() }
        #expect(scratch.segmentFiles.isEmpty)
        let missing = try catalogue.segments.makeFile()
        try missing.append(rowGroup: 0, [segment([1]), segment([3])])
        try missing.append(column: 0, rowGroup: 1, segment([1]))
        #expect(throws: StorageError.self) { try missing.seal() }
        let gap = try catalogue.segments.makeFile()
        try gap.append(rowGroup: 1, [segment([1])])
        #expect(throws: StorageError.self) { try gap.seal() }
    }

    @Test func filesThatNoVersionNamesAreRemovedAtStart() throws {
        let kept: String
        do {
            let catalogue = try scratch.catalogue()
            kept = try catalogue.store([TestColumn(name: "a", type: .integer, cells: ["1"])], as: "a")
                .columns[0].runs[0].file
            let sealed = try catalogue.segments.makeFile()
            try sealed.append(rowGroup: 0, [segment([1])])
            _ = try sealed.seal()
            try Data("x".utf8).write(to: URL(fileURLWithPath: scratch.path + "/segments/seg_torn.db.tmp"))
            #expect(scratch.segmentFiles.count == 3)
            catalogue.close()
        }
        let catalogue = try scratch.catalogue()
        #expect(scratch.segmentFiles == ["\(kept).db"])
        #expect(try catalogue.table("a").dataTable().rows == 1)
    }

    @Test func aMissingFileIsDamageNotAnEmptyTable() throws {
        let catalogue = try scratch.catalogue()
        let version = try catalogue.store([TestColumn(name: "a", type: .integer, cells: ["1"])], as: "a")
        let file = version.columns[0].runs[0].file
        try FileManager.default.removeItem(atPath: scratch.path + "/segments/\(file).db")
        #expect(throws: StorageError.damaged(what: "segment file \(file)", detail: "it is missing")) {
            try catalogue.table("a").dataTable()
        }
    }

    @Test func theCacheKeepsWithinItsLimit() {
        let cache = ChunkCache<ChunkBox>(limit: 100_000)
        for group in 0..<100 {
            let box = ChunkBox(ColumnChunk(type: .integer, values: .integers(Array(repeating: 1, count: 1000))))
            cache.insert(box, for: SegmentKey(file: "f", column: 0, rowGroup: group))
        }
        let kept = (0..<100).filter { cache[SegmentKey(file: "f", column: 0, rowGroup: $0)] != nil }
        #expect(kept.last == 99)
        #expect((8...12).contains(kept.count))
    }
}
