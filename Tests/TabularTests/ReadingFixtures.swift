import Foundation
import Shared

@testable import Tabular

/// What a reading gives, in a form that fixtures state and tests compare.
struct ReadingRecord: Codable, Equatable {
    struct Reject: Codable, Equatable {
        var line: Int
        var byte: Int
        var column: String?
        var reason: String
        var text: String
    }

    struct Failure: Codable, Equatable {
        var code: String
        var detail: String
        var remedy: String
        var places: [Problem.Place]?
    }

    /// Encoding, delimiter, quote, escape, comment, line ending, header, skipped lines, decimal, null values.
    var dialect: [String]?
    /// `name: type`, with `?` when nullable and the date format behind.
    var columns: [String]?
    /// Exact texts.
    var text: [[String]]?
    /// Canonical values, null for null.
    var typed: [[String?]]?
    var rejects: [Reject]?
    var warnings: [String]?
    var error: Failure?
}

/// Reads bytes and puts the row groups together, recasting what the summary says.
struct ReadingRun {
    var record = ReadingRecord()
    var summary: ReadSummary?
    var groups: [RowGroup] = []

    init(
        _ bytes: [UInt8], options: ReadOptions = ReadOptions(), limits: ReadLimits = ReadLimits(), threads: Int = 1,
        pieces: @escaping @Sendable () -> Int = { Int.max }
    ) {
        let source = MemorySource(bytes, pieces: pieces)
        let sink = GroupSink()
        do {
            let summary = try TableReader(options: options, limits: limits, threads: threads)
                .read(source.byteSource, onStart: { _ in sink.restart() }, onRowGroup: { sink.take($0) })
            self.summary = summary
            groups = sink.groups.sorted { $0.index < $1.index }
            describe(summary)
        } catch let error as CSVError {
            let problem = error.problem
            record.error = ReadingRecord.Failure(
                code: problem.code, detail: problem.detail, remedy: problem.remedy, places: problem.places)
        } catch {
            record.error = ReadingRecord.Failure(code: "other", detail: "\(error)", remedy: "")
        }
    }

    private mutating func describe(_ summary: ReadSummary) {
        let reply = summary.dialect.reply(reasons: [])
        record.dialect = [
            reply.encoding, reply.delimiter, reply.quote ?? "none", reply.escape ?? "doubled", reply.comment ?? "none",
            reply.lineEnding, reply.header ? "header" : "no header", "skip \(reply.skipRows)", reply.decimal,
            reply.nullValues.joined(separator: " "),
        ]
        record.columns = summary.columns.map { column in
            "\(column.name): \(column.type.rawValue)\(column.nullable ? "?" : "")"
                + (column.format.map { " \($0)" } ?? "")
        }
        var text: [[String]] = []
        var typed: [[String?]] = []
        for group in groups {
            let chunks = group.chunks.enumerated().map { summary.recast($1, column: $0) }
            for row in 0..<group.rows {
                text.append(chunks.map { $0.text(at: row) })
                typed.append(chunks.map { $0.nulls?.isNull(row) == true ? nil : $0.canonicalText(at: row) })
            }
        }
        record.text = text
        record.typed = typed
        record.rejects = summary.rejects.map {
            ReadingRecord.Reject(line: $0.line, byte: $0.byte, column: $0.column, reason: $0.reason, text: $0.text)
        }
        record.warnings = summary.warnings
    }
}

/// Bytes handed out in pieces of chosen lengths.
///
/// Safety: the reader calls under its lock, one thread at a time.
final class MemorySource: @unchecked Sendable {
    private let bytes: [UInt8]
    private let pieces: @Sendable () -> Int
    private var position = 0

    init(_ bytes: [UInt8], pieces: @escaping @Sendable () -> Int = { Int.max }) {
        self.bytes = bytes
        self.pieces = pieces
    }

    var byteSource: ByteSource {
        ByteSource(
            read: { target in
                let count = min(target.count, self.bytes.count - self.position, max(1, self.pieces()))
                self.bytes.withUnsafeBytes { source in
                    target.copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: source[self.position..<self.position + count]))
                }
                self.position += count
                return count
            }, rewind: { self.position = 0 })
    }
}

/// Row groups in the order of arrival.
///
/// Safety: the lock.
final class GroupSink: @unchecked Sendable {
    private let lock = NSLock()
    private var taken: [RowGroup] = []
    private(set) var starts = 0

    var groups: [RowGroup] { lock.withLock { taken } }
    func take(_ group: RowGroup) { lock.withLock { taken.append(group) } }
    func restart() {
        lock.withLock {
            taken = []
            starts += 1
        }
    }
}

/// The options file of a fixture, named as in the REST interface.
struct FixtureOptions: Decodable {
    var delimiter: String?
    var quote: String?
    var escape: String?
    var double_quote: Bool?
    var skip_initial_space: Bool?
    var trim: Bool?
    var comment: String?
    var encoding: String?
    var header: String?
    var skip_rows: Int?
    var decimal: String?
    var null_values: [String]?
    var types: [String: ColumnType]?
    var strict: Bool?
    var row_group_rows: Int?
    var row_group_bytes: Int?
    var sample_bytes: Int?
    var cell_bytes: Int?
    var row_bytes: Int?
    var rejects: Int?
    var columns: Int?
    var rows: Int?

    var options: ReadOptions {
        ReadOptions(
            delimiter: delimiter, quote: quote, escape: escape, doubleQuote: double_quote,
            spacing: Dialect.Spacing(skipsInitial: skip_initial_space, trims: trim), comment: comment,
            encoding: encoding, header: header.flatMap(ReadOptions.Header.init(rawValue:)) ?? .auto,
            skipRows: skip_rows, decimal: decimal,
            nullValues: null_values, types: types ?? [:], strict: strict ?? false)
    }

    var limits: ReadLimits {
        var limits = ReadLimits()
        limits.rowGroupRows = row_group_rows ?? limits.rowGroupRows
        limits.rowGroupBytes = row_group_bytes ?? limits.rowGroupBytes
        limits.sampleBytes = sample_bytes ?? limits.sampleBytes
        limits.cellBytes = cell_bytes ?? limits.cellBytes
        limits.rowBytes = row_bytes ?? limits.rowBytes
        limits.rejects = rejects ?? limits.rejects
        limits.columns = columns ?? limits.columns
        limits.rows = rows ?? limits.rows
        return limits
    }
}

/// A directory under `Fixtures/csv`.
struct ReadingFixture: CustomStringConvertible, Sendable {
    var name: String
    var directory: URL

    var description: String { name }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/csv")

    static let all: [ReadingFixture] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return names.sorted().filter { !$0.hasPrefix(".") }.map {
            ReadingFixture(name: $0, directory: root.appendingPathComponent($0))
        }
    }()

    func input() throws -> [UInt8] { [UInt8](try Data(contentsOf: directory.appendingPathComponent("input.csv"))) }

    func options() throws -> FixtureOptions {
        let url = directory.appendingPathComponent("options.json")
        guard let data = try? Data(contentsOf: url) else {
            return try JSONDecoder().decode(FixtureOptions.self, from: Data("{}".utf8))
        }
        return try JSONDecoder().decode(FixtureOptions.self, from: data)
    }

    func expected() throws -> ReadingRecord {
        try JSONDecoder().decode(
            ReadingRecord.self, from: Data(contentsOf: directory.appendingPathComponent("expect.json")))
    }
}
