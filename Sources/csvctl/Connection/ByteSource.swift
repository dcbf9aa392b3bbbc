import Foundation

/// Bytes of a file or of standard input, read in pieces.
final class ByteSource: Sendable {
    /// Open as long as the source lives.
    let descriptor: Int32
    private let closesAtEnd: Bool
    private let path: String
    /// Bytes in a regular file; nil for a pipe or a terminal.
    let length: Int?

    /// - Parameter path: a file, or `-` for standard input.
    /// - Throws: `CsvctlError.file` when it cannot be opened or is a directory.
    init(path: String) throws(CsvctlError) {
        self.path = path
        closesAtEnd = path != "-"
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            length = nil
            throw .file(path: path, detail: Self.lastError())
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            length = nil
            throw .file(path: path, detail: Self.lastError())
        }
        if status.st_mode & S_IFMT == S_IFDIR {
            length = nil
            throw .file(path: path, detail: "is a directory")
        }
        // Standard input may be a file that was read in part before.
        let offset = lseek(descriptor, 0, SEEK_CUR)
        length = status.st_mode & S_IFMT == S_IFREG && offset >= 0 ? max(0, Int(status.st_size) - Int(offset)) : nil
    }

    deinit {
        if closesAtEnd, descriptor >= 0 { close(descriptor) }
    }

    /// The next at most `limit` bytes; empty at the end.
    /// - Throws: `CsvctlError.file` when reading fails.
    func read(upTo limit: Int) throws(CsvctlError) -> [UInt8] {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            var result = -1
            repeat {
                result = Foundation.read(descriptor, buffer.baseAddress, limit)
            } while result < 0 && errno == EINTR
            failed = result < 0
            count = max(0, result)
        }
        if failed { throw .file(path: path, detail: Self.lastError()) }
        return bytes
    }

    /// All that is left.
    /// - Throws: `CsvctlError.file` when reading fails or there are more than `limit` bytes.
    func readAll(limit: Int = 64 << 20) throws(CsvctlError) -> Data {
        var data = Data()
        while true {
            let piece = try read(upTo: 65536)
            if piece.isEmpty { return data }
            data.append(contentsOf: piece)
            if data.count > limit {
                throw .file(path: path, detail: "is longer than \(Quantities.bytes(limit)), too long for this command")
            }
        }
    }

    private static func lastError() -> String { String(cString: strerror(errno)) }
}
