import Foundation
import GRDB
import Shared

extension Catalogue {
    /// Copies the catalogue as of one moment, and the segment files that it names, to a new directory; everything goes on meanwhile.
    ///
    /// Segment files never change, so on the same file system they are linked rather than copied.
    ///
    /// - Returns: bytes of the catalogue and the segment files.
    ///
    /// Throws: `invalid` when the directory exists and is not empty; `io`, `full`.
    package func backup(to path: String) throws(StorageError) -> Int {
        do {
            let files = FileManager.default
            if let entries = try? files.contentsOfDirectory(atPath: path), !entries.isEmpty {
                throw StorageError.invalid("the directory \(path) is not empty")
            }
            let target = path + "/segments"
            try files.createDirectory(
                atPath: target, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            // A dataset that is deleted meanwhile is still in the copy of the catalogue.
            let bytes = try segments.holdingFiles { try copyFiles(to: path, target) }
            try SegmentStore.sync(target)
            try SegmentStore.sync(path)
            try SegmentStore.sync((path as NSString).deletingLastPathComponent)
            return bytes
        } catch {
            throw StorageError(error, doing: "backing up to \(path)")
        }
    }

    private func copyFiles(to path: String, _ target: String) throws -> Int {
        let copy = try DatabaseQueue(path: path + "/csvand.db")
        try pool.backup(to: copy)
        let named = try copy.read { try String.fetchAll($0, sql: "SELECT id FROM segment_file") }
        try copy.close()
        var bytes = try Self.size(path + "/csvand.db")
        for id in named {
            let destination = target + "/" + id + ".db"
            if link(segments.filePath(id), destination) != 0 {
                try FileManager.default.copyItem(atPath: segments.filePath(id), toPath: destination)
                try SegmentStore.sync(destination)
            }
            bytes += try Self.size(destination)
        }
        return bytes
    }

    private static func size(_ path: String) throws -> Int {
        (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }
}
