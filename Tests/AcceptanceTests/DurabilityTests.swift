import Foundation
import Shared
import Synchronization
import Testing

/// What was answered is kept, however the daemon ends.
@Suite(.serialized) struct DurabilityTests {
    private static let kills = 30
    private static let uploaders = 3

    /// What clients were told before a kill.
    private final class Acknowledged: Sendable {
        struct Count {
            var at: ContinuousClock.Instant
            var total: Int
        }
        private let state = Mutex<(names: [String], counts: [Count], scraped: [Count])>(([], [], []))

        func dataset(_ name: String) { state.withLock { $0.names.append(name) } }
        func count(_ total: Int) { state.withLock { $0.counts.append(Count(at: .now, total: total)) } }
        func scraped(_ total: Int) { state.withLock { $0.scraped.append(Count(at: .now, total: total)) } }
        var names: [String] { state.withLock { $0.names } }
        /// The last total that was answered, or stood in a scrape, more than a second before.
        func total(olderThanASecondAt instant: ContinuousClock.Instant) -> Int {
            state.withLock { state in
                [state.counts, state.scraped].map { $0.last { instant - $0.at > .seconds(1) }?.total ?? 0 }.max() ?? 0
            }
        }
        var scrapes: Int { state.withLock { $0.scraped.count } }
    }

    @Test(.timeLimit(.minutes(5)))
    func everyAcknowledgedDatasetIsThereAndWholeAfterThirtyKillsDuringUploads() async throws {
        let daemon = try DaemonProcess()
        defer { daemon.kill9() }
        try await daemon.start()
        var acknowledged: Set<String> = []
        // What stood in a scrape after the last start had been read from the disk.
        var (floor, scrapes) = (0, 0)
        for round in 1...Self.kills {
            let told = try await run(round: round, of: daemon)
            acknowledged.formUnion(told.names)

            try await daemon.start()
            let names = Set(try await daemon.datasetNames())
            let lost = acknowledged.subtracting(names)
            #expect(lost.isEmpty, "round \(round) lost \(lost.sorted())")
            let counted = try await daemon.metric("app_errors_total{type=\"simulated\"}") ?? -1
            #expect(
                Int(counted) >= max(told.total, floor),
                "round \(round): counter \(counted), acknowledged \(told.total), at the last start \(floor)")
            (floor, scrapes) = (Int(counted), scrapes + told.scrapes)
            #expect(daemon.files(in: "spool").isEmpty)
        }
        #expect(acknowledged.count > Self.kills, "too few uploads were acknowledged to prove anything")
        #expect(scrapes > Self.kills && floor > 0, "too few scrapes to prove anything: \(scrapes), \(floor) counted")

        for name in try await daemon.datasetNames() {
            let difference = GeneratedTable(name).difference(from: try await daemon.texts(of: name))
            #expect(difference == nil, "\(difference ?? "")")
        }
        #expect(try await daemon.terminate() == .exited(0))
        try await expectSoundFiles(daemon)
    }

    /// Uploads and counts until the kill, which comes at any moment after a few answers.
    private func run(round: Int, of daemon: DaemonProcess) async throws -> (
        names: [String], total: Int, scrapes: Int
    ) {
        let acknowledged = Acknowledged()
        let killed = try await withThrowingTaskGroup(of: Void.self) { group in
            for uploader in 1...Self.uploaders {
                group.addTask {
                    var number = 0
                    while true {
                        number += 1
                        let table = GeneratedTable("r\(round)_u\(uploader)_\(number)")
                        guard let reply = try? await daemon.upload(table.name, table.csv) else { return }
                        guard reply.status == 201 else { throw TestFailure("\(reply.status): \(reply.text)") }
                        acknowledged.dataset(table.name)
                    }
                }
            }
            group.addTask {
                while let reply = try? await daemon.post(
                    "/admin/v1/simulate", json: #"{"type":"simulated","count":1}"#, by: .control)
                {
                    acknowledged.count(try reply.decoded(SimulateReply.self).total)
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            group.addTask {
                while let total = try? await daemon.metric("app_errors_total{type=\"simulated\"}") {
                    acknowledged.scraped(Int(total))
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            let few = Int.random(in: 1...5)
            _ = try await eventually("uploads are answered", every: .milliseconds(5)) {
                acknowledged.names.count >= few ? true : nil
            }
            // Every tenth round is long enough for counters to be due.
            try await Task.sleep(for: .milliseconds(round % 10 == 0 ? 1500 : Int.random(in: 0...60)))
            let killed = ContinuousClock.now
            daemon.kill9()
            try await group.waitForAll()
            return killed
        }
        return (acknowledged.names, acknowledged.total(olderThanASecondAt: killed), acknowledged.scrapes)
    }

    /// The database is sound, and every segment file is named by it.
    private func expectSoundFiles(_ daemon: DaemonProcess) async throws {
        let database = daemon.stateDirectory + "/csvand.db"
        let check = try await ProgramRun.run("sqlite3", [database, "PRAGMA integrity_check"])
        #expect(check.output == "ok\n")
        let named = try await ProgramRun.run("sqlite3", [database, "SELECT id || '.db' FROM segment_file ORDER BY 1"])
        #expect(named.output.split(separator: "\n").map(String.init).sorted() == daemon.files(in: "segments"))
        #expect(daemon.files(in: "spool").isEmpty)
    }

    @Test(.timeLimit(.minutes(2)))
    func countersAreExactAfterSIGTERM() async throws {
        try await withDaemon { daemon in
            for type in ["simulated", "training_failure"] {
                let body = "{\"type\":\"\(type)\",\"count\":7}"
                #expect(try await daemon.post("/admin/v1/simulate", json: body, by: .control).status == 200)
            }
            let table = GeneratedTable("kept")
            #expect(try await daemon.upload(table.name, table.csv).status == 201)
            let series = [
                "app_errors_total{type=\"simulated\"}", "app_errors_total{type=\"training_failure\"}",
                "csvand_ingest_bytes_total",
            ]
            // The last increment is milliseconds old when the signal comes.
            #expect(try await daemon.get("/simulate-error/").status == 500)
            #expect(try await daemon.terminate() == .exited(0))
            try await daemon.start()
            let values = [8, 7, Double(table.csv.utf8.count)]
            for (name, value) in zip(series, values) { #expect(try await daemon.metric(name) == value, "\(name)") }
        }
    }
}
