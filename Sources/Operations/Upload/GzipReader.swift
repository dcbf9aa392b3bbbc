import CZlib
import Shared

/// Unpacks a gzip stream piece by piece, within a ratio and a size that no honest file exceeds.
package final class GzipReader {
    /// Text seldom packs better than 100 to 1; deflate's limit is 1032.
    private static let mostRatio = 400
    /// Below this the ratio is no danger.
    private static let harmlessBytes = 64 << 20

    private var stream = z_stream()
    private var isStarted = false
    private var isAtEnd = false
    private var inputBytes = 0
    private var outputBytes = 0
    private let limitBytes: Int
    private var buffer = [UInt8](repeating: 0, count: 1 << 17)

    package init(limitBytes: Int) { self.limitBytes = limitBytes }

    deinit { if isStarted { inflateEnd(&stream) } }

    /// Unpacks one piece and hands the text on in blocks.
    ///
    /// - Throws: `Problem` with `csv.compressed` for damaged data, `request.too_large` past the limits, or what `take` throws.
    package func feed(_ piece: UnsafeRawBufferPointer, take: (UnsafeRawBufferPointer) throws -> Void) throws {
        if !isStarted {
            // 15 bits of window, + 16 for the gzip wrapper only.
            guard csvand_inflate_init(&stream, 15 + 16) == Z_OK else { throw Self.damaged("zlib cannot start") }
            isStarted = true
        }
        guard !piece.isEmpty else { return }
        if isAtEnd { try restart() }
        inputBytes += piece.count
        let input = piece.bindMemory(to: UInt8.self)
        // Safety: zlib does not write through next_in; the pointer is used only within this call.
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = UInt32(piece.count)
        repeat {
            let produced = try inflateBlock()
            outputBytes += produced
            try checkSize()
            try buffer.withUnsafeBytes { try take(UnsafeRawBufferPointer(rebasing: $0[..<produced])) }
            if isAtEnd, stream.avail_in > 0 { try restart() }
        } while stream.avail_in > 0 || stream.avail_out == 0
    }

    /// - Throws: `Problem` when the stream ended in the middle.
    package func finish() throws {
        if isStarted, !isAtEnd { throw Self.damaged("it ends early") }
    }

    private func inflateBlock() throws -> Int {
        let capacity = buffer.count
        let status = buffer.withUnsafeMutableBufferPointer { output in
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(capacity)
            return inflate(&stream, Z_NO_FLUSH)
        }
        switch status {
        case Z_STREAM_END: isAtEnd = true
        case Z_OK, Z_BUF_ERROR: break
        default: throw Self.damaged(stream.msg.map { String(cString: $0) } ?? "error \(status)")
        }
        return capacity - Int(stream.avail_out)
    }

    /// A gzip file may have several members, one behind the other.
    private func restart() throws {
        guard inflateReset(&stream) == Z_OK else { throw Self.damaged("zlib cannot go on") }
        isAtEnd = false
    }

    private func checkSize() throws {
        guard outputBytes <= limitBytes else {
            throw Problem(
                .requestTooLarge, "The unpacked upload is larger than the limit of \(limitBytes) bytes.",
                remedy: "Raise datasets.max_upload_bytes, or split the file.")
        }
        guard outputBytes < Self.harmlessBytes || outputBytes / max(1, inputBytes) <= Self.mostRatio else {
            throw Problem(
                .csvCompressed, "The gzip data unpacks to more than \(Self.mostRatio) times its size.",
                remedy: "Send the file without Content-Encoding: gzip.")
        }
    }

    private static func damaged(_ reason: String) -> Problem {
        Problem(
            .csvCompressed, "The body is not valid gzip: \(reason).",
            remedy: "Pack it again, or leave out Content-Encoding: gzip if it is not packed.")
    }
}
