import CSystemd
import Foundation
import Logging
import Shared

/// Writes log records to journald with their fields, or to standard error as lines when that is not the journal.
struct JournalLogHandler: LogHandler {
    var logLevel: Logger.Level {
        get { level.current }
        set { level.current = newValue }
    }
    var metadata: Logger.Metadata = [:]

    private let level: LogLevel
    private let writesToJournal: Bool

    init(level: LogLevel, writesToJournal: Bool = Self.standardErrorIsJournal) {
        self.level = level
        self.writesToJournal = writesToJournal
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = event.metadata.map { metadata.merging($0) { _, new in new } } ?? metadata
        if writesToJournal {
            writeToJournal(event.level, event.message.description, fields)
        } else {
            writeLine(event.level, event.message.description, fields)
        }
    }

    private func writeToJournal(_ level: Logger.Level, _ message: String, _ fields: Logger.Metadata) {
        var entries = ["MESSAGE=\(message)", "PRIORITY=\(level.priority)", "SYSLOG_IDENTIFIER=csvand"]
        for (key, value) in fields { entries.append("\(Self.fieldName(key))=\(value)") }
        let buffers = entries.map { Array($0.utf8) }
        let joined = buffers.flatMap { $0 }
        joined.withUnsafeBytes { bytes in
            var offset = 0
            let vectors = buffers.map { buffer in
                defer { offset += buffer.count }
                // Safety: the call only reads, and `joined` outlives it.
                return iovec(
                    iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress?.advanced(by: offset)),
                    iov_len: buffer.count)
            }
            _ = sd_journal_sendv(vectors, Int32(vectors.count))
        }
    }

    /// One record one line: control characters are escaped, so that input cannot forge a record.
    private func writeLine(_ level: Logger.Level, _ message: String, _ fields: Logger.Metadata) {
        let shown = fields.filter { $0.key != "message_id" }.sorted { $0.key < $1.key }
        let tail = shown.map { " \($0.key)=\($0.value)" }.joined()
        let time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let line = "\(time) \(level.rawValue) \(message)\(tail)".escapingControlCharacters + "\n"
        FileHandle.standardError.write(Data(line.utf8))
    }

    /// journald takes upper-case letters, digits and underscores, not beginning with an underscore.
    static func fieldName(_ key: String) -> String {
        let mapped = key.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
        return String(mapped.drop { $0 == "_" || $0.isNumber }.prefix(64))
    }

    /// `JOURNAL_STREAM` names the device and inode of the journal's stream; it counts only if standard error still is that stream.
    static let standardErrorIsJournal: Bool = {
        var status = stat()
        guard let stream = ProcessInfo.processInfo.environment["JOURNAL_STREAM"], fstat(2, &status) == 0 else {
            return false
        }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }()
}

/// The level in force for all loggers; changed by a reload.
final class LogLevel: Sendable {
    private let value: Locked<Logger.Level>

    init(_ level: Logger.Level) { value = Locked(level) }

    var current: Logger.Level {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}

extension Logger.Level {
    /// Syslog's number.
    fileprivate var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}

extension String {
    /// Control characters as `\u{..}`, so that a line stays a line and a terminal stays as it is.
    var escapingControlCharacters: String {
        guard unicodeScalars.contains(where: { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) }) else {
            return self
        }
        var result = ""
        for scalar in unicodeScalars {
            if scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
