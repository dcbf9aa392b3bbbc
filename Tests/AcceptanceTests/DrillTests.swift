import Foundation
import Shared
import Testing

/// `csvctl drill`: the whole story on the real parts, measured.
@Suite(.serialized) struct DrillTests {
    private static let hops = [
        "error", "metric", "rule", "incident", "told", "acknowledged", "acknowledgement_told", "resolved",
        "resolution_told",
    ]

    @Test func aDrillPlaysTheWholeStoryAndMeasuresEachHop() async throws {
        let receiver = try DiscordReceiver()
        try await withDaemon(configuration: try receiver.settings()) { daemon in
            for number in 1...2 {
                let run = try await daemon.csvctl("drill", "--output", "json")
                #expect(run.status == 0, "\(run.error)")
                let drill = try WireJSON.decode(DrillReply.self, from: Data(run.output.utf8))
                #expect(drill.passed && drill.incident == number && drill.rule == "SimulatedError")
                #expect(drill.hops.map(\.name) == Self.hops)
                #expect(drill.hops.allSatisfy { $0.at != nil && ($0.seconds ?? -1) >= 0 })
                let incident = try await daemon.get("/api/v1/incidents/\(number)").decoded(IncidentReply.self)
                #expect(incident.state == .resolved && incident.labels["drill"] == "true")
                #expect(incident.title == "Fire drill: Somebody simulated an error")
            }
            let calls = try receiver.received()
            #expect(calls.map(\.method) == ["POST", "PATCH", "PATCH", "POST", "PATCH", "PATCH"])
            #expect(calls.first?.title == "[FIRING] Fire drill: Somebody simulated an error")
            // What people are measured by stays what it was.
            for name in ["detect", "ack", "resolve"] {
                #expect(try await daemon.metric("csvand_incident_\(name)_seconds_count") == 0)
            }
            // Neither the rule that goes on firing nor a restart makes a real incident of a drill.
            try await daemon.restart()
            try await Task.sleep(for: .seconds(1))
            let known = try await daemon.get("/api/v1/incidents").decoded(Page<IncidentReply>.self).items
            #expect(known.map(\.number) == [2, 1])
            // A real error meanwhile is a real incident, without the label.
            _ = try await daemon.get("/simulate-error/")
            let real = try await eventually("a real incident") {
                try await daemon.get("/api/v1/incidents?state=open").decoded(Page<IncidentReply>.self).items.first
            }
            #expect(real.labels["drill"] == nil && real.title == "Somebody simulated an error")
            let refused = try await daemon.csvctl("drill")
            #expect(refused.status == 1)
            #expect(refused.error.contains("The rule SimulatedError fires for an error that is no drill."))
        }
    }

    @Test func aDrillThatNobodyIsToldOfFailsWithTheReason() async throws {
        try await withDaemon { daemon in
            let run = try await daemon.csvctl("drill")
            #expect(run.status == 1)
            #expect(run.error.contains("no receiver is set"))
            let incident = try await daemon.get("/api/v1/incidents/1").decoded(IncidentReply.self)
            #expect(incident.state == .resolved, "it leaves nothing open")
            let silenced = try await daemon.post("/api/v1/drills", json: #"{"timeout_seconds":0}"#).decoded(
                Problem.self)
            #expect(silenced.code == "request.bad_parameter")
        }
    }

    @Test func aUnitThatFailedIsToldAtOnceAndBecomesAnIncidentAtTheNextStart() async throws {
        let receiver = try DiscordReceiver()
        let settings = try receiver.settings()
        let daemon = try DaemonProcess(configuration: settings)
        defer { daemon.kill9() }
        let run = try await ProgramRun.run(
            DaemonProcess.program("csvctl"),
            [
                "notify-failure", "csvand.service", "--state-dir", daemon.stateDirectory, "--webhook-url-file",
                receiver.directory.path + "/hook", "--allow-insecure-loopback",
            ],
            environment: [
                "MONITOR_SERVICE_RESULT": "exit-code", "MONITOR_EXIT_CODE": "exited", "MONITOR_EXIT_STATUS": "1",
            ])
        #expect(run.status == 0, "\(run.error)")
        #expect(try receiver.calls() == ["POST [FAILED] csvand.service has failed"])
        try await daemon.start()
        let incident = try await daemon.get("/api/v1/incidents/1").decoded(IncidentReply.self)
        #expect(incident.rule == "DaemonFailed" && incident.severity == .critical && incident.state == .open)
        #expect(incident.evidence.facts?.contains { $0.name == "Result" && $0.text == "exit-code, exited 1" } == true)
        // The message that told of it is the incident's from now on.
        try await receiver.wait(forCalls: 2, seconds: 10)
        #expect(try receiver.received().last.map { $0.method } == "PATCH")
        try await daemon.restart()
        #expect(try await daemon.get("/api/v1/incidents").decoded(Page<IncidentReply>.self).items.count == 1)
    }

    @Test func aFailureThatCannotBeToldIsKept() async throws {
        let daemon = try DaemonProcess()
        defer { daemon.kill9() }
        let place = daemon.directory.path + "/hook"
        try "https://evil.example/api/webhooks/1/secrettoken".write(toFile: place, atomically: true, encoding: .utf8)
        let run = try await ProgramRun.run(
            DaemonProcess.program("csvctl"),
            ["notify-failure", "csvand.service", "--state-dir", daemon.stateDirectory, "--webhook-url-file", place])
        #expect(run.status == 0)
        #expect(run.error.contains("the host evil.example is none of Discord's; the report is kept for the next start"))
        #expect(!run.error.contains("secrettoken"))
        try await daemon.start()
        #expect(try await daemon.get("/api/v1/incidents/1").decoded(IncidentReply.self).rule == "DaemonFailed")
    }
}
