import Foundation
import Shared
import Testing

@testable import Alerting

@Suite struct PostmortemTests {
    private func resolved() throws -> IncidentReply {
        var pipeline = AlertPipeline(settings: PipelineSettings(), nextNumber: 12)
        let known = { (alert: IncomingAlert) in
            var found = evidence(alert)
            found.series = [
                .init(
                    metric: "app_errors_total", labels: ["type": "simulated"],
                    samples: [[1_795_446_233, 0], [1_795_446_238, 0], [1_795_446_243, 3]])
            ]
            found.errors = [
                .init(
                    at: after(-2), type: "simulated", code: "simulated", requestId: "r-7",
                    route: "GET /simulate-error/",
                    text: "a simulated error | asked for")
            ]
            found.journalFrom = "s=1;i=2"
            return found
        }
        _ = pipeline.take([alert()], at: noon, evidence: known)
        _ = pipeline.record(
            TimelineEntry(at: after(0.4), kind: "notified", by: "csvand", text: "discord took the message"), on: 12)
        _ = try pipeline.acknowledge(
            12, AcknowledgeRequest(comment: "on it", durationSeconds: 600), by: "ana", at: after(125))
        _ = pipeline.take(alert(endsAt: after(300)), at: after(300))
        let request = ResolveRequest(
            cause: "Someone called /simulate-error/.", impact: "Three requests failed.",
            actions: "asked around\nfound them", prevention: nil)
        return try pipeline.resolve(12, request, by: "ana", at: after(3_780)).incident.record
    }

    @Test func isADocumentInEnglish() throws {
        #expect(Postmortem(try resolved()).markdown == Self.english)
    }

    @Test func isADocumentInFrench() throws {
        #expect(Postmortem(try resolved(), language: .french).markdown == Self.french)
    }

    @Test func saysWhatWasNotRecorded() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings(), nextNumber: 3)
        var quiet = alert()
        quiet.value = nil
        let text = Postmortem(try pipeline.taken(quiet, at: noon).incident.record).markdown
        for sentence in [
            "Nobody acknowledged it. It is not resolved yet.", "No impact was recorded.", "No cause was recorded.",
            "No actions were recorded.", "No prevention was recorded.", "No series was recorded.",
            "No error was recorded before the rule fired.", "| Value when it fired | not told |",
        ] {
            #expect(text.contains(sentence))
        }
    }

    @Test func leavesNoEnglishInTheFrenchTimeline() throws {
        let reasons: [NotifyReason] = [
            .firstTime, .repeatInterval(seconds: 1), .acknowledgementExpired, .silenceEnded, .inhibitionEnded,
            .waitsForGroup(seconds: 1), .silenced(id: "a", by: "b"), .inhibited(by: "k"), .logOnly,
        ]
        for reason in reasons {
            let entry = TimelineEntry(at: noon, kind: "suppressed", by: "csvand", text: reason.text)
            let text = Postmortem.Words.french.detail(entry)
            #expect(text != Postmortem.Words.english.detail(entry))
            for word in [" the ", "still", " of its", "told", " is ", "firing"] {
                #expect(!text.contains(word), "\(text)")
            }
        }
        for kind in TimelineKind.allCases {
            #expect(Postmortem.Words.french.events[kind] != nil)
            #expect(Postmortem.Words.english.events[kind] != nil)
        }
    }

    @Test func writesDurationsAsPeopleDo() {
        let seconds: [Double] = [0, 0.44, 9.96, 45, 125, 3_600, 3_780, 90_000, .nan]
        #expect(
            seconds.map(Postmortem.Words.english.duration)
                == ["0 s", "0.4 s", "10 s", "45 s", "2 min 5 s", "1 h", "1 h 3 min", "1 d 1 h", "–"])
        #expect(Postmortem.Words.french.duration(0.44) == "0,4 s")
        #expect(Postmortem.Words.french.duration(90_000) == "1 j 1 h")
    }
}
