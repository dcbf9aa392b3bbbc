import Shared

extension CSVError {
    /// The error as clients see it.
    package var problem: Problem {
        switch self {
        case .empty:
            Problem(
                .csvEmpty, "The CSV is empty: there is no row in it.",
                remedy: "Send a file with a header and at least one row.")
        case .headerOnly(let columns):
            Problem(
                .csvHeaderOnly,
                "The CSV has a header (\(Self.list(columns))) and no row.",
                remedy: "Send at least one row, or header=false if the only line is data.",
                places: [.init(line: 1, byte: 0)])
        case .binary(let kind):
            Problem(
                .csvBinary, "The upload is \(kind), not text.",
                remedy: "Export the data as CSV text and send that.", places: [.init(line: 1, byte: 0)])
        case .compressed(let kind):
            Problem(
                .csvCompressed, "The upload is \(kind), not text.",
                remedy: "Send the CSV itself, or gzip with Content-Encoding: gzip.",
                places: [.init(line: 1, byte: 0)])
        case .encoding(let name, let line, let byte):
            Problem(
                .csvEncoding, "Line \(line) has bytes that are not \(name), from byte \(byte).",
                remedy:
                    "Give the file's real encoding, such as encoding=windows-1252, or leave it out to have it detected.",
                places: [.init(line: line, byte: byte)])
        case .unsupportedEncoding(let name):
            Problem(
                .csvEncoding, "The encoding \(Excerpt.escaped(name)) is not read.",
                remedy: "Convert the file first: iconv -f \(Excerpt.escaped(name)) -t UTF-8.",
                places: [.init(line: 1, byte: 0)])
        case .unterminatedQuote(let line, let byte):
            Problem(
                .csvUnterminatedQuote, "The quote that opens on line \(line) (byte \(byte)) is never closed.",
                remedy: "Close the quote, double it inside quoted text, or read the file with quote=none.",
                places: [.init(line: line, byte: byte)])
        case .dialectMismatch(let contradiction): contradiction.problem
        case .strict(let row): Self.problem(strict: row)
        case .tooManyColumns(let count, let limit):
            Problem(
                .csvTooManyColumns, "The first row has \(count) columns; the limit is \(limit).",
                remedy: "Check the delimiter, or raise the limit on columns.", places: [.init(line: 1)])
        case .tooManyRows(let limit):
            Problem(
                .requestTooLarge, "The CSV has more than \(limit) rows.",
                remedy: "Split the file, or raise the limit on rows.")
        case .tooManyRejects(let limit, let first):
            Problem(
                .csvTooManyRejects,
                "More than \(limit) rows could not be read. The first is on line \(first.line): \(first.reason).",
                remedy: "Check the dialect with /api/v1/sniff, repair the file, or raise the limit on rejected rows.",
                places: [first.place])
        case .unknownColumn(let name, let columns):
            Problem(
                .datasetColumnNotFound, "A type is given for \(Excerpt.quoted(name)), which is no column.",
                remedy: "The columns are \(Self.list(columns)).", places: [.init(column: name)])
        case .badOption(let name, let value, let expected):
            Problem(
                .requestBadParameter, "\(Excerpt.quoted(value)) is no usable \(name).",
                remedy: "Give \(expected).", places: [.init(column: name)])
        }
    }

    private static func problem(strict row: RejectedRow) -> Problem {
        let code: ErrorCode =
            switch row.kind {
            case .cellTooLong, .rowTooLong: .csvCellTooLong
            case .type: .csvTypeMismatch
            case .encoding: .csvEncoding
            default: .csvStrict
            }
        return Problem(
            code, "Line \(row.line): \(row.reason): \(Excerpt.quoted(row.text)).",
            remedy: "Repair the row, or read without strict to keep such rows aside.", places: [row.place])
    }

    /// Up to eight names, quoted.
    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(8).map { Excerpt.quoted($0) }.joined(separator: ", ")
        return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
    }
}

extension DialectContradiction {
    fileprivate var problem: Problem {
        switch self {
        case .delimiterAbsent(let given, let other):
            Problem(
                .csvDialectMismatch,
                "The delimiter \(Excerpt.quoted(given)) occurs in no line, while \(Excerpt.quoted(other)) splits every line alike.",
                remedy: "Give \(Excerpt.quoted(other)) as delimiter, or leave it out to have it detected.",
                places: [.init(line: 1, byte: 0)])
        case .mostRowsRejected(let rejected, let read, let first):
            Problem(
                .csvDialectMismatch,
                "Rows that do not fit the dialect: \(rejected); rows that do: \(read). The first is on line \(first.line): \(first.reason).",
                remedy: "Give the delimiter, quote or header that the file is written with.", places: [first.place])
        case .nothingAfterSkippedLines(let lines):
            Problem(
                .csvDialectMismatch, "Nothing is left after \(lines) skipped lines.",
                remedy: "Give a smaller skip_rows, or leave it out to have it detected.")
        }
    }
}

extension RejectedRow {
    var place: Problem.Place { Problem.Place(line: line, byte: byte, column: column) }
}

/// Text of the input as it may stand in a message: short, on one line, without control characters.
enum Excerpt {
    static func escaped(_ text: String, limit: Int = 60) -> String {
        var result = ""
        var left = limit
        for scalar in text.unicodeScalars {
            if left == 0 { return result + "..." }
            left -= 1
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 32 || (127..<160).contains(scalar.value):
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    static func quoted(_ text: String, limit: Int = 60) -> String { "'" + escaped(text, limit: limit) + "'" }
}
