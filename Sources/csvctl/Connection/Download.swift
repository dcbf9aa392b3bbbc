import Foundation
import Shared
import Synchronization

/// A body that goes to standard output or to a file as it comes.
struct Download {
    var session: Session
    var request: ControlRequest
    /// Sees each piece before it is written.
    var onBytes: (@Sendable (UnsafeRawBufferPointer) -> Void)?

    /// - Parameters:
    ///   - path: where to write; nil or `-` is standard output, on a terminal with control bytes escaped.
    ///   - Throws: as `ControlConnection.answer(to:)`, and `.file` when writing fails. A file that was begun is then removed.
    func run(to path: String?) throws(CsvctlError) {
        if let path, path != "-" { return try toFile(path) }
        let shown = Mutex(PrintableBytes())
        let escapes = session.terminal.outputIsTerminal
        let last = Mutex<UInt8?>(nil)
        let onBytes = onBytes
        try session.connection.download(request) { bytes in
            onBytes?(bytes)
            let piece = escapes ? shown.withLock { $0.pass(bytes) } : Array(bytes)
            if let end = piece.last { last.withLock { $0 = end } }
            return Self.write(piece, to: STDOUT_FILENO)
        }
        let held = escapes ? shown.withLock { $0.finish() } : []
        // A prompt should not stand behind the last line.
        let needsLineEnd = session.terminal.outputIsTerminal && last.withLock { $0 != nil && $0 != 0x0A }
        _ = Self.write(held + (needsLineEnd ? [0x0A] : []), to: STDOUT_FILENO)
    }

    /// Writes beside the file and renames, so that a failure leaves neither half a file nor an old one damaged.
    private func toFile(_ path: String) throws(CsvctlError) {
        var status = stat()
        // A device or a pipe is written to, not replaced.
        let isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        let partial = isSpecial ? path : path + ".part"
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .file(path: partial, detail: String(cString: strerror(errno))) }
        let written = Atomic(0)
        let failure = Atomic<Int32>(0)
        let onBytes = onBytes
        let line = session.terminal.errorIsTerminal && onBytes == nil ? UploadLine(total: nil) : nil
        defer { line?.finish() }
        do {
            try session.connection.download(request) { bytes in
                onBytes?(bytes)
                let sum = written.add(bytes.count, ordering: .relaxed).newValue
                line?.show(bytes: sum)
                if Self.write(bytes, to: descriptor) { return true }
                failure.store(errno, ordering: .relaxed)
                return false
            }
        } catch {
            close(descriptor)
            if !isSpecial { unlink(partial) }
            let code = failure.load(ordering: .relaxed)
            throw code == 0 ? error : .file(path: partial, detail: String(cString: strerror(code)))
        }
        guard close(descriptor) == 0, isSpecial || rename(partial, path) == 0 else {
            let detail = String(cString: strerror(errno))
            if !isSpecial { unlink(partial) }
            throw .file(path: path, detail: detail)
        }
        line?.finish()
        if session.output == .table {
            let size = Quantities.bytes(written.load(ordering: .relaxed))
            Terminal.writeError(PrintableText.line("wrote \(size) to \(path)") + "\n")
        }
    }

    private static func write(_ bytes: some ContiguousBytes, to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                if count < 0 { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }
}
