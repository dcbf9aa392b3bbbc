import Foundation
import GRDB
import Shared
import Testing

@testable import Storage

@Suite struct IncidentStoreTests {
    let scratch = ScratchDirectory()

    private func incident(_ number: Int, key: String = "simulated", state: IncidentState = .open) -> IncidentReply {
        IncidentReply(
            number: number, state: state, severity: .warning, key: key, title: "Simulated error", openedAt: dawn,
            resolvedAt: state == .resolved ? dawn : nil, rule: "SimulatedError", labels: ["type": "simulated"],
            evidence: Evidence(expression: "increase(x[5m]) > 0", value: 1, version: "1", configHash: "h"), timeline: []
        )
    }

    private func message(_ number: Int = 0, incident: Int) -> MessageRecord {
        MessageRecord(
            number: number, incident: incident, receiver: "discord", kind: "opened", payload: "{}", nonce: "n",
            state: .queued, attempts: 0, nextAttemptAt: dawn, lastError: nil, messageId: nil, createdAt: dawn)
    }

    private let opened = TimelineEntry(at: dawn, kind: "opened", by: "csvand", text: "fired")

    @Test func anIncidentItsTimelineAndItsMessageAreThereTogether() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.putIncident(
            incident(1), acknowledgedUntil: nil, isNew: true, entries: [opened], messages: [message(incident: 1)])
        let stored = try catalogue.incident(1)
        #expect(stored.timeline == [opened])
        #expect(stored.evidence == incident(1).evidence)
        #expect(stored.notifications?.map(\.state) == ["queued"])
        #expect(try catalogue.queuedMessages().map(\.incident) == [1])
        #expect(try catalogue.lastIncidentNumber() == 1)
    }

    @Test func ifTheMessageCannotBeQueuedThereIsNoIncident() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.pool.write {
            try $0.execute(sql: "CREATE TRIGGER refuse BEFORE INSERT ON outbox BEGIN SELECT raise(ABORT, 'no'); END")
        }
        #expect(throws: StorageError.self) {
            try catalogue.putIncident(
                incident(1), acknowledgedUntil: nil, isNew: true, entries: [opened], messages: [message(incident: 1)])
        }
        #expect(try catalogue.incidents().isEmpty)
    }

    @Test func aKeyHasOneUnresolvedIncident() throws {
        let catalogue = try scratch.catalogue()
        func put(_ record: IncidentReply, isNew: Bool) throws {
            try catalogue.putIncident(record, acknowledgedUntil: nil, isNew: isNew, entries: [], messages: [])
        }
        try put(incident(1), isNew: true)
        #expect(throws: StorageError.self) { try put(incident(2), isNew: true) }
        try put(incident(1, state: .resolved), isNew: false)
        try put(incident(2), isNew: true)
        #expect(try catalogue.unresolvedIncidents().map(\.incident.number) == [2])
        #expect(try catalogue.incidents(states: [.resolved]).map(\.number) == [1])
        #expect(try catalogue.resolutions(since: dawn) == ["simulated": dawn])
        #expect(throws: StorageError.incidentNotFound(9)) { try put(incident(9), isNew: false) }
    }

    @Test func aTriedMessageIsSettledWithItsTimeline() throws {
        let catalogue = try scratch.catalogue()
        try catalogue.putIncident(
            incident(1), acknowledgedUntil: nil, isNew: true, entries: [], messages: [message(incident: 1)])
        let queued = try #require(try catalogue.queuedMessages().first)
        try catalogue.settleMessage(queued.number) { stored in
            var sent = stored
            sent.state = .sent
            sent.messageId = "42"
            return (sent, TimelineEntry(at: dawn, kind: "notified", by: "discord", text: "told"))
        }
        #expect(try catalogue.messageCounts() == [.sent: 1])
        #expect(try catalogue.incident(1).timeline.map(\.kind) == ["notified"])
        #expect(try catalogue.message(of: 1, receiver: "discord", kind: "opened")?.messageId == "42")
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
        #expect(try catalogue.model("m") == first)
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
