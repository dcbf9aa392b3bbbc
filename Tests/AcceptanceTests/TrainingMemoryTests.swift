import Foundation
import Shared
import Testing

/// What a training leaves behind in the daemon.
@Suite struct TrainingMemoryTests {
    private static let rows = 320_000
    private static let columns = 20

    /// A thousand rows again and again.
    private static func numbers(_ rows: Int) -> String {
        let block = (0..<1_000).map { row in
            (0..<columns).map { "\((row * 7_919 + $0 * 104_729) % 9_973).25" }.joined(separator: ",") + "\n"
        }.joined()
        return (0..<columns).map { "c\($0)" }.joined(separator: ",") + "\n"
            + String(repeating: block, count: rows / 1_000)
    }

    private func residentBytes(_ daemon: DaemonProcess) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(daemon.processID ?? 0)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") })
        return try #require(Int(line.filter(\.isNumber))) << 10
    }

    private func upload(_ daemon: DaemonProcess, rows: Int) async throws {
        #expect(try await daemon.upload("numbers\(rows)", Self.numbers(rows)).status == 201)
    }

    private func train(_ daemon: DaemonProcess, rows: Int) async throws {
        let job = try await daemon.post(
            "/api/v1/models", json: #"{"dataset":"numbers\#(rows)","target":"c3","budget_seconds":2}"#
        ).decoded(JobAccepted.self).job
        _ = try await eventually("the model", within: 90) { () -> Bool? in
            try await daemon.get("/api/v1/jobs/\(job)").decoded(JobReply.self).state == .done ? true : nil
        }
    }

    @Test("A training gives back the memory it took", .timeLimit(.minutes(3)))
    func givesMemoryBack() async throws {
        try await withDaemon { daemon in
            // What any training leaves: code and tables of types that were not used before.
            try await upload(daemon, rows: 1_000)
            try await train(daemon, rows: 1_000)
            try await upload(daemon, rows: Self.rows)
            let before = try residentBytes(daemon)
            try await train(daemon, rows: Self.rows)
            // The matrices of the folds take more than the cells.
            let cells = Self.rows * Self.columns * 8
            _ = try await eventually("less memory", within: 10) { () -> Bool? in
                try residentBytes(daemon) - before < cells / 2 ? true : nil
            }
        }
    }
}
