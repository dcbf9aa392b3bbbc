import Foundation
import Shared
import Testing

@testable import Alerting

@Suite struct DiscordMessageTests {
    private func record() throws -> IncidentReply {
        var pipeline = AlertPipeline(settings: PipelineSettings(), nextNumber: 12)
        return try pipeline.taken(alert(), at: noon).incident.record
    }

    @Test func rendersAFiringIncident() throws {
        var record = try record()
        record.annotations?["runbook"] = "https://example.org/runbook#simulated"
        let message = DiscordMessage(record, nonce: "n1")
        let embed = try #require(message.embeds.first)
        #expect(embed.title == "[FIRING] SimulatedError happened")
        #expect(embed.color == 10_038_562)
        #expect(embed.timestamp == "2026-11-23T15:04:05.000Z")
        #expect(
            embed.fields.map { "\($0.name): \($0.value)" } == [
                "Rule: SimulatedError", "Value: 3", "Severity: warning", "Since: 2026-11-23 15:04:05 UTC",
                "How to look: `csvctl incidents show 12`", "Runbook: <https://example.org/runbook#simulated>",
                "Labels: severity = warning\ntype = simulated", "Expression: `increase(x[5m]) > 0`",
            ])
        #expect(message.json.contains(#""allowed_mentions":{"parse":[]}"#))
        #expect(message.json.contains(#""nonce":"n1""#))
    }

    @Test func rendersAcknowledgedAndResolved() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings(), nextNumber: 12)
        _ = pipeline.take(alert(), at: noon)
        let taken = try pipeline.acknowledge(12, AcknowledgeRequest(comment: "on it"), by: "ana", at: after(30))
        let amber = try #require(DiscordMessage(taken.incident.record, nonce: "n").embeds.first)
        #expect(amber.title == "[ACKNOWLEDGED] SimulatedError happened")
        #expect(amber.color == 16_760_576)
        #expect(
            amber.fields.contains { $0.name == "Acknowledged by" && $0.value == "ana, 2026-11-23 15:04:35 UTC\non it" })
        let done = try pipeline.resolve(12, ResolveRequest(cause: "a drill"), by: "bo", at: after(125))
        let green = try #require(DiscordMessage(done.incident.record, nonce: "n").embeds.first)
        #expect(green.title == "[RESOLVED] SimulatedError happened")
        #expect(green.color == 3_066_993)
        #expect(green.fields.contains { $0.value == "bo, 2026-11-23 15:06:10 UTC, after 2 min 5 s" })
        #expect(green.fields.contains { $0.name == "Cause" && $0.value == "a drill" })
    }

    @Test func escapesMarkupAndMentionsInData() throws {
        var record = try record()
        record.title = "**bold** @everyone [x](http://evil) `code`\u{202E}"
        record.labels = ["path": "a_b|c\n# head"]
        let embed = try #require(DiscordMessage(record, nonce: "n").embeds.first)
        #expect(
            embed.title == "[FIRING] \\*\\*bold\\*\\* @\u{200B}everyone \\[x\\](http://evil) \\`code\\`")
        #expect(embed.fields.contains { $0.value == "path = a\\_b\\|c \\# head" })
    }

    @Test func keepsDiscordsLimitsWhateverTheIncidentHolds() throws {
        let longs = ["😀", "x", "\\", "`", "*", "\n", "line\n", "e\u{301}", "\u{0}"].map {
            String(repeating: $0, count: 9_000)
        }
        for long in longs {
            var record = try record()
            record.title = long
            record.rule = long
            record.state = .resolved
            record.resolvedAt = after(1)
            record.labels = Dictionary(uniqueKeysWithValues: (0..<64).map { ("label\($0)\(long.prefix(100))", long) })
            record.annotations = ["description": long, "runbook": long]
            record.cause = long
            record.impact = long
            record.actions = long
            record.evidence.expression = long
            record.evidence.errors = [.init(at: noon, type: "t", code: "c", requestId: long, route: nil, text: long)]
            record.timeline.append(TimelineEntry(at: noon, kind: "acknowledged", by: long, text: long))
            try expectWithinLimits(DiscordMessage(record, nonce: long).json)
            try expectWithinLimits(
                DiscordMessage(reminderOf: record, because: .acknowledgementExpired, nonce: long).json)
        }
    }

    @Test func cutsAtWholeLines() {
        #expect(DiscordText.cut("one\ntwo\nthree", to: 13) == "one\ntwo\nthree")
        #expect(DiscordText.cut("one\ntwo\nthree", to: 12) == "one\ntwo\n…")
        #expect(DiscordText.cut("one\ntwo\nthree", to: 8) == "one\n…")
        #expect(DiscordText.cut("abcdefgh", to: 5) == "abcd…")
        #expect(DiscordText.cut("a\\*\\*", to: 4) == "a\\*…")
        #expect(DiscordText.cut("ab\\*\\*", to: 4) == "ab…")
        #expect(DiscordText.cut("😀😀😀", to: 5) == "😀😀…")
    }

    @Test func rendersAReminder() throws {
        let message = DiscordMessage(reminderOf: try record(), because: .repeatInterval(seconds: 1), nonce: "n")
        #expect(
            message.content
                == "Incident 12, **SimulatedError happened**, is open since 2026-11-23 15:04:05 UTC: it still fires and nobody has acknowledged it.\nLook at it with `csvctl incidents show 12`"
        )
        #expect(message.embeds.isEmpty)
    }
}

/// Checks a body against Discord's documented limits, counted in UTF-16 units.
func expectWithinLimits(_ json: String) throws {
    let message = try JSONDecoder().decode(DiscordMessage.self, from: Data(json.utf8))
    #expect(message.content.utf16.count <= 2_000)
    #expect(message.allowedMentions.parse.isEmpty)
    #expect((message.nonce ?? "").utf16.count <= 25)
    #expect(message.embeds.count <= 10)
    #expect(!message.content.isEmpty || !message.embeds.isEmpty)
    var total = 0
    for embed in message.embeds {
        #expect((1...256).contains(embed.title.utf16.count))
        #expect((embed.description ?? "").utf16.count <= 4_096)
        #expect(embed.footer.text.utf16.count <= 2_048)
        #expect(embed.fields.count <= 25)
        total += embed.title.utf16.count + (embed.description ?? "").utf16.count + embed.footer.text.utf16.count
        for field in embed.fields {
            #expect((1...256).contains(field.name.utf16.count))
            #expect((1...1_024).contains(field.value.utf16.count))
            total += field.name.utf16.count + field.value.utf16.count
        }
    }
    #expect(total <= 6_000)
}
