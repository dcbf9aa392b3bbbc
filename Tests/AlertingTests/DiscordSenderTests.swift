import Foundation
import Shared
import Testing

@testable import Alerting
@testable import Transfer

@Suite struct DiscordSenderTests {
    private let sender = DiscordSender(allowInsecureLoopback: true, timeoutSeconds: 10)

    private func payload(title: String = "t") throws -> String {
        var pipeline = AlertPipeline(settings: PipelineSettings(), nextNumber: 12)
        var record = try pipeline.taken(alert(), at: noon).incident.record
        record.title = title
        return DiscordMessage(record, nonce: "n1").json
    }

    @Test func postsOnceAndThenEditsTheSameMessage() throws {
        let discord = try DiscordReceiver()
        defer { discord.server.stop() }
        let posted = sender.send(try payload(), to: discord.webhook)
        #expect(posted == .delivered(messageId: "1000000000000000001"))
        let edited = sender.send(try payload(title: "later"), messageId: "1000000000000000001", to: discord.webhook)
        #expect(edited == .delivered(messageId: "1000000000000000001"))
        #expect(discord.messages.count == 1)
        let requests = discord.server.received
        #expect(requests.map(\.method) == ["POST", "PATCH"])
        #expect(
            requests.map(\.target) == [
                "/api/webhooks/1/t0ken?wait=true", "/api/webhooks/1/t0ken/messages/1000000000000000001",
            ])
        #expect(requests[0].text.contains(#""nonce":"n1""#))
        #expect(!requests[1].text.contains("nonce"))
        for request in requests { try expectWithinLimits(request.text) }
    }

    @Test func tellsHowLongToWaitAfterA429() throws {
        let discord = try DiscordReceiver()
        defer { discord.server.stop() }
        discord.next(.rateLimit(seconds: 0.65), .rateLimitByHeader(seconds: 3))
        #expect(sender.send(try payload(), to: discord.webhook) == .rateLimited(retryAfterSeconds: 0.65))
        #expect(sender.send(try payload(), to: discord.webhook) == .rateLimited(retryAfterSeconds: 3))
    }

    @Test func tellsWhatIsFinalFromWhatMayPass() throws {
        let discord = try DiscordReceiver()
        defer { discord.server.stop() }
        discord.next(.gone, .serverError, .drop, .redirect)
        #expect(
            sender.send(try payload(), to: discord.webhook)
                == .refused(reason: "the receiver answered 404: Unknown Webhook"))
        #expect(sender.send(try payload(), to: discord.webhook) == .failed(reason: "the receiver answered 502"))
        #expect(
            sender.send(try payload(), to: discord.webhook)
                == .failed(reason: "the connection broke off: Empty reply from server"))
        #expect(
            sender.send(try payload(), to: discord.webhook)
                == .refused(reason: "the receiver answered 302, and redirects are not followed"))
        #expect(
            sender.send("{}", to: discord.webhook)
                == .refused(reason: "the receiver answered 400: Cannot send an empty message"))
        let long = try payload().replacing("[FIRING] t", with: String(repeating: "x", count: 300))
        #expect(
            sender.send(long, to: discord.webhook)
                == .refused(
                    reason:
                        "the receiver answered 400: Invalid Form Body at embeds.0.title: Must be 256 or fewer in length."
                ))
        #expect(sender.send(try payload(), messageId: "5", to: discord.webhook) == .messageGone)
    }

    @Test func givesUpASlowReceiverAfterItsTime() throws {
        let discord = try DiscordReceiver()
        defer { discord.server.stop() }
        discord.next(.slow)
        var quick = sender
        quick.timeoutSeconds = 0.3
        guard case .failed(let reason) = quick.send(try payload(), to: discord.webhook) else {
            Issue.record("a slow receiver is not told as one")
            return
        }
        #expect(reason.hasPrefix("timed out: "))
    }

    @Test func worksOnAThreadOfItsOwn() async throws {
        let discord = try DiscordReceiver()
        defer { discord.server.stop() }
        let result = await sender.sendOnOwnThread(try payload(), to: discord.webhook)
        #expect(result == .delivered(messageId: "1000000000000000001"))
    }

    @Test(arguments: [
        ("http://discord.com/api/webhooks/1/t", "the webhook URL http://discord.com/… is not https"),
        ("https://example.org/api/webhooks/1/t", "the host example.org is none of Discord's"),
        ("https://discord.com.example.org/api/webhooks/1/t", "the host discord.com.example.org is none of Discord's"),
        ("https://discord.com@example.org/api/webhooks/1/t", "the webhook URL holds a user name"),
        ("https://discord.com/invite/x", "the webhook URL has not the form https://discord.com/api/webhooks/ID/TOKEN"),
        ("http://127.0.0.1:9/x", "the webhook URL http://127.0.0.1:9/… is not https"),
        ("https://169.254.169.254/api/webhooks/", "the host 169.254.169.254 is none of Discord's"),
    ])
    func refusesEveryOtherPlace(url: String, reason: String) throws {
        let strict = DiscordSender()
        #expect(strict.send(try payload(), to: SecretURL(url)) == .refused(reason: reason))
    }

    @Test(arguments: ["https://discord.com/api/webhooks/1/t", "https://ptb.discord.com/api/v10/webhooks/1/t"])
    func takesDiscordsOwnHosts(url: String) {
        #expect(DiscordSender().objection(to: SecretURL(url)) == nil)
    }

    @Test func noReasonHoldsTheToken() throws {
        let discord = try DiscordReceiver()
        discord.server.stop()
        guard case .failed(let reason) = sender.send(try payload(), to: discord.webhook) else {
            Issue.record("a closed port is not told as one")
            return
        }
        #expect(!reason.contains("t0ken"))
        #expect(
            sender.send("{}", messageId: "../x", to: discord.webhook)
                == .refused(reason: "the stored message id is not a number"))
    }

    @Test func theOutboxReachesAReceiverThatWasAwayWithTheLastState() throws {
        let discord = try DiscordReceiver()
        defer { discord.server.stop() }
        discord.next(.drop, .rateLimit(seconds: 2), .serverError)
        let schedule = OutboxSchedule()
        var pipeline = AlertPipeline(settings: PipelineSettings(), nextNumber: 12)
        let opened = try pipeline.taken(alert(), at: noon)
        var message = try #require(
            OutboxMessage.messages(for: opened, to: "discord", status: nil, at: noon).first)
        var (pace, now) = (OutboxSchedule.Pace(), noon)
        for step in 0..<20 where message.state == .queued {
            if step == 2 {
                let taken = try pipeline.acknowledge(12, AcknowledgeRequest(), by: "ana", at: now)
                message = try #require(
                    OutboxMessage.messages(for: taken, to: "discord", status: message, at: now).first)
            }
            now = max(now, try #require(schedule.nextDue([message], pace: pace)))
            let due = try #require(schedule.due([message], pace: pace, at: now))
            let result = sender.send(due.payload, messageId: due.messageId, to: discord.webhook)
            message = schedule.after(result, current: message, attempted: due, jitter: 0.5, at: now)
            pace = schedule.pace(pace, after: result, at: now)
        }
        #expect(message.state == .sent)
        #expect(message.messageId == "1000000000000000001")
        #expect(discord.server.received.count == 4)
        #expect(discord.messages.count == 1)
        #expect(discord.messages.values.first?.contains("[ACKNOWLEDGED]") == true)
    }
}
