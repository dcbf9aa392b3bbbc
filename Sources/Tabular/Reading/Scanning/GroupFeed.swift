/// A row group as scanned: where its cells are, and where it stands in the input.
struct ScannedGroup {
    /// Among the groups that have rows.
    var index: Int
    var rows: Int
    var scanner: RecordScanner
    /// Of the group's first byte.
    var line: Int
    var byte: Int
}

/// Reads the input and cuts it into row groups. Callers take turns under a lock.
final class GroupFeed {
    private let source: ByteSource
    private let dialect: Dialect
    private let limits: ReadLimits
    private var transcoder: Transcoder
    private var scanner: RecordScanner
    /// UTF-8 that was read behind the last group's end.
    private var leftover: [UInt8]
    private var lastByte: UInt8
    private var sourceEnded: Bool
    private var ended = false
    /// Thrown once the rows before its place are taken, so that what is wrong in them is told first.
    private var failure: CSVError?
    private var line: Int
    private var byte: Int
    private var raw: [UInt8] = []
    private var groups = 0
    private(set) var rows = 0
    private(set) var bytesRead: Int
    var repairs: Int { transcoder.repairs }

    /// - Parameters:
    ///   - sample: the first bytes of the input; the source goes on behind them.
    ///   - start: where the first data row starts, in `sample` as UTF-8 without its mark.
    init(
        source: ByteSource, sample: [UInt8], sampleIsWhole: Bool, dialect: Dialect, columns: Int, start: DataStart,
        limits: ReadLimits, isStrict: Bool
    ) {
        self.source = source
        self.dialect = dialect
        self.limits = limits
        var transcoder = Transcoder(dialect.encoding)
        scanner = RecordScanner(dialect: dialect, columns: columns, limits: limits, isStrict: isStrict)
        sourceEnded = sampleIsWhole
        bytesRead = sample.count
        let mark = dialect.encoding.markLength(sample)
        let buffer = GroupBuffer()
        sample.withUnsafeBufferPointer { bytes in
            transcoder.transcode(
                UnsafeBufferPointer(rebasing: bytes[mark...]), isFinal: sampleIsWhole, to: buffer)
        }
        self.transcoder = transcoder
        let cut = min(GroupBuffer.front + start.byte, buffer.end)
        leftover = Array(UnsafeBufferPointer(start: buffer.text + cut, count: buffer.end - cut))
        lastByte = cut > GroupBuffer.front ? buffer.text[cut - 1] : 0
        line = start.line
        byte = mark + dialect.encoding.originalLength(buffer.text, GroupBuffer.front..<cut)
    }

    /// Fills `buffer` with the next group.
    ///
    /// - Throws: `CSVError.unterminatedQuote`, `CSVError.tooManyRows`; what the source throws.
    /// - Returns: nil at the end.
    func next(into buffer: GroupBuffer) throws -> ScannedGroup? {
        if let failure { throw failure }
        if ended { return nil }
        buffer.restart(last: lastByte)
        leftover.withUnsafeBufferPointer { buffer.append($0) }
        leftover.removeAll(keepingCapacity: true)
        buffer.seal()
        scanner.begin(buffer)
        var end = buffer.end
        while true {
            let outcome = scanner.scan(buffer, isFinal: sourceEnded)
            if outcome == .groupClosed {
                end = scanner.position
                break
            }
            if outcome == .ended {
                ended = true
                if !scanner.finish(buffer) {
                    failure = unterminated(buffer)
                    buffer.end = scanner.rowStart
                    buffer.seal()
                }
                end = buffer.end
                break
            }
            if scanner.position - scanner.rowStart > limits.rowBytes {
                scanner.dropLongRecord(buffer, encoding: dialect.encoding)
            }
            try readBlock(into: buffer)
        }
        if end < buffer.end {
            leftover.append(contentsOf: UnsafeBufferPointer(start: buffer.text + end, count: buffer.end - end))
            buffer.end = end
            buffer.seal()
        }
        return try close(buffer)
    }

    private func close(_ buffer: GroupBuffer) throws -> ScannedGroup {
        let group = ScannedGroup(index: groups, rows: scanner.rows, scanner: scanner, line: line, byte: byte)
        let range = GroupBuffer.front..<buffer.end
        line += LineCount.lines(buffer.text, range) + (scanner.dropped?.lines ?? 0)
        byte += dialect.encoding.originalLength(buffer.text, range) + (scanner.dropped?.originalBytes ?? 0)
        lastByte = buffer.text[buffer.end - 1]
        if scanner.rows > 0 { groups += 1 }
        rows += scanner.rows
        if rows > limits.rows { throw CSVError.tooManyRows(limit: limits.rows) }
        return group
    }

    private func readBlock(into buffer: GroupBuffer) throws {
        let size = Self.blockBytes
        if transcoder.isIdentity {
            buffer.reserve(text: size)
            let count = try source.read(UnsafeMutableRawBufferPointer(start: buffer.text + buffer.end, count: size))
            sourceEnded = count <= 0
            buffer.end += max(0, min(count, size))
            bytesRead += max(0, count)
        } else {
            if raw.isEmpty { raw = [UInt8](repeating: 0, count: size) }
            try raw.withUnsafeMutableBytes { bytes in
                let count = try source.read(bytes)
                sourceEnded = count <= 0
                bytesRead += max(0, count)
                transcoder.transcode(
                    UnsafeBufferPointer(rebasing: bytes.bindMemory(to: UInt8.self)[..<max(0, min(count, size))]),
                    isFinal: sourceEnded, to: buffer)
            }
        }
        buffer.seal()
    }

    /// Names the quote that opened last in the record that never ends.
    private func unterminated(_ buffer: GroupBuffer) -> CSVError {
        var again = scanner
        again.position = scanner.rowStart
        again.state = .recordStart
        again.count = again.rowBase + 1
        _ = again.scanScalar(buffer, upTo: buffer.end)
        let open = scanner.dropped == nil ? again.quoteOpen : scanner.rowStart
        let before = GroupBuffer.front..<max(GroupBuffer.front, open)
        return .unterminatedQuote(
            line: line + LineCount.lines(buffer.text, before),
            byte: byte + dialect.encoding.originalLength(buffer.text, before))
    }

    static let blockBytes = 256 << 10
}

/// Where the data of a CSV starts.
struct DataStart: Sendable, Equatable {
    /// Offset in the input as UTF-8 without its byte-order mark.
    var byte: Int
    /// Line, from 1.
    var line: Int
}
