import Foundation
import Shared
import Tabular

/// Encoded chunks in a file without a name, so that what a transformation has made so far takes no memory.
final class ChunkSpool: Sendable {
    /// A chunk in the spool: what is known of it without its bytes, and where those are.
    struct Entry: Sendable {
        var segment: EncodedSegment
        var offset: Int
        var bytes: Int
    }

    private let descriptor: Int32
    private let end = Locked(0)

    /// - Throws: `SpoolError` when no file can be made in `directory`.
    init(directory: String) throws {
        var template = Array((directory + "/chunks-XXXXXX").utf8CString)
        let opened = mkstemp(&template)
        guard opened >= 0 else { throw SpoolError(errno: errno) }
        unlink(template)
        descriptor = opened
    }

    deinit { close(descriptor) }

    func append(_ segment: EncodedSegment) throws -> Entry {
        let count = segment.payload.count
        let offset = end.withLock { end in
            defer { end += count }
            return end
        }
        try segment.payload.withUnsafeBytes { bytes in
            var done = 0
            while done < count {
                let written = pwrite(
                    descriptor, UnsafeRawBufferPointer(rebasing: bytes[done...]).baseAddress, count - done,
                    off_t(offset + done))
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw SpoolError(errno: errno) }
                done += written
            }
        }
        var known = segment
        known.payload = []
        return Entry(segment: known, offset: offset, bytes: count)
    }

    func segment(_ entry: Entry) throws -> EncodedSegment {
        var segment = entry.segment
        segment.payload = try [UInt8](unsafeUninitializedCapacity: entry.bytes) { buffer, count in
            while count < entry.bytes {
                let read = pread(
                    descriptor, UnsafeMutableRawBufferPointer(buffer).baseAddress.map { $0 + count },
                    entry.bytes - count, off_t(entry.offset + count))
                if read < 0, errno == EINTR { continue }
                guard read > 0 else { throw SpoolError(errno: read == 0 ? EIO : errno) }
                count += read
            }
        }
        return segment
    }
}
