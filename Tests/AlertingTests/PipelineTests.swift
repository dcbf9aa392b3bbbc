import Foundation
import Shared
import Testing

@testable import Alerting

@Suite struct PipelineTests {
    private let warning = ["severity": "warning", "type": "simulated"]
    private let critical = ["severity": "critical", "type": "simulated"]

    private func silence(_ matchers: [SilenceMatcher], seconds: Double = 60) throws -> Silence {
        try Silence(SilenceRequest(matchers: matchers, durationSeconds: seconds), id: "s1", by: "ana", at: noon)
    }

    @Test func silencedAlertsOpenAnIncidentThatNobodyIsToldOf() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        pipeline.add(try silence([.init(name: "type", op: .matches, value: "sim.*")]))
        let change = try pipeline.taken(alert(), at: after(1))
        #expect(change.isNew)
        #expect(change.intent == .none)
        #expect(change.reason == .silenced(id: "s1", by: "ana"))
        #expect(change.lines.last == "suppressed csvand: silenced: by silence s1 (ana)")
        #expect(pipeline.take(alert(at: after(2)), at: after(2))?.lines.count == 1)
        #expect(pipeline.tick(at: after(59)).isEmpty)
        let ended = try pipeline.ticked(at: after(60))
        #expect(ended.intent == .status)
        #expect(ended.lines == ["queued csvand: silence_ended: still firing after the silence"])
        #expect(pipeline.silences.isEmpty)
    }

    @Test func nobodyIsToldOfWhatWasQuietBeforeItsSilenceEnded() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        pipeline.add(try silence([.init(name: "type", op: .equal, value: "simulated")]))
        _ = pipeline.take(alert(), at: after(1))
        _ = pipeline.take(alert(endsAt: after(2)), at: after(2))
        #expect(pipeline.tick(at: after(61)).isEmpty)
        #expect(pipeline.tick(at: after(90_000)).isEmpty)
    }

    @Test func aSilenceEndsWhenItIsExpired() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        pipeline.add(try silence([.init(name: "rule", op: .equal, value: "SimulatedError")], seconds: 3_600))
        _ = pipeline.take(alert(), at: after(1))
        #expect(try pipeline.expireSilence(id: "s1", at: after(5)).reply(at: after(5)).state == .expired)
        #expect(pipeline.tick(at: after(5)).first?.reason == .silenceEnded)
        #expect(throws: IncidentError.unknownSilence(id: "s1")) { try pipeline.expireSilence(id: "s1", at: after(6)) }
    }

    @Test(arguments: [
        (SilenceMatcher.Comparison.equal, "simulated", true), (.equal, "sim", false), (.notEqual, "x", true),
        (.notEqual, "simulated", false), (.matches, "sim.*|x", true), (.matches, "sim", false),
        (.matchesNot, "x.*", true), (.matchesNot, "s.*", false),
    ])
    func matchersCompareTheWholeLabel(op: SilenceMatcher.Comparison, value: String, fits: Bool) throws {
        let matcher = try AlertMatcher(SilenceMatcher(name: "type", op: op, value: value))
        #expect(matcher.accepts(rule: "R", labels: warning) == fits)
    }

    @Test func refusesSilencesThatAreNoneOrHoldBackEverything() throws {
        #expect(throws: IncidentError.silenceWithoutMatcher) { try silence([]) }
        #expect(throws: IncidentError.silenceOfEverything) {
            try silence([.init(name: "a", op: .matches, value: ".*")])
        }
        #expect(throws: IncidentError.badMatcher(name: "1a", reason: "it is not a label name")) {
            try silence([.init(name: "1a", op: .equal, value: "x")])
        }
        #expect(throws: IncidentError.self) { try silence([.init(name: "a", op: .matches, value: "(")]) }
        #expect(throws: IncidentError.badDuration(seconds: 0)) {
            try silence([.init(name: "a", op: .equal, value: "x")], seconds: 0)
        }
        #expect(IncidentError.silenceWithoutMatcher.problem.detail == "A silence needs at least one matcher.")
    }

    @Test func aCriticalAlertHoldsBackTheWarningOfTheSameThing() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        let changes = pipeline.take([alert("R", warning), alert("R", critical)], at: noon, evidence: evidence)
        #expect(changes.map(\.reason) == [.inhibited(by: #"R{severity="critical",type="simulated"}"#), .firstTime])
        #expect(
            changes.first?.lines.last
                == #"suppressed csvand: inhibited: the critical incident R{severity="critical",type="simulated"} is open"#
        )
        _ = pipeline.take(alert("R", critical, endsAt: after(5)), at: after(5))
        let told = pipeline.tick(at: after(6))
        #expect(told.map(\.reason) == [.inhibitionEnded])
    }

    @Test func anotherRuleOrLabelIsNotHeldBack() {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        let other = alert("R", ["severity": "warning", "type": "other"])
        let changes = pipeline.take(
            [alert("R", critical), other, alert("S", warning)], at: noon, evidence: evidence)
        #expect(changes.map(\.reason) == [.firstTime, .firstTime, .firstTime])
    }

    @Test func theFirstMessageOfARuleWaitsForOthers() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings(groupWaitSeconds: 30))
        let first = try pipeline.taken(alert("R", ["type": "a"]), at: noon)
        #expect(first.intent == .none)
        #expect(first.lines.last == "suppressed csvand: waits_for_group: sent in 30 s together with others of its rule")
        _ = pipeline.take(alert("R", ["type": "b"]), at: after(10))
        #expect(pipeline.tick(at: after(20)).isEmpty)
        #expect(pipeline.nextDeadline == after(30))
        let told = pipeline.tick(at: after(30))
        #expect(told.map(\.reason) == [.firstTime, .firstTime])
        #expect(told.map(\.intent) == [.status, .status])
        #expect(pipeline.tick(at: after(31)).isEmpty)
    }

    @Test func tellsAgainAfterTheRepeatIntervalUnlessSomeoneHasTakenItOn() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings(repeatIntervalSeconds: 100))
        _ = pipeline.take(alert(), at: noon)
        #expect(pipeline.tick(at: after(99)).isEmpty)
        let again = try pipeline.ticked(at: after(100))
        #expect(again.intent == .reminder)
        #expect(again.lines == ["queued csvand: repeat_interval: still firing 100 s after the last notification"])
        _ = try pipeline.acknowledge(1, AcknowledgeRequest(), by: "ana", at: after(110))
        #expect(pipeline.tick(at: after(500)).isEmpty)
    }

    @Test func whatIsForTheLogOnlyReachesNoReceiver() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings(repeatIntervalSeconds: 10))
        let change = try pipeline.taken(alert("NotificationsFail", ["notify": "log"]), at: noon)
        #expect(change.intent == .log)
        #expect(
            change.lines.last
                == "suppressed csvand: log_only: the rule's label notify=log keeps it from every receiver")
        for second in [1.0, 20, 200] { #expect(pipeline.tick(at: after(second)).isEmpty) }
        let resolved = try pipeline.resolve(1, ResolveRequest(), by: "ana", at: after(300))
        #expect(resolved.intent == .log)
        #expect(OutboxMessage.messages(for: resolved, to: "discord", status: nil, at: noon).isEmpty)
    }

    @Test func severalAlertsBehindOneKeyAreQuietTogether() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        _ = pipeline.take([alert("R", ["pod": "1"]), alert("R", ["pod": "2"])], at: noon, evidence: evidence)
        #expect(pipeline.open.count == 1)
        #expect(pipeline.take(alert("R", ["pod": "1"], endsAt: after(5)), at: after(5)) == nil)
        let quiet = pipeline.take(alert("R", ["pod": "2"], endsAt: after(6)), at: after(6))
        #expect(quiet?.entries.map(\.kind) == ["quiet"])
    }

    @Test func aForeignAlertThatIsNotRepeatedBecomesQuietAtItsEnd() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        _ = pipeline.take(alert(endsAt: after(240), source: .prometheus), at: noon)
        #expect(pipeline.tick(at: after(239)).isEmpty)
        #expect(
            pipeline.tick(at: after(240)).first?.lines
                == ["quiet csvand: the sender stopped repeating the alert"])
    }

    @Test func takesUpAgainAfterAStartAndMarksWhatDoesNotFireAnyMore() throws {
        var before = AlertPipeline(settings: PipelineSettings())
        _ = before.take([alert("A"), alert("B")], at: noon, evidence: evidence)
        let stored = before.open.values.map { Incident($0.record, acknowledgedUntil: $0.acknowledgedUntil) }
        var pipeline = AlertPipeline(settings: PipelineSettings(), unresolved: stored, nextNumber: 3)
        #expect(pipeline.tick(at: after(5)).isEmpty)
        _ = pipeline.take(alert("A"), at: after(10))
        let settled = pipeline.settleAfterStart(at: after(20))
        #expect(settled.map(\.incident.record.rule) == ["B"])
        #expect(settled.first?.lines == ["quiet csvand: the alert was no longer firing when the daemon started"])
        #expect(pipeline.settleAfterStart(at: after(21)).isEmpty)
    }

    @Test func aChangeThatCouldNotBeStoredIsThrownAwayWithItsCopy() throws {
        let kept = AlertPipeline(settings: PipelineSettings())
        var copy = kept
        #expect(copy.take(alert(), at: noon)?.isNew == true)
        var retried = kept
        #expect(retried.take(alert(), at: after(1))?.incident.number == 1)
    }

    @Test func everyReasonHasANameAndASentenceThatBeginsWithIt() {
        let all: [NotifyReason] = [
            .firstTime, .repeatInterval(seconds: 1), .acknowledgementExpired, .silenceEnded, .inhibitionEnded,
            .stateChanged, .waitsForGroup(seconds: 1), .silenced(id: "a", by: "b"), .inhibited(by: "k"), .logOnly,
            .acknowledged, .toldAlready, .quiet,
        ]
        for reason in all { #expect(reason.text.hasPrefix(reason.name + ": ")) }
    }
}
