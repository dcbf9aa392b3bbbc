import Foundation
import Shared
import Testing

/// The wall clock jumps a day either way under a running daemon: by libfaketime, which reads the offset from a file.
@Suite(.serialized) struct ClockJumpTests {
    private static let day = 86_400.0
    private static let simulated = "app_errors_total{type=\"simulated\"}"

    @Test(.timeLimit(.minutes(2)), arguments: [[1.0, 0], [-1, 0]])
    func countersNeverFallAndNoAlertStormFollows(days: [Double]) async throws {
        let receiver = try DiscordReceiver()
        let clock = receiver.directory.path + "/clock"
        func jump(_ days: Double) throws {
            try "\(days < 0 ? "" : "+")\(Int(days * Self.day))".write(toFile: clock, atomically: true, encoding: .utf8)
        }
        try jump(0)
        let daemon = try DaemonProcess(
            configuration: try receiver.settings(),
            // The library sets a variable when it is loaded first, after which Swift does not find the arguments behind the
            // environment; in a program that env replaces itself by, the variable is there already.
            wrapper: ["env"],
            environment: [
                "LD_PRELOAD": try Self.library(), "FAKETIME_TIMESTAMP_FILE": clock, "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            ])
        defer { daemon.kill9() }
        try await daemon.start()
        try await simulate(3, daemon)
        try await receiver.wait(forPosts: 1, seconds: 20)
        let started = try await Self.daemonTime(daemon)
        #expect(abs(started.timeIntervalSinceNow) < 60)

        var before = try await counters(daemon)
        var errors = 3.0
        for offset in days {
            try jump(offset)
            let now = try await Self.daemonTime(daemon)
            #expect(abs(now.timeIntervalSinceNow - offset * Self.day) < 60, "the clock of the daemon did not jump")
            // Long enough for several evaluations of every rule, and for what an absence of samples would set off.
            let end = ContinuousClock.now + .seconds(6)
            while ContinuousClock.now < end {
                let after = try await counters(daemon)
                for (name, value) in before { #expect((after[name] ?? -1) >= value, "\(name) fell") }
                before = after
                try await Task.sleep(for: .milliseconds(200))
            }
            // It still sees: what is counted now fires, once what fired before is resolved.
            let open = try await incidents(daemon).filter { $0.state != .resolved }
            for incident in open { #expect(try await daemon.csvctl("resolve", "\(incident.number)").status == 0) }
            let known = try await incidents(daemon).count
            try await simulate(1, daemon)
            errors += 1
            let next = try await eventually("an incident after the jump of \(offset) days") {
                let all = try await incidents(daemon)
                return all.count > known ? all.first : nil
            }
            #expect(next.rule == "SimulatedError" && next.state == .open)
            let detected = next.openedAt.timeIntervalSince(now)
            #expect(detected > -1 && detected < 60, "opened at \(next.openedAt), the daemon's clock said \(now)")
            #expect(try await daemon.metric(Self.simulated) == errors)
        }
        let all = try await incidents(daemon)
        #expect(all.allSatisfy { $0.rule == "SimulatedError" }, "\(all.map(\.rule)): a `for` that the jump ended?")
        #expect(all.count == 1 + days.count, "\(all.map(\.title))")
        // One message an incident, and the reminder of one that a day later was still open.
        let posts = try receiver.calls().filter { $0.hasPrefix("POST") }
        #expect(posts.count <= all.count + 1, "\(posts)")
        let status = try await daemon.get("/healthz").status
        #expect(status == 200)
        let values = try await counters(daemon)
        try jump(0)
        #expect(try await daemon.terminate() == .exited(0))
        try await daemon.start()
        #expect(try await daemon.metric(Self.simulated) == values[Self.simulated])
    }

    /// Counted without an answer of 500, which would be a share of few requests.
    private func simulate(_ count: Int, _ daemon: DaemonProcess) async throws {
        #expect(try await daemon.csvctl("simulate", "--count", "\(count)").status == 0)
    }

    /// What may only rise.
    private func counters(_ daemon: DaemonProcess) async throws -> [String: Double] {
        let lines = try await daemon.get("/metrics").text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        let pairs = lines.compactMap { line -> (String, Double)? in
            guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]),
                line[..<space].contains(/_total(\{|$)|_count(\{|$)|_bucket\{/)
            else { return nil }
            return (String(line[..<space]), value)
        }
        #expect(pairs.count > 50)
        return Dictionary(pairs) { $1 }
    }

    private func incidents(_ daemon: DaemonProcess) async throws -> [IncidentReply] {
        try await daemon.get("/api/v1/incidents").decoded(Page<IncidentReply>.self).items
    }

    /// What the daemon takes for now, by the time of a note that it records.
    private static func daemonTime(_ daemon: DaemonProcess) async throws -> Date {
        let noted = try await daemon.post("/api/v1/incidents/1/notes", json: #"{"text":"what time is it"}"#)
        guard noted.status == 200 else { throw TestFailure("\(noted.status): \(noted.text)") }
        return try #require(try noted.decoded(IncidentReply.self).timeline.last).at
    }

    private static func library() throws -> String {
        let roots = try FileManager.default.contentsOfDirectory(atPath: "/usr/lib")
        let places = roots.map { "/usr/lib/\($0)/faketime/libfaketimeMT.so.1" }
        return try #require(
            places.first { FileManager.default.fileExists(atPath: $0) }, "scripts/setup-debian.sh test installs it")
    }
}
