import CFuzzer
import Foundation
import Shared
import Tabular

/// Reads the input twice, whole and in small pieces with small row groups. Whatever the bytes and the dialect, both readings must say the
/// same, no row may be lost, and nothing may trap.
///
/// The first bytes choose the options: see `Choice`.
private func fuzzParser(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    let choice = Choice(bytes)
    let text = Array(bytes.dropFirst(Choice.length))
    let whole = Reading(text, choice, pieces: .max, groupRows: 65_536)
    let pieces = Reading(text, choice, pieces: choice.pieces, groupRows: choice.groupRows)
    expectEqual(whole.reasons, pieces.reasons, "reasons and warnings")
    expectEqual(whole.texts, pieces.texts, "rows")
    expectEqual(whole.rejects, pieces.rejects, "rejects")
    expectEqual(whole.columns, pieces.columns, "columns")
    expectEqual(whole.problem, pieces.problem, "errors")
    return 0
}

private func expectEqual<Value: Equatable>(_ whole: Value, _ pieces: Value, _ what: String) {
    if whole == pieces { return }
    FileHandle.standardError.write(Data("\(what) differ: \(whole) as a whole, \(pieces) in pieces\n".utf8))
    abort()
}

/// Options by the input's first bytes, so that the fuzzer may change them one by one.
struct Choice {
    static let length = 6
    private static let delimiters: [String?] = [nil, ",", ";", "\t", "||", "\u{0}", " ", "é"]
    private static let quotes: [String?] = [nil, "\"", "'", "none"]
    private static let escapes: [String?] = [nil, "\\", "none", "^"]
    private static let encodings: [String?] = [nil, "utf-8", "utf-16le", "windows-1252", "windows-1250", "utf-16be"]

    var options = ReadOptions()
    var pieces: Int
    var groupRows: Int
    var sampleBytes: Int

    init(_ bytes: [UInt8]) {
        func byte(_ place: Int) -> Int { place < bytes.count ? Int(bytes[place]) : 0 }
        options.delimiter = Self.delimiters[byte(0) % Self.delimiters.count]
        options.quote = Self.quotes[byte(1) & 3]
        options.escape = Self.escapes[byte(1) >> 2 & 3]
        options.doubleQuote = byte(1) & 16 != 0 ? false : nil
        options.strict = byte(1) & 32 != 0
        let spacings: [Dialect.Spacing?] = [nil, .kept, .aroundQuotes, .initial, .trimmed]
        options.spacing = spacings[byte(2) % spacings.count]
        options.header = [.auto, .true, .false][byte(2) / 8 % 3]
        options.comment = byte(2) & 128 != 0 ? "#" : nil
        options.encoding = Self.encodings[byte(3) % Self.encodings.count]
        pieces = 1 + byte(4) % 70
        groupRows = 1 + byte(5) % 5
        sampleBytes = byte(5) & 64 != 0 ? 16 : 1 << 18
    }
}

/// What a reading says of all its rows.
struct Reading {
    var texts: [[String]] = []
    var rejects: [RejectedRow] = []
    var columns: [ReadColumn] = []
    var reasons: [String] = []
    var problem: String?

    init(_ bytes: [UInt8], _ choice: Choice, pieces: Int, groupRows: Int) {
        // Safety: one thread reads.
        nonisolated(unsafe) var groups: [RowGroup] = []
        nonisolated(unsafe) let place = UnsafeMutablePointer<Int>.allocate(capacity: 1)
        place.initialize(to: 0)
        defer { place.deallocate() }
        let source = ByteSource(
            read: { target in
                let count = min(target.count, bytes.count - place.pointee, pieces)
                for offset in 0..<max(0, count) { target[offset] = bytes[place.pointee + offset] }
                place.pointee += max(0, count)
                return max(0, count)
            }, rewind: { place.pointee = 0 })
        let limits = ReadLimits(
            columns: 200, cellBytes: 300, rowBytes: 2000, rejects: 500, sampleBytes: choice.sampleBytes,
            rowGroupRows: groupRows)
        do {
            let summary = try TableReader(options: choice.options, limits: limits, threads: 1)
                .read(source, onStart: { _ in groups = [] }, onRowGroup: { groups.append($0) })
            groups.sort { $0.index < $1.index }
            columns = summary.columns
            rejects = summary.rejects
            reasons = summary.reasons + summary.warnings
            for group in groups {
                precondition(group.chunks.count == summary.columns.count)
                let chunks = group.chunks.enumerated().map { summary.recast($1, column: $0) }
                for (column, chunk) in chunks.enumerated() {
                    precondition(chunk.rows == group.rows)
                    precondition(chunk.type == summary.columns[column].type)
                    let decoded = try SegmentCodec.decode(SegmentCodec.encode(chunk))
                    precondition(decoded == chunk, "the codec changed a chunk")
                }
                for row in 0..<group.rows { texts.append(chunks.map { $0.text(at: row) }) }
            }
            precondition(texts.count == summary.rows, "rows are missing")
            for (before, after) in zip(rejects, rejects.dropFirst()) { precondition(before.byte < after.byte) }
        } catch let error as CSVError {
            problem = error.problem.detail
        } catch {
            preconditionFailure("\(error)")
        }
    }
}

@main enum ParserFuzz {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments) { fuzzParser($0, $1) })
    }
}
