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
            TimelineEntry(at: after(0.4), kind: "notified", by: "csvand", text: "Discord accepted the message"), on: 12)
        _ = try pipeline.acknowledge(
            12, AcknowledgeRequest(comment: "on it", durationSeconds: 600), by: "ana", at: after(125))
        _ = pipeline.take(alert(endsAt: after(300)), at: after(300))
        let request = ResolveRequest(
            cause: "Someone called /simulate-error/.", impact: "Three requests failed.",
            actions: "asked around\nfound them", prevention: nil)
        return try pipeline.resolve(12, request, by: "ana", at: after(3_780)).incident.record
    }

    /// From elsewhere, never acknowledged, without a value, over by itself, and still open; its texts try to be markup.
    private func sparse() throws -> IncidentReply {
        var pipeline = AlertPipeline(settings: PipelineSettings(), nextNumber: 3)
        var foreign = alert("Node|Down`", ["severity": "critical", "instance": "<b>db1</b>|x"], source: .prometheus)
        foreign.value = nil
        foreign.annotations = [
            "summary": "# db1 [down](http://evil.example)\n| *now* &lt;", "description": "- <img src=x>\u{202E} `a`",
        ]
        _ = pipeline.take([foreign], at: after(1)) { _ in
            Evidence(expression: "", value: nil, version: "1.0", configHash: "abc")
        }
        _ = try pipeline.note(
            3, NoteRequest(text: "until 2026-11-23: <script>alert(1)</script>"), by: "j|m", at: after(60))
        foreign.endsAt = after(240)
        return try #require(pipeline.take([foreign], at: after(240), evidence: evidence).first).incident.record
    }

    /// A drill, with all that is recorded under systemd.
    private func drill() throws -> IncidentReply {
        var pipeline = AlertPipeline(settings: PipelineSettings(), nextNumber: 1)
        var drilled = alert("SimulatedError", ["severity": "warning", "drill": "true"], source: .drill)
        drilled.value = 1.000_46
        drilled.annotations = [
            "summary": DrillAccount.titlePrefix + "Somebody simulated an error",
            "runbook": "docs/runbook.md#simulatederror",
        ]
        _ = pipeline.take([drilled], at: noon) { alert in
            var found = evidence(alert)
            found.lastReloadAt = after(-90)
            found.runningJobs = ["training j1", "export j2"]
            found.journal = [.init(at: after(-1), priority: 4, text: "simulated | asked for", requestId: "r-9")]
            return found
        }
        _ = try pipeline.acknowledge(
            1, AcknowledgeRequest(comment: DrillAccount.cause), by: DrillAccount.actor, at: after(1))
        let request = ResolveRequest(
            cause: DrillAccount.cause, impact: DrillAccount.impact, actions: DrillAccount.actions,
            prevention: DrillAccount.prevention)
        return try pipeline.resolve(1, request, by: DrillAccount.actor, at: after(2)).incident.record
    }

    /// Acknowledged for a time that ran out, fired again with more, acknowledged without a word, resolved without a cause.
    private func reopened() throws -> IncidentReply {
        var pipeline = AlertPipeline(settings: PipelineSettings(), nextNumber: 8)
        _ = pipeline.take([alert()], at: noon, evidence: evidence)
        _ = try pipeline.acknowledge(8, AcknowledgeRequest(durationSeconds: 60), by: "zoé", at: after(5))
        _ = pipeline.tick(at: after(65))
        _ = pipeline.take(alert(endsAt: after(300)), at: after(300))
        var again = alert(at: after(400))
        again.value = 7.5
        _ = pipeline.take(again, at: after(400))
        _ = try pipeline.acknowledge(8, AcknowledgeRequest(), by: "zoé", at: after(410))
        return try pipeline.resolve(8, ResolveRequest(), by: "max", at: after(90_000)).incident.record
    }

    @Test func isADocumentInEnglish() throws {
        #expect(Postmortem(try resolved()).markdown == Self.english)
    }

    @Test func isADocumentInFrench() throws {
        #expect(Postmortem(try resolved(), language: .french).markdown == Self.french)
    }

    @Test func saysWhatWasNotRecordedAndEscapesWhatOthersWrote() throws {
        #expect(Postmortem(try sparse()).markdown == Self.sparseEnglish)
        #expect(Postmortem(try sparse(), language: .french).markdown == Self.sparseFrench)
    }

    @Test func saysThatADrillWasOneInTheReadersLanguage() throws {
        #expect(Postmortem(try drill()).markdown == Self.drillEnglish)
        #expect(Postmortem(try drill(), language: .french).markdown == Self.drillFrench)
    }

    @Test func tellsOfAnAcknowledgementThatRanOutAndOfASecondFiring() throws {
        #expect(Postmortem(try reopened()).markdown == Self.reopenedEnglish)
        #expect(Postmortem(try reopened(), language: .french).markdown == Self.reopenedFrench)
    }

    @Test func hasTheSpacesOfFrenchTypography() throws {
        for record in [try resolved(), try sparse(), try drill(), try reopened()] {
            let text = Postmortem(record, language: .french).markdown
            // Code, tables' rules and words of other people are theirs.
            let prose = text.replacing(/`[^`]*`/, with: "").split(separator: "\n").filter { !$0.contains("---") }
            for line in prose where !line.contains(/on it|<|evil/) {
                #expect(!line.contains(#/[^\u{A0}\d\w]:|\w: |[^\u{202F}][;?!]|\d (s|min|h|j)\b|« | »/#), "\(line)")
            }
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

    @Test func writesMomentsAsPeopleDo() {
        let moments = ["2026-01-01T00:00:00Z", "2026-08-31T23:59:59.9Z"].map {
            Postmortem.Words.french.moment(WireTime.date($0)!)
        }
        #expect(moments == ["1er janvier 2026 à 00:00:00 UTC", "31 août 2026 à 23:59:59 UTC"])
        #expect(Postmortem.Words.english.moment(noon) == "23 November 2026 at 15:04:05 UTC")
    }

    @Test func leavesACommentThatLooksLikeTheJournalsOwn() {
        func detail(_ text: String) -> String {
            Postmortem.Words.french.detail(TimelineEntry(at: noon, kind: "acknowledged", by: "ana", text: text))
        }
        #expect(detail("until tomorrow") == "until tomorrow")
        #expect(
            detail("until 2026-11-23 15:16:10 UTC: until tomorrow")
                == "jusqu’au 2026-11-23 à 15:16:10 UTC\u{A0}: until tomorrow")
    }

    @Test func writesDurationsAsPeopleDo() {
        let seconds: [Double] = [0, 0.024, 0.44, 9.96, 45, 125, 3_600, 3_780, 90_000, .nan]
        #expect(
            seconds.map(Postmortem.Words.english.duration)
                == ["0 s", "24 ms", "0.4 s", "10 s", "45 s", "2 min 5 s", "1 h", "1 h 3 min", "1 d 1 h", "–"])
        #expect(Postmortem.Words.french.duration(0.44) == "0,4\u{A0}s")
        #expect(Postmortem.Words.french.duration(90_000) == "1\u{A0}j\u{A0}1\u{A0}h")
    }
}
