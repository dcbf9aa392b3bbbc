import CFuzzer
import Foundation
import Shared
import Tabular

/// Decodes arbitrary bytes as a segment, whole and in part: it is refused, or is a chunk that encodes and decodes to itself, and its part has
/// the same cells.
private func fuzzCodec(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard count > 2 else { return 0 }
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    let rows = Int(bytes[0]) | Int(bytes[1] & 7) << 8
    let payload = Array(bytes.dropFirst(2))
    let segment = EncodedSegment(
        encoding: 0, version: SegmentCodec.version, rows: rows, nulls: 0, min: nil, max: nil, checksum: 0,
        payload: payload)
    let first = rows * Int(bytes[1] >> 3 & 3) / 4
    let wanted = first..<first + (rows - first) / (1 + Int(bytes[1] >> 5))
    let part = segment.payload.withUnsafeBytes {
        try? SegmentCodec.decode($0, version: segment.version, rows: segment.rows, checksum: nil, wanted: wanted)
    }
    precondition(part.map { $0.rows == wanted.count } ?? true, "another number of wanted rows")
    let decoded = segment.payload.withUnsafeBytes {
        try? SegmentCodec.decode($0, version: segment.version, rows: segment.rows, checksum: nil)
    }
    guard let decoded else { return 0 }
    precondition(decoded.rows == rows, "another number of rows")
    let again = try? SegmentCodec.decode(SegmentCodec.encode(decoded))
    precondition(again?.rows == rows, "what was decoded cannot be encoded")
    for row in 0..<min(rows, 64) { precondition(again?.text(at: row) == decoded.text(at: row), "a text changed") }
    guard let part else { preconditionFailure("a part of what can be decoded cannot") }
    for (place, row) in wanted.enumerated().prefix(64) {
        let isNull = decoded.nulls?.isNull(row) ?? false
        precondition(part.nulls?.isNull(place) ?? false == isNull, "a null changed")
        if !isNull {
            precondition(part.canonicalText(at: place) == decoded.canonicalText(at: row), "a value changed")
        }
    }
    return 0
}

/// Writes a segment of prose, whose words are one of the encodings that chance would not find soon.
private func writeSeeds(to directory: String) throws {
    var texts = TextArray()
    var random: UInt64 = 1
    for _ in 0..<40 {
        var words: [String] = []
        for _ in 0..<12 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            words.append(String((random >> 59 &+ 7) &* 2_654_435_761, radix: 36))
        }
        texts.append(words.joined(separator: " "))
    }
    let payload = SegmentCodec.encode(ColumnChunk(type: .text, values: .texts(texts))).payload
    let header: [UInt8] = [UInt8(texts.count), 0]
    try Data(header + payload).write(to: URL(fileURLWithPath: directory + "/prose"))
}

@main enum CodecFuzz {
    static func main() throws {
        if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "--seeds" {
            return try writeSeeds(to: CommandLine.arguments[2])
        }
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments) { fuzzCodec($0, $1) })
    }
}
