import Foundation
import Synchronization
import Tabular

/// An upload while it arrives: a file that one side appends to and the other reads behind it, from the start as often as needed.
///
/// The file has no name from the beginning (unlinked at once), so that nothing is left behind however the process ends. It holds
/// the body in bounded memory, whatever its length.
package final class Spool: Sendable {
    private struct State {
        var written = 0
        var isComplete = false
        var failure: (any Error)?
    }

    private let descriptor: Int32
    private let state = Mutex(State())
    private let arrived = Signal()
    private let position = Mutex(0)

    /// - Throws: `SpoolError` when no file can be made in `directory`.
    package init(directory: String) throws {
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var template = Array((directory + "/upload-XXXXXX").utf8CString)
        let opened = mkstemp(&template)
        guard opened >= 0 else { throw SpoolError(errno: errno) }
        unlink(template)
        descriptor = opened
    }

    deinit { close(descriptor) }

    package var bytes: Int { state.withLock { $0.written } }

    /// Adds bytes at the end; readers that wait get them.
    package func append(_ bytes: UnsafeRawBufferPointer) throws {
        var offset = state.withLock { $0.written }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = pwrite(
                descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count, off_t(offset))
            if count < 0 {
                if errno == EINTR { continue }
                throw SpoolError(errno: errno)
            }
            offset += count
            rest = rest.dropFirst(count)
        }
        let end = offset
        state.withLock { $0.written = end }
        arrived.raise()
    }

    /// No more bytes will come.
    package func complete() {
        state.withLock { $0.isComplete = true }
        arrived.raise()
    }

    /// The upload was broken off: readers get this error.
    package func fail(_ error: any Error) {
        state.withLock { if !$0.isComplete, $0.failure == nil { $0.failure = error } }
        arrived.raise()
    }

    /// The bytes from the start; reading blocks until some have arrived or the end is known.
    package var source: ByteSource {
        ByteSource(read: { try self.read(into: $0) }, rewind: { self.position.withLock { $0 = 0 } })
    }

    private func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try position.withLock { position in
            while true {
                let seen = arrived.count
                let (written, isComplete, failure) = state.withLock { ($0.written, $0.isComplete, $0.failure) }
                if let failure { throw failure }
                if position < written {
                    let count = pread(
                        descriptor, buffer.baseAddress, min(buffer.count, written - position), off_t(position))
                    if count < 0 {
                        if errno == EINTR { continue }
                        throw SpoolError(errno: errno)
                    }
                    position += count
                    return count
                }
                if isComplete { return 0 }
                arrived.wait(after: seen)
            }
        }
    }
}

/// The spool could not be written or read.
package struct SpoolError: Error, Equatable {
    package let errno: Int32
}
