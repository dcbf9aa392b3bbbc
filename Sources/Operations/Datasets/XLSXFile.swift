import CXlsxwriter
import Foundation
import Shared
import Tabular

/// Writes a table as a spreadsheet, a row at a time: libxlsxwriter keeps one row in memory and the rest in a file.
///
/// Numbers, booleans and dates are cells of those kinds. What a spreadsheet cannot hold as such is text: integers past 15 digits, dates
/// before March 1900. A text longer than a cell may be is cut to 32,767 UTF-16 units.
final class XLSXFile {
    /// Rows of a sheet, the header among them.
    static let rowLimit = 1_048_576
    static let columnLimit = 16_384
    private static let textLimit = 32_767
    /// From here on a Double, and a spreadsheet, does not tell all integers apart.
    private static let exactLimit: UInt64 = 1_000_000_000_000_000
    /// 1970-01-01 in days of a spreadsheet, and the days between which its calendar is right.
    private static let epoch = 25_569.0
    private static let days = 61.0..<2_958_466.0

    private var workbook: UnsafeMutablePointer<lxw_workbook>?
    private let sheet: UnsafeMutablePointer<lxw_worksheet>
    private let dateFormat: UnsafeMutablePointer<lxw_format>?
    private let timeFormat: UnsafeMutablePointer<lxw_format>?
    private let neutralisesFormulas: Bool
    private var nextRow: UInt32 = 1
    private var text: [UInt8] = []

    /// - Parameters:
    ///   - directory: for the library's own temporary files, which have no names
    init(path: String, directory: String, names: [String], neutralisesFormulas: Bool) throws {
        self.neutralisesFormulas = neutralisesFormulas
        var options = lxw_workbook_options()
        options.constant_memory = 1
        options.use_zip64 = 1
        workbook = directory.withCString { directory in
            // Safety: the library copies the text.
            options.tmpdir = UnsafeMutablePointer(mutating: directory)
            return workbook_new_opt(path, &options)
        }
        guard let workbook, let sheet = workbook_add_worksheet(workbook, nil) else {
            throw Self.failed("it cannot be begun")
        }
        self.sheet = sheet
        dateFormat = workbook_add_format(workbook)
        timeFormat = workbook_add_format(workbook)
        format_set_num_format(dateFormat, "yyyy-mm-dd")
        format_set_num_format(timeFormat, "yyyy-mm-dd hh:mm:ss")
        let bold = workbook_add_format(workbook)
        format_set_bold(bold)
        for (column, name) in names.enumerated() {
            text.removeAll(keepingCapacity: true)
            text.append(contentsOf: name.utf8)
            try writeText(0, UInt16(column), bold)
        }
        worksheet_freeze_panes(sheet, 1, 0)
    }

    deinit { if let workbook { lxw_workbook_free(workbook) } }

    func append(_ chunks: [ColumnChunk], rows: Int) throws {
        for row in 0..<rows {
            for (column, chunk) in chunks.enumerated() where chunk.nulls?.isNull(row) != true {
                try write(chunk, row, UInt16(column))
            }
            nextRow += 1
        }
    }

    /// Puts the file together at its path.
    func finish() throws {
        guard let workbook else { return }
        self.workbook = nil
        try Self.check(workbook_close(workbook))
    }

    private func write(_ chunk: ColumnChunk, _ row: Int, _ column: UInt16) throws {
        switch (chunk.type, chunk.values) {
        case (.boolean, .booleans(let flags)):
            try Self.check(worksheet_write_boolean(sheet, nextRow, column, Int32(flags[row]), nil))
        case (.integer, .integers(let values)) where values[row].magnitude < Self.exactLimit:
            try Self.check(worksheet_write_number(sheet, nextRow, column, Double(values[row]), nil))
        case (.decimal, _) where chunk.number(at: row).isFinite:
            try Self.check(worksheet_write_number(sheet, nextRow, column, chunk.number(at: row), nil))
        case (.date, .integers(let values)) where Self.days.contains(Double(values[row]) + Self.epoch):
            try Self.check(
                worksheet_write_number(sheet, nextRow, column, Double(values[row]) + Self.epoch, dateFormat))
        case (.timestamp, .integers(let values)) where Self.days.contains(Double(values[row]) / 86_400e6 + Self.epoch):
            try Self.check(
                worksheet_write_number(
                    sheet, nextRow, column, Double(values[row]) / 86_400e6 + Self.epoch, timeFormat))
        default:
            text.removeAll(keepingCapacity: true)
            chunk.appendCanonicalText(at: row, to: &text)
            if neutralisesFormulas, chunk.type == .text, let first = text.first, CSVText.startsFormula(first) {
                text.insert(UInt8(ascii: "'"), at: 0)
            }
            try writeText(nextRow, column, nil)
        }
    }

    private func writeText(_ row: UInt32, _ column: UInt16, _ format: UnsafeMutablePointer<lxw_format>?) throws {
        if text.isEmpty { return }
        if text.count > Self.textLimit {
            let whole = String(decoding: text, as: UTF8.self)
            if whole.utf16.count > Self.textLimit {
                text = Array(
                    (String(whole.utf16.prefix(Self.textLimit)) ?? String(whole.utf16.prefix(Self.textLimit - 1)) ?? "")
                        .utf8)
            }
        }
        text.append(0)
        let code = text.withUnsafeBytes { bytes in
            // Safety: bytes that end with a zero, which the library copies.
            worksheet_write_string(sheet, row, column, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), format)
        }
        try Self.check(code)
    }

    private static func check(_ code: lxw_error) throws {
        guard code != LXW_NO_ERROR else { return }
        throw failed(lxw_strerror(code).map { String(cString: $0) } ?? "error \(code.rawValue)")
    }

    private static func failed(_ reason: String) -> Problem {
        Problem(
            .storageFailed, "The spreadsheet could not be written: \(reason).",
            remedy: "Free space in the state directory, and see the journal.")
    }
}
