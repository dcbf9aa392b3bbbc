import Foundation
import Shared
import Synchronization

/// The last line of a streamed answer, which says whether the answer is whole.
final class StreamEnd: Sendable {
    private struct Marker: Decodable {
        var end: String
        var problem: Problem?

        enum CodingKeys: String, CodingKey {
            case end = "$end"
            case problem
        }
    }

    private let line = Mutex<[UInt8]>([])
    /// Longer lines are rows.
    private static let limit = 1 << 16

    /// Takes the next bytes of the answer.
    func pass(_ bytes: UnsafeRawBufferPointer) {
        line.withLock { line in
            for byte in bytes {
                // The end of a line stays with it: what follows begins a new one.
                if line.last == 0x0A { line.removeAll(keepingCapacity: true) }
                if line.count < Self.limit || byte == 0x0A { line.append(byte) }
            }
        }
    }

    /// Why the answer breaks off.
    var problem: Problem? { marker.flatMap { $0.end == "error" ? $0.problem : nil } }

    /// Whether a limit cut it off.
    var isTruncated: Bool { marker?.end == "truncated" }

    private var marker: Marker? {
        let bytes = line.withLock { $0 }
        guard bytes.starts(with: Array("{\"$end\":".utf8)) else { return nil }
        return try? WireJSON.decode(Marker.self, from: Data(bytes))
    }
}
