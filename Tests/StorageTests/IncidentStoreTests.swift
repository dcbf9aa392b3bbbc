import Foundation
import GRDB
import Shared
import Testing

@testable import Storage

@Suite struct IncidentStoreTests {
    let scratch = ScratchDirectory()

    private let new = NewIncident(
        key: "simulated", severity: .warning, title: "Simulated error", rule: "SimulatedError",
        labels: ["type": "simulated"],
        evidence: Evidence(expression: "increase(x[5m]) > 0", value: 1, version: "1", configHash: "h"))
    private let opened = TimelineEntry(at: dawn, kind: "opened", by: "csvand", text: "fired")

    @Test func anIncidentAndItsMessageAreThereTogether() throws {
        let catalogue = try scratch.catalogue()
        let (incident, isNew) = try catalogue.openIncident(new, timeline: [opened], at: dawn) { number in
            [NewMessage(receiver: "discord", kind: "opened", payload: #"{"n":\#(number)}"#)]
        }
        #expect(isNew)
        #expect(incident.number == 1)
        #expect(incident.timeline == [opened])
        let due = try catalogue.dueMessages(at: dawn)
        #expect(due.map(\.payload) == [#"{"n":1}"#])
        #expect(due.first?.incident == 1)
        #expect(incident.notifications?.map(\.state) == ["queued"])
    }

    @Test func ifTheMessageCannotBeQueuedThereIsNoIncident() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.pool.write {
            try $0.execute(
                sql: "CREATE TRIGGER refuse BEFORE INSERT ON outbox BEGIN SELECT raise(ABORT, 'no'); END")
        }
        #expect(throws: StorageError.self) {
            try catalogue.openIncident(new, timeline: [opened], at: dawn) { _ in
                [NewMessage(receiver: "discord", kind: "opened", payload: "{}")]
            }
        }
        #expect(try catalogue.incidents().isEmpty)
    }

    @Test func anOpenKeyIsNotOpenedTwiceAndAResolvedOneIsOpenedAnew() throws {
        let catalogue = try scratch.catalogue()
        let first = try catalogue.openIncident(new, timeline: [], at: dawn) { _ in [] }
        let again = try catalogue.openIncident(new, timeline: [], at: dawn) { _ in [] }
        #expect(!again.isNew)
        #expect(again.incident.number == first.incident.number)
        try catalogue.changeIncident(1, IncidentChange(state: .resolved), at: dawn)
        let anew = try catalogue.openIncident(new, timeline: [], at: dawn) { _ in [] }
        #expect(anew.isNew)
        #expect(anew.incident.number == 2)
        #expect(try catalogue.incidents(states: [.open]).map(\.number) == [2])
        #expect(try catalogue.unresolvedIncident(key: "simulated")?.number == 2)
    }

    @Test func statesFollowOneAnother() throws {
        let catalogue = try scratch.catalogue()
        _ = try catalogue.openIncident(new, timeline: [], at: dawn) { _ in [] }
        let later = dawn.addingTimeInterval(60)
        let acknowledged = try catalogue.changeIncident(1, IncidentChange(state: .acknowledged), at: later)
        #expect(acknowledged.acknowledgedAt == later)
        var change = IncidentChange(state: .resolved)
        change.cause = "a test"
        let resolved = try catalogue.changeIncident(1, change, at: later)
        #expect(resolved.state == .resolved)
        #expect(resolved.cause == "a test")
        #expect(throws: StorageError.incidentState(number: 1, state: .resolved, wanted: "acknowledged")) {
            try catalogue.changeIncident(1, IncidentChange(state: .acknowledged), at: later)
        }
        #expect(throws: StorageError.incidentNotFound(9)) {
            try catalogue.changeIncident(9, IncidentChange(), at: later)
        }
    }

    @Test func theOutboxTriesAgainWhenToldAndKeepsItsNonce() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.enqueue(NewMessage(receiver: "discord", kind: "opened", payload: "{}"), at: dawn)
        let message = try #require(try catalogue.dueMessages(at: dawn).first)
        let later = dawn.addingTimeInterval(5)
        try catalogue.markFailed(message.number, error: "503", next: later)
        #expect(try catalogue.dueMessages(at: dawn).isEmpty)
        #expect(try catalogue.nextMessageDue() == later)
        let again = try #require(try catalogue.dueMessages(at: later).first)
        #expect(again.nonce == message.nonce)
        #expect(again.attempts == 1)
        try catalogue.markSent(again.number, messageId: "42", at: later)
        #expect(try catalogue.messageCounts() == [.sent: 1])
    }

    @Test func jobsThatRanAreQueuedAgainAtStartWithTheirTrials() throws {
        let catalogue = try scratch.catalogue()
        let job = try catalogue.createJob(kind: "train", request: "{}", budgetSeconds: 20, at: dawn)
        try catalogue.updateJob(job.id) { $0.state = .running }
        try catalogue.putTrial(TrialRecord(number: 0, record: "{}", artifact: [1, 2]), of: job.id)
        let queued = try catalogue.requeueJobs()
        #expect(queued.map(\.id) == [job.id])
        #expect(queued.first?.trials == 1)
        #expect(try catalogue.trials(of: job.id) == [TrialRecord(number: 0, record: "{}", artifact: [1, 2])])
        #expect(throws: StorageError.jobNotFound("nope")) { try catalogue.job("nope") }
    }

    @Test func modelsHaveVersionsByNameAndCheckedArtifacts() throws {
        let catalogue = try scratch.catalogue()
        let reply = ModelReply(
            id: "", name: "m", version: 0, dataset: "ds", datasetVersion: 1, target: "y", task: .binary, metric: "auc",
            score: 0.9, learner: "forest", classes: ["0", "1"], features: ["x"], createdAt: dawn, trainingSeconds: 1)
        let first = try catalogue.storeModel(reply, artifact: [1, 2, 3], documents: ["report": "{}"])
        let second = try catalogue.storeModel(reply, artifact: [4])
        #expect(second.reply.version == 2)
        #expect(try catalogue.model("M") == second)
        #expect(try catalogue.model("m", version: 1) == first)
        #expect(try catalogue.artifact(of: first.id) == [1, 2, 3])
        #expect(try catalogue.modelDocument("report", of: first.id) == "{}")
        try catalogue.pool.write { try $0.execute(sql: "UPDATE model_artifact SET artifact = x'00'") }
        #expect(throws: StorageError.self) { try catalogue.artifact(of: first.id) }
        try catalogue.deleteModel("m")
        #expect(throws: StorageError.modelNotFound("m", nearest: nil)) { try catalogue.model("m") }
    }

    @Test func silencesEndWhenTold() throws {
        let catalogue = try scratch.catalogue()
        let end = dawn.addingTimeInterval(3600)
        let silence = try catalogue.createSilence(
            SilenceReply(id: "", state: .active, matchers: [], startsAt: dawn, endsAt: end, by: "me", comment: ""))
        let soon = dawn.addingTimeInterval(10)
        #expect(try catalogue.silences(endingAfter: dawn, now: soon).map(\.state) == [.active])
        try catalogue.expireSilence(silence.id, at: soon)
        #expect(try catalogue.silences(endingAfter: dawn, now: soon).map(\.state) == [.expired])
    }
}
