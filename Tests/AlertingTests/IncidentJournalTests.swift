import Foundation
import Shared
import Testing

@testable import Alerting

@Suite struct IncidentJournalTests {
    private func opened(_ pipeline: inout AlertPipeline) throws -> Incident {
        try pipeline.taken(alert(), at: noon).incident
    }

    private func failure(_ work: () throws(IncidentError) -> Void) -> IncidentError? {
        do throws(IncidentError) {
            try work()
            return nil
        } catch { return error }
    }

    @Test func opensOneIncidentAKeyAndAppendsToIt() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings(), nextNumber: 12)
        let first = try pipeline.taken(alert(), at: noon)
        #expect(first.isNew)
        #expect(first.incident.number == 12)
        #expect(first.incident.key == #"SimulatedError{severity="warning",type="simulated"}"#)
        #expect(first.incident.record.title == "SimulatedError happened")
        #expect(first.intent == .status)
        #expect(
            first.lines == [
                "opened csvand: SimulatedError fired with the value 3",
                "queued csvand: first_time: first notification",
            ])
        let second = try pipeline.taken(alert(at: after(10)), at: after(10))
        #expect(!second.isNew)
        #expect(second.incident.number == 12)
        #expect(second.lines == ["repeated csvand: fired again with the value 3 (repeat 1)"])
        #expect(second.intent == .none)
        #expect(pipeline.take(alert("Other"), at: after(11))?.incident.number == 13)
    }

    @Test func keepsTheTimelineOfAStormShort() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings(repeatIntervalSeconds: 1e9))
        for second in 0...10_000 { _ = pipeline.take(alert(at: after(Double(second))), at: after(Double(second))) }
        let incident = try #require(pipeline.open.values.first)
        #expect(incident.repeats == 10_000)
        #expect(incident.record.timeline.count < 30)
        #expect(incident.record.timeline.last?.text == "fired again with the value 3 (repeat 8192)")
    }

    @Test func saysNothingOfASendersRepetitionsUntilTheValueHasDoubled() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        _ = try opened(&pipeline)
        var goesOn = alert()
        for value in [3.1, 5.9] {
            goesOn.value = value
            #expect(pipeline.take(goesOn, at: after(5)) == nil)
        }
        goesOn.value = 6
        let risen = try pipeline.taken(goesOn, at: after(10))
        #expect(risen.lines == ["risen csvand: still firing; the value has risen to 6"])
        #expect(pipeline.take(goesOn, at: after(15)) == nil)
    }

    @Test func staysOpenWhenTheAlertBecomesQuiet() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        _ = try opened(&pipeline)
        let quiet = try pipeline.taken(alert(endsAt: after(60)), at: after(60))
        #expect(quiet.lines == ["quiet csvand: the alert stopped firing"])
        #expect(quiet.incident.record.state == .open)
        #expect(quiet.intent == .status)
        let again = try pipeline.taken(alert(at: after(90)), at: after(90))
        #expect(again.lines == ["repeated csvand: fired again with the value 3 after being quiet (repeat 1)"])
        #expect(again.incident.number == quiet.incident.number)
    }

    @Test func acknowledgesWithPersonCommentAndTime() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        let incident = try opened(&pipeline)
        let request = AcknowledgeRequest(comment: " on it ", durationSeconds: 600)
        let change = try pipeline.acknowledge(incident.number, request, by: "ana", at: after(30))
        #expect(change.incident.record.state == .acknowledged)
        #expect(change.incident.record.acknowledgedAt == after(30))
        #expect(change.incident.acknowledgedUntil == after(630))
        #expect(change.lines == ["acknowledged ana: until 2026-11-23 15:14:35 UTC: on it"])
        #expect(change.intent == .status)
    }

    @Test func opensAgainAndRemindsWhenTheAcknowledgementEnds() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        let number = try opened(&pipeline).number
        _ = try pipeline.acknowledge(number, AcknowledgeRequest(durationSeconds: 60), by: "ana", at: after(1))
        #expect(pipeline.tick(at: after(60)).isEmpty)
        let change = try pipeline.ticked(at: after(61))
        #expect(change.incident.record.state == .open)
        #expect(change.reason == .acknowledgementExpired)
        #expect(change.intent == .reminder)
        #expect(
            change.lines == [
                "acknowledgement_expired csvand: the acknowledgement ran out before the incident was resolved",
                "queued csvand: acknowledgement_expired: nobody resolved it within the time of the acknowledgement",
            ])
        #expect(pipeline.tick(at: after(62)).isEmpty)
    }

    @Test func resolvesWithWhatWasFoundAndThenTakesNotesOnly() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        let number = try opened(&pipeline).number
        let request = ResolveRequest(cause: "a drill", impact: "none", actions: "", prevention: " ")
        let change = try pipeline.resolve(number, request, by: "ana", at: after(100))
        #expect(change.incident.record.state == .resolved)
        #expect(change.incident.record.cause == "a drill")
        #expect(change.incident.record.actions == nil)
        #expect(change.lines == ["resolved ana: a drill"])
        #expect(change.intent == .status)
        #expect(
            failure { () throws(IncidentError) in _ = try pipeline.resolve(number, request, by: "ana", at: after(101)) }
                == .unknownNumber(number))
        #expect(
            failure { () throws(IncidentError) in
                _ = try IncidentJournal.resolve(change.incident, request, by: "b", at: after(101))
            } == .alreadyResolved(number: number))
        let note = try IncidentJournal.note(change.incident, NoteRequest(text: "later"), by: "b", at: after(102))
        #expect(note.lines == ["note b: later"])
    }

    @Test func opensANewIncidentOnlyForANewFiringOfAResolvedKey() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings(repeatIntervalSeconds: 1_000))
        let number = try opened(&pipeline).number
        _ = try pipeline.resolve(number, ResolveRequest(), by: "ana", at: after(100))
        // The sender repeats what it has said since before the resolution.
        #expect(pipeline.take(alert(at: noon), at: after(110)) == nil)
        let next = try pipeline.taken(alert(at: after(120)), at: after(120))
        #expect(next.isNew)
        #expect(next.incident.number == number + 1)
    }

    @Test func opensANewIncidentWhenItStillFiresLongAfterTheResolution() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings(repeatIntervalSeconds: 1_000))
        _ = try pipeline.resolve(try opened(&pipeline).number, ResolveRequest(), by: "ana", at: after(100))
        #expect(pipeline.take(alert(at: noon), at: after(1_099)) == nil)
        #expect(pipeline.take(alert(at: noon), at: after(1_101))?.isNew == true)
    }

    @Test func refusesWhatDoesNotFitWithACodeAndARemedy() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        let number = try opened(&pipeline).number
        let unknown = failure { () throws(IncidentError) in
            _ = try pipeline.acknowledge(99, AcknowledgeRequest(), by: "a", at: noon)
        }
        #expect(unknown?.problem.detail == "There is no incident 99.")
        #expect(unknown?.problem.status == 404)
        for seconds in [0, -1, .nan, .infinity, 1e9] {
            let error = failure { () throws(IncidentError) in
                _ = try pipeline.acknowledge(number, AcknowledgeRequest(durationSeconds: seconds), by: "a", at: noon)
            }
            #expect(error?.problem.code == "request.bad_parameter")
        }
        let empty = failure { () throws(IncidentError) in
            _ = try pipeline.note(number, NoteRequest(text: " \n"), by: "a", at: noon)
        }
        #expect(empty?.problem.detail == "The note on incident 1 has no text.")
        let long = failure { () throws(IncidentError) in
            _ = try pipeline.note(number, NoteRequest(text: String(repeating: "x", count: 20_000)), by: "a", at: noon)
        }
        #expect(long?.problem.detail == "The text of text is longer than 16384 bytes.")
        #expect(
            IncidentError.alreadyResolved(number: 3).problem.detail == "Incident 3 is already resolved.")
        #expect(IncidentError.alreadyResolved(number: 3).problem.status == 409)
    }

    @Test func takesAnIncidentUpAgainFromItsRecord() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        _ = try opened(&pipeline)
        _ = pipeline.take(alert(at: after(10)), at: after(10))
        _ = pipeline.take(alert(endsAt: after(20)), at: after(20))
        let kept = try #require(pipeline.open.values.first)
        let stored = try WireJSON.decode(IncidentReply.self, from: WireJSON.encode(kept.record))
        let restored = Incident(stored)
        #expect(restored.repeats == 1)
        #expect(restored.quietSince == after(20))
        #expect(restored.toldAt == noon)
        #expect(restored.lastFiredAt == after(10))
    }

    @Test func measuresDelaysFromTheFirstRise() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        let record = try #require(
            pipeline.take([alert()], at: noon) { rising($0, [[-13, 0], [-2, 1], [-1, 3]]) }.first
        ).incident.record
        #expect(
            IncidentDelays(record) == IncidentDelays(detectSeconds: 2, acknowledgeSeconds: nil, resolveSeconds: nil))
        let change = try pipeline.acknowledge(1, AcknowledgeRequest(), by: "a", at: after(5))
        #expect(IncidentDelays(change.incident.record).acknowledgeSeconds == 5)
        let end = try pipeline.resolve(1, ResolveRequest(), by: "a", at: after(65))
        #expect(IncidentDelays(end.incident.record).resolveSeconds == 65)
    }

    @Test func countsNoRiseOfAResolvedIncidentAsTheBeginningOfTheNext() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        _ = try opened(&pipeline)
        _ = try pipeline.resolve(1, ResolveRequest(), by: "a", at: after(10))
        var next = alert(at: after(30))
        next.value = 9
        let record = try #require(
            pipeline.take([next], at: after(30)) { found in
                var evidence = rising(found, [[-2, 0], [-1, 3], [20, 3], [29, 4]])
                // What was counted at 29 s happened at 27.5 s; another error belongs to what was resolved.
                evidence.errors = [27.5, -1.5].map {
                    .init(at: after($0), type: "simulated", code: "simulated", requestId: nil, route: nil, text: "")
                }
                return evidence
            }.first
        ).incident.record
        #expect(record.number == 2)
        #expect(IncidentDelays(record).detectSeconds == 2.5)
    }

    @Test func countsTheErrorOfADrillNotAsTheBeginningOfARealIncident() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        var drill = alert()
        drill.labels["drill"] = "true"
        _ = pipeline.take([drill], at: noon, evidence: evidence)
        _ = try pipeline.resolve(1, ResolveRequest(), by: "drill", at: after(2))
        let record = try #require(
            pipeline.take([alert(at: after(30))], at: after(30)) { rising($0, [[-2, 0], [-1, 1], [29, 2]]) }.first
        ).incident.record
        #expect(record.number == 2 && IncidentDelays(record).detectSeconds == 1)
    }

    @Test func takesTheBeginningOfAForeignAlertFromItsSender() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        var foreign = alert(at: after(-40))
        foreign.source = .prometheus
        let record = try #require(
            pipeline.take([foreign], at: noon) { rising($0, [[-300, 0], [-290, 1]]) }.first
        ).incident.record
        #expect(IncidentDelays(record).detectSeconds == 40)
        // Nothing that an own rule without a counter reads tells when it began.
        let unknown = try pipeline.taken(alert("CPU"), at: noon).incident.record
        #expect(IncidentDelays(unknown).detectSeconds == nil)
    }

    /// The evidence of a counter, by seconds after noon.
    private func rising(_ alert: IncomingAlert, _ samples: [[Double]]) -> Evidence {
        var found = evidence(alert)
        found.series = [
            .init(
                metric: "app_errors_total", labels: [:],
                samples: samples.map { [after($0[0]).timeIntervalSince1970, $0[1]] })
        ]
        return found
    }

    @Test func leavesVolatileAndEmptyLabelsOutOfTheKey() {
        let labels = ["a": "x\"y", "__name__": "m", "pod": "p1", "empty": "", "alertname": "R"]
        #expect(DedupKey.make(rule: "R", labels: labels) == #"R{a="x\"y"}"#)
    }
}
