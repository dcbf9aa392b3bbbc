import Foundation
import Shared
import Testing

@testable import Alerting

@Suite struct DiscordOutboxTests {
    let schedule = OutboxSchedule(mostAttempts: 3)

    private func change() throws -> IncidentChange {
        var pipeline = AlertPipeline(settings: PipelineSettings(), nextNumber: 12)
        return try pipeline.taken(alert(), at: noon)
    }

    private func message(_ number: Int64 = 1, at: Date = noon) throws -> OutboxMessage {
        var message = try #require(
            OutboxMessage.messages(for: change(), to: "discord", status: nil, at: at).first)
        message.number = number
        return message
    }

    @Test func aChangeReplacesTheMessageThatIsThere() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings(), nextNumber: 12)
        var first = try #require(
            OutboxMessage.messages(for: pipeline.taken(alert(), at: noon), to: "discord", status: nil, at: noon).first)
        #expect(first.number == 0)
        #expect(first.nonce == "sc-mwtec51k")
        first.number = 7
        first.state = .sent
        first.messageId = "99"
        let taken = try pipeline.acknowledge(12, AcknowledgeRequest(), by: "ana", at: after(5))
        let next = OutboxMessage.messages(for: taken, to: "discord", status: first, at: after(5))
        #expect(next.map(\.number) == [7])
        #expect(next.first?.messageId == "99")
        #expect(next.first?.state == .queued)
        #expect(next.first?.nonce == first.nonce)
        #expect(next.first?.payload.contains("[ACKNOWLEDGED]") == true)
        let quietNote = try pipeline.note(12, NoteRequest(text: "x"), by: "ana", at: after(6))
        #expect(OutboxMessage.messages(for: quietNote, to: "discord", status: first, at: after(6)).isEmpty)
    }

    @Test func aReminderIsAMessageOfItsOwn() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings(repeatIntervalSeconds: 60))
        _ = pipeline.take(alert(), at: noon)
        let reminder = try pipeline.ticked(at: after(60))
        let messages = OutboxMessage.messages(for: reminder, to: "discord", status: nil, at: after(60))
        #expect(messages.map(\.kind) == [.status, .reminder])
        #expect(Set(messages.map(\.nonce)).count == 2)
    }

    @Test func triesTheOldestDueAtMostOnceASecond() throws {
        let messages = [try message(2, at: after(1)), try message(1)]
        #expect(schedule.due(messages, pace: .init(), at: after(2))?.number == 1)
        #expect(schedule.due(messages, pace: .init(lastAttemptAt: after(1.5)), at: after(2)) == nil)
        #expect(schedule.nextDue(messages, pace: .init(lastAttemptAt: after(1.5))) == after(2.5))
        #expect(schedule.due(messages, pace: .init(blockedUntil: after(3)), at: after(2)) == nil)
        #expect(schedule.due(messages, pace: .init(lastAttemptAt: after(90_000)), at: after(2)) != nil)
        #expect(schedule.nextDue([], pace: .init()) == nil)
    }

    @Test func triesAgainWithDoublingDelaysAndGivesUp() throws {
        #expect((1...8).map { schedule.delay(after: $0, jitter: 1) } == [1, 2, 4, 8, 16, 32, 60, 60])
        #expect((1...8).map { schedule.delay(after: $0, jitter: 0) } == [1, 1, 2, 4, 8, 16, 30, 30])
        #expect(schedule.delay(after: .max, jitter: 0.5) == 45)
        var message = try message()
        for attempt in 1...3 {
            message = schedule.after(
                .failed(reason: "down"), current: message, attempted: message, jitter: 1, at: after(Double(attempt)))
            #expect(message.attempts == attempt)
        }
        #expect(message.state == .dead)
        #expect(
            OutboxSchedule.entry(message, after: .failed(reason: "down"), at: noon)?.text
                == "Discord will not be notified at attempt 3: down")
    }

    @Test func waitsAsLongAsItIsToldWithoutCountingATry() throws {
        let message = try message()
        let limited = schedule.after(
            .rateLimited(retryAfterSeconds: 2.5), current: message, attempted: message, jitter: 0, at: noon)
        #expect(limited.attempts == 0)
        #expect(limited.state == .queued)
        #expect(limited.nextAttemptAt == after(2.5))
        let pace = schedule.pace(.init(), after: .rateLimited(retryAfterSeconds: 2.5), at: noon)
        #expect(pace == .init(lastAttemptAt: noon, blockedUntil: after(2.5)))
    }

    @Test func queuesAgainWhatChangedWhileItWasSent() throws {
        let attempted = try message()
        var current = attempted
        current.payload = "{}"
        let sent = schedule.after(
            .delivered(messageId: "5"), current: current, attempted: attempted, jitter: 0, at: after(1))
        #expect(sent.state == .queued)
        #expect(sent.messageId == "5")
        #expect(sent.nextAttemptAt == after(1))
        let unchanged = schedule.after(
            .delivered(messageId: "5"), current: attempted, attempted: attempted, jitter: 0, at: after(1))
        #expect(unchanged.state == .sent)
        #expect(
            OutboxSchedule.entry(unchanged, after: .delivered(messageId: "5"), at: noon)?.text
                == "Discord accepted the message")
    }

    @Test func postsAnewWhatWasDeletedAndGivesUpWhatIsRefused() throws {
        var message = try message()
        message.messageId = "5"
        let gone = schedule.after(.messageGone, current: message, attempted: message, jitter: 0, at: after(1))
        #expect(gone.messageId == nil)
        #expect(gone.state == .queued)
        let refused = schedule.after(
            .refused(reason: "no"), current: message, attempted: message, jitter: 0, at: after(1))
        #expect(refused.state == .dead)
        #expect(refused.reply.lastError == "no")
    }
}
