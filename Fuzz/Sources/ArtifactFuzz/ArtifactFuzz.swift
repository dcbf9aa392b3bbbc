import CFuzzer
import Foundation
import Learning
import Shared

/// Decodes arbitrary bytes as a model, with the checksums that stand in them made right: it is refused, or is a model that is written and
/// read again, predicts and explains its own test rows, counts them for drift and is exported, without a trap.
private func fuzzArtifact(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = withRightChecksums([UInt8](UnsafeBufferPointer(start: start, count: count)))
    guard let artifact = try? ModelArtifact.decode(bytes) else { return 0 }
    if let again = try? artifact.encode() {
        precondition((try? ModelArtifact.decode(again)) != nil, "what was decoded cannot be decoded again")
    }
    try? artifact.verify()
    let predictor = Predictor(artifact)
    let counts = Locked(predictor.drift.emptyCounts(at: Date(timeIntervalSince1970: 0)))
    _ = try? predictor.predict(rows: Array(artifact.testVectors.rows.prefix(2)), explain: true, counting: counts)
    _ = counts.withLock { predictor.drift.shifts($0) }
    _ = try? artifact.onnx(name: "fuzz", version: 1)
    _ = try? artifact.json()
    _ = ModelReport(artifact).markdown(name: "fuzz", version: 1)
    return 0
}

/// Sections are a name of 4 bytes, a length of 8, a checksum of 4 and the payload, after a head of 12 bytes; see docs/model-artifact.md.
private func withRightChecksums(_ bytes: [UInt8]) -> [UInt8] {
    var (bytes, offset) = (bytes, 12)
    while bytes.count - offset >= 16 {
        let length = bytes[offset + 4..<offset + 12].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let start = offset + 16
        guard length <= UInt64(bytes.count - start) else { break }
        let checksum = Checksum.crc32(bytes[start..<start + Int(length)])
        for index in 0..<4 { bytes[offset + 12 + index] = UInt8(truncatingIfNeeded: checksum >> UInt32(index * 8)) }
        offset = start + Int(length)
    }
    return bytes
}

@main enum ArtifactFuzz {
    static func main() throws {
        if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "--seeds" {
            return try ArtifactSeeds.write(to: CommandLine.arguments[2])
        }
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments) { fuzzArtifact($0, $1) })
    }
}
