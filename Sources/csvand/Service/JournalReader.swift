import CSystemd
import Foundation
import Operations
import Shared

/// Reads what journald holds of this daemon, as evidence for incidents.
///
/// The unit's user must be of the group `systemd-journal`; where the journal cannot be read, there is no excerpt.
enum JournalReader {
    private static let mostLines = 40
    private static let lineLimitBytes = 500

    /// The newest records between two times, with the cursors of the first and the last record of the span.
    static func excerpt(from start: Date, to end: Date) -> JournalExcerpt? {
        var opened: OpaquePointer?
        guard sd_journal_open(&opened, Int32(SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM)) >= 0, let journal = opened
        else {
            return nil
        }
        defer { sd_journal_close(journal) }
        guard sd_journal_add_match(journal, ownRecords, 0) >= 0 else { return nil }
        var lines: [Evidence.JournalLine] = []
        var newest: String?
        guard sd_journal_seek_realtime_usec(journal, microseconds(end) &+ 1) >= 0 else { return nil }
        while lines.count < mostLines, sd_journal_previous(journal) > 0 {
            guard let line = line(journal), line.at >= start else { break }
            if newest == nil { newest = cursor(journal) }
            lines.append(line)
        }
        guard let newest, sd_journal_seek_realtime_usec(journal, microseconds(start)) >= 0,
            sd_journal_next(journal) > 0, let oldest = cursor(journal)
        else { return nil }
        return JournalExcerpt(from: oldest, to: newest, lines: lines.reversed())
    }

    /// Records of our unit, also of its earlier processes; outside of a unit, those with our identifier.
    private static let ownRecords: String = {
        var name: UnsafeMutablePointer<CChar>?
        guard sd_pid_get_unit(0, &name) >= 0, let name else { return "SYSLOG_IDENTIFIER=csvand" }
        defer { free(name) }
        let unit = String(cString: name)
        return unit.hasPrefix("csvand") ? "_SYSTEMD_UNIT=\(unit)" : "SYSLOG_IDENTIFIER=csvand"
    }()

    private static func line(_ journal: OpaquePointer) -> Evidence.JournalLine? {
        var at: UInt64 = 0
        guard sd_journal_get_realtime_usec(journal, &at) >= 0 else { return nil }
        return Evidence.JournalLine(
            at: Date(timeIntervalSince1970: Double(at) / 1e6),
            priority: field("PRIORITY", journal).flatMap { Int($0) } ?? 6,
            text: field("MESSAGE", journal) ?? "",
            requestId: field("REQUEST_ID", journal).flatMap { $0 == "-" ? nil : $0 })
    }

    private static func field(_ name: String, _ journal: OpaquePointer) -> String? {
        var data: UnsafeRawPointer?
        var count = 0
        guard sd_journal_get_data(journal, name, &data, &count) >= 0, let data else { return nil }
        // Safety: libsystemd keeps the data until the next call on this journal; it is copied before.
        let bytes = UnsafeRawBufferPointer(start: data, count: count).dropFirst(name.utf8.count + 1)
        return String(decoding: bytes.prefix(lineLimitBytes), as: UTF8.self)
    }

    private static func cursor(_ journal: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard sd_journal_get_cursor(journal, &text) >= 0, let text else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    private static func microseconds(_ date: Date) -> UInt64 {
        UInt64(max(0, min(date.timeIntervalSince1970, 4e9)) * 1e6)
    }
}
