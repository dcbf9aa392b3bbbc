import Foundation
import Tabular

/// Reads a CSV file in steps and prints one line of JSON for each: seconds and CPU seconds of parsing, of parsing and
/// encoding, of parsing, encoding and profiling, and of writing it all as CSV again on one thread, with the bytes that encoding leaves (or
/// export writes besides).
///
/// Usage: ingest-bench FILE [THREADS] [parse|encode|profile|export ...]
@main struct IngestBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 2 else {
            print("usage: ingest-bench FILE [THREADS] [parse|encode|profile|export ...]")
            exit(64)
        }
        let threads = arguments.count > 2 ? Int(arguments[2]) ?? 2 : 2
        let named = arguments.dropFirst(3).compactMap(Step.init)
        for step in named.isEmpty ? Step.allCases : named { try measure(arguments[1], step, threads) }
    }

    private enum Step: String, CaseIterable { case parse, encode, profile, export }

    private static func measure(_ path: String, _ step: Step, _ threads: Int) throws {
        let source = try FileSource(path)
        let bytes = Total()
        let chunks = Kept()
        let texts = Texts()
        let watch = Stopwatch()
        let summary = try TableReader(threads: threads).read(
            source.bytes, onStart: { texts.profiles = StreamedTextProfiles(columns: $0) },
            onRowGroup: { group in
                if step == .parse { return }
                if step == .profile { texts.profiles.take(group) }
                let segments = group.chunks.map(SegmentCodec.encode)
                bytes.add(segments.reduce(0) { $0 + $1.payload.count })
                if step == .profile || step == .export { chunks.keep(group.index, segments) }
            })
        if step == .profile {
            DispatchQueue.concurrentPerform(iterations: summary.columns.count) { column in
                if texts.profiles.finish(column, rowGroups: summary.rowGroups) != nil { return }
                var profiler = ColumnProfiler(
                    name: summary.columns[column].name, type: summary.columns[column].type, exactBytes: 32 << 20,
                    rows: summary.rows)
                for group in 0..<summary.rowGroups {
                    if let chunk = try? SegmentCodec.decode(chunks.segment(group, column)) { profiler.add(chunk) }
                }
                _ = profiler.finish()
            }
        }
        var (wall, cpu) = watch.elapsed
        if step == .export {
            let export = Stopwatch()
            for group in 0..<summary.rowGroups {
                let columns = try summary.columns.indices.map { try SegmentCodec.decode(chunks.segment(group, $0)) }
                bytes.add(CSVBlock(neutralisesFormulas: true).bytes(columns, rows: columns.first?.rows ?? 0).count)
            }
            (wall, cpu) = export.elapsed
        }
        print(
            """
            {"step": "\(step.rawValue)", "rows": \(summary.rows), "seconds": \(wall), "cpu": \(cpu), "encoded": \(bytes.value)}
            """)
    }
}

/// Safety: written before the first row group only.
final class Texts: @unchecked Sendable {
    var profiles = StreamedTextProfiles(columns: [])
}

/// Safety: `value` is touched under `lock` only.
final class Total: @unchecked Sendable {
    private let lock = NSLock()
    private(set) var value = 0
    func add(_ count: Int) { lock.withLock { value += count } }
}

/// Safety: `groups` is touched under `lock` only.
final class Kept: @unchecked Sendable {
    private let lock = NSLock()
    private var groups: [Int: [EncodedSegment]] = [:]
    func keep(_ index: Int, _ segments: [EncodedSegment]) { lock.withLock { groups[index] = segments } }
    func segment(_ group: Int, _ column: Int) -> EncodedSegment {
        lock.withLock {
            groups[group]?[column] ?? SegmentCodec.encode(ColumnChunk(type: .integer, values: .integers([])))
        }
    }
}

/// A file as the parser reads it.
///
/// Safety: the descriptor is constant; the reader reads from one thread at a time.
final class FileSource: @unchecked Sendable {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw CocoaError(.fileReadNoSuchFile) }
    }

    deinit { close(descriptor) }

    var bytes: ByteSource {
        ByteSource(
            read: { buffer in max(0, read(self.descriptor, buffer.baseAddress, buffer.count)) },
            rewind: { _ = lseek(self.descriptor, 0, SEEK_SET) })
    }
}

/// Wall time and the CPU time of the process since it was made.
struct Stopwatch {
    private let start = ContinuousClock.now
    private let startCPU = Stopwatch.cpu()

    var elapsed: (wall: Double, cpu: Double) {
        let duration = ContinuousClock.now - start
        let wall = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
        return (wall, Stopwatch.cpu() - startCPU)
    }

    private static func cpu() -> Double {
        var now = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
    }
}
