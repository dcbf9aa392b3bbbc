import Foundation
import Shared
import Testing

/// R10: the daemon is killed again and again while alerts fire and the receiver has its moods.
@Suite(.serialized) struct NotificationKillTests {
    /// `CSVAND_SOAK=1` makes it the full run.
    private static let isSoak = ProcessInfo.processInfo.environment["CSVAND_SOAK"] == "1"

    @Test(.timeLimit(.minutes(20)))
    func everyIncidentIsToldAndAKillCostsAtMostOneDuplicate() async throws {
        let kills = Self.isSoak ? 50 : 6
        let receiver = try DiscordReceiver()
        try await withDaemon(configuration: try receiver.settings()) { daemon in
            var opened = 0
            for round in 1...kills {
                try receiver.be(["429 0.3", nil, "503", nil, "drop", nil][round % 6])
                for _ in 0..<2 {
                    opened += 1
                    let alert = """
                        [{"labels":{"alertname":"Load","severity":"critical","n":"\(opened)"},"annotations":{"summary":"load \(opened)."},
                          "startsAt":"2026-01-01T00:00:00Z","endsAt":"2100-01-01T00:00:00Z"}]
                        """
                    // What was answered 200 is an incident; what the kill cut off may be none.
                    let status = try await daemon.post("/api/v2/alerts", json: alert).status
                    #expect(status == 200)
                }
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...1300)))
                daemon.kill9()
                try await daemon.start()
            }
            try receiver.be(nil)
            let incidents = try await daemon.get("/api/v1/incidents?limit=1000").decoded(Page<IncidentReply>.self).items
            #expect(incidents.count == opened, "none is lost, none is doubled")
            _ = try await eventually("the outbox is empty", within: Double(30 + 3 * opened)) {
                try await daemon.status().outbox == 0 ? true : nil
            }
            let posts = try receiver.received().filter { $0.method == "POST" && $0.status == 200 }
            for number in 1...opened {
                #expect(posts.contains { $0.title == "[FIRING] load \(number)." }, "incident \(number) was not told")
            }
            #expect(posts.count - opened <= kills, "\(posts.count) posts for \(opened) incidents and \(kills) kills")
            for (_, copies) in Dictionary(grouping: posts, by: \.title) {
                #expect(Set(copies.map(\.body.nonce)).count == 1, "a copy has the nonce of the first")
            }
        }
    }

    @Test(.timeLimit(.minutes(15)))
    func aReceiverThatIsAwayIsTriedAtMostOnceASecondAndMissesNothing() async throws {
        let seconds = Self.isSoak ? 600.0 : 5
        let receiver = try DiscordReceiver()
        try await withDaemon(configuration: try receiver.settings()) { daemon in
            try receiver.be("drop")
            for number in 1...5 {
                let alert = """
                    [{"labels":{"alertname":"Away","n":"\(number)"},"annotations":{"summary":"away \(number)."},
                      "startsAt":"2026-01-01T00:00:00Z","endsAt":"2100-01-01T00:00:00Z"}]
                    """
                #expect(try await daemon.post("/api/v2/alerts", json: alert).status == 200)
            }
            try await Task.sleep(for: .seconds(seconds))
            let tries = try receiver.received().map(\.at)
            #expect(!tries.isEmpty)
            #expect(zip(tries, tries.dropFirst()).allSatisfy { $1 - $0 > 0.95 }, "\(tries)")
            try receiver.be(nil)
            _ = try await eventually("all are told", within: 90) {
                let told = try receiver.received().filter { $0.status == 200 && $0.method == "POST" }
                return Set(told.map(\.title)).count == 5 ? true : nil
            }
            #expect(try await daemon.metric("csvand_notification_dead_letters") == 0)
        }
    }

    @Test func a429IsWaitedOut() async throws {
        let receiver = try DiscordReceiver()
        try await withDaemon(configuration: try receiver.settings()) { daemon in
            try receiver.be("429 3")
            _ = try await daemon.get("/simulate-error/")
            try await receiver.wait(forCalls: 1, seconds: 10)
            try receiver.be(nil)
            try await receiver.wait(forCalls: 2, seconds: 20)
            let calls = try receiver.received()
            #expect(calls.map(\.status) == [429, 200])
            #expect(calls[1].at - calls[0].at >= 2.9)
        }
    }

    @Test func aWebhookThatIsReplacedTakesWhatTheLastOneRefused() async throws {
        let receiver = try DiscordReceiver()
        let hook = receiver.directory.path + "/hook"
        let settings = try receiver.settings()
        try "https://127.0.0.1:1/api/webhooks/1/brokentls".write(toFile: hook, atomically: true, encoding: .utf8)
        try await withDaemon(configuration: settings) { daemon in
            _ = try await daemon.get("/simulate-error/")
            _ = try await eventually("it is tried in vain") {
                try await daemon.get("/api/v1/incidents/1").decoded(IncidentReply.self).notifications?.first?.lastError
            }
            #expect(try receiver.received().isEmpty)
            try receiver.url.write(toFile: hook, atomically: true, encoding: .utf8)
            #expect(try await daemon.csvctl("reload").status == 0)
            try await receiver.wait(forPosts: 1, seconds: 20)
            #expect(!daemon.log.contains("brokentls") && !daemon.log.contains("/api/webhooks"))
        }
    }

    /// A certificate that nobody vouches for, one of another name besides, and no TLS where TLS is expected.
    @Test(arguments: ["127.0.0.1", "discord.com", nil])
    func aReceiverWithBrokenTLSGetsNoMessageAndIsTriedAgain(_ name: String?) async throws {
        let broken = try DiscordReceiver(certificateOf: name)
        let receiver = try DiscordReceiver()
        let settings = try receiver.settings()
        let hook = receiver.directory.path + "/hook"
        try broken.url.replacing("http://", with: "https://").write(toFile: hook, atomically: true, encoding: .utf8)
        try await withDaemon(configuration: settings) { daemon in
            _ = try await daemon.get("/simulate-error/")
            let reason = try await eventually("it is tried in vain") {
                try await daemon.get("/api/v1/incidents/1").decoded(IncidentReply.self).notifications?.first?.lastError
            }
            #expect(reason.hasPrefix("the encrypted connection was refused: "), "\(reason)")
            #expect(try broken.received().isEmpty)
            #expect(try await daemon.metric("csvand_notification_dead_letters") == 0)
            try receiver.url.write(toFile: hook, atomically: true, encoding: .utf8)
            #expect(try await daemon.csvctl("reload").status == 0)
            try await receiver.wait(forPosts: 1, seconds: 20)
        }
    }

    @Test func silencesIncidentsAndTheirReasonsSurviveAKill() async throws {
        let receiver = try DiscordReceiver()
        try await withDaemon(configuration: try receiver.settings()) { daemon in
            let added = try await daemon.csvctl(
                "silences", "add", "alertname=SimulatedError", "--for", "1h", "--by", "ana")
            #expect(added.status == 0)
            _ = try await daemon.get("/simulate-error/")
            _ = try await eventually("the incident") {
                try await daemon.get("/api/v1/incidents/1").status == 200 ? true : nil
            }
            #expect(try await daemon.csvctl("incidents", "ack", "1", "--for", "1h", "--by", "ana").status == 0)
            daemon.kill9()
            try await daemon.start()
            try await Task.sleep(for: .seconds(1))
            let incident = try await daemon.get("/api/v1/incidents/1").decoded(IncidentReply.self)
            #expect(incident.state == .acknowledged)
            let held = incident.timeline.filter { $0.kind == "suppressed" }
            #expect(
                held.count == 1 && held.first?.text.hasPrefix("silenced: by silence ") == true, "\(incident.timeline)")
            #expect(held.first?.text.hasSuffix(" (ana)") == true)
            #expect(try receiver.received().isEmpty)
            let silences = try await daemon.get("/api/v1/silences").decoded(Page<SilenceReply>.self).items
            #expect(silences.map(\.state) == [.active])
            #expect(try await daemon.csvctl("silences", "expire", try #require(silences.first).id).status == 0)
            _ = try await eventually("it is over") {
                try await daemon.get("/api/v1/silences").decoded(Page<SilenceReply>.self).items.contains {
                    $0.state == .active
                } ? nil : true
            }
        }
    }
}
