import Foundation
import Shared
import Storage
import Tabular

/// A download that is made as a file in the spool first, and has no name any more while it is sent.
final class FileExport: Sendable {
    private static let blockBytes = 1 << 18

    private let descriptor: Int32
    private let position = Locked(0)
    let bytes: Int

    /// - Throws: what `write` throws, `SpoolError`; nothing is left behind then.
    init(directory: String, write: (_ path: String) throws -> Void) throws {
        var template = Array((directory + "/export-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw SpoolError(errno: errno) }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/file"
        try write(path)
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SpoolError(errno: errno) }
        bytes = Int(lseek(descriptor, 0, SEEK_END))
    }

    deinit { close(descriptor) }

    /// The next bytes, nil after the last.
    func next() throws -> [UInt8]? {
        let start = position.withLock { position in
            defer { position += Self.blockBytes }
            return position
        }
        guard start < bytes else { return nil }
        return try [UInt8](unsafeUninitializedCapacity: min(Self.blockBytes, bytes - start)) { buffer, count in
            while count < buffer.count {
                let read = pread(
                    descriptor, UnsafeMutableRawBufferPointer(buffer).baseAddress.map { $0 + count },
                    buffer.count - count, off_t(start + count))
                if read < 0, errno == EINTR { continue }
                guard read > 0 else { throw SpoolError(errno: read == 0 ? EIO : errno) }
                count += read
            }
        }
    }
}

extension ExportRows {
    /// The rows as a spreadsheet.
    ///
    /// - Throws: `export.too_large` before anything is written
    func spreadsheet(directory: String, isRaw: Bool) throws -> FileExport {
        try check(rows: XLSXFile.rowLimit - 1, columns: XLSXFile.columnLimit, of: "a sheet")
        return try FileExport(directory: directory) { path in
            let file = try XLSXFile(path: path, directory: directory, names: names, neutralisesFormulas: !isRaw)
            for group in 0..<groups {
                let (chunks, rows) = try chunks(group)
                try file.append(chunks, rows: rows)
            }
            try file.finish()
        }
    }

    /// The rows as an SQLite file with one table of the dataset's name.
    ///
    /// - Throws: `export.too_large` before anything is written
    func database(directory: String) throws -> FileExport {
        try check(rows: .max, columns: TableFile.columnLimit, of: "an SQLite table")
        return try FileExport(directory: directory) { path in
            let file = try TableFile(path: path, table: table.dataset.name, columns: types)
            for group in 0..<groups {
                let (chunks, rows) = try chunks(group)
                try file.append(chunks, rows: rows)
            }
            try file.finish()
        }
    }

    private func check(rows most: Int, columns mostColumns: Int, of what: String) throws(Problem) {
        guard rows <= most else {
            throw Problem(
                .exportTooLarge, "The export has \(rows) rows, but \(what) holds \(most).",
                remedy: "Choose fewer rows with where, or another format.")
        }
        guard columns.count <= mostColumns else {
            throw Problem(
                .exportTooLarge, "The export has \(columns.count) columns, but \(what) holds \(mostColumns).",
                remedy: "Choose fewer with columns, or another format.")
        }
    }
}
