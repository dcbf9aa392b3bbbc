import Foundation
import Shared
import Testing

/// The real Alertmanager with the example configuration that is shipped.
@Suite(.serialized) struct AlertmanagerTests {
    @Test(.timeLimit(.minutes(2)))
    func whatAlertmanagerTellsBecomesAnIncidentAndItsEndIsMarked() async throws {
        let example = Checkout.path("etc/alertmanager.yml")
        let check = try await ProgramRun.run("amtool", ["check-config", example])
        #expect(check.status == 0, "\(check.error)")
        try await withDaemon { daemon in
            let place = try TemporaryDirectory("alertmanager")
            defer { place.remove() }
            let port = try PrometheusServer.freePort()
            try String(contentsOfFile: example, encoding: .utf8)
                .replacing("127.0.0.1:8000", with: "127.0.0.1:\(daemon.port)")
                .replacing("group_interval: 1m", with: "group_interval: 1s")
                .write(toFile: place.path + "/alertmanager.yml", atomically: true, encoding: .utf8)
            let server = try ChildProcess(
                "prometheus-alertmanager",
                [
                    "--config.file=\(place.path)/alertmanager.yml", "--storage.path=\(place.path)/data",
                    "--web.listen-address=127.0.0.1:\(port)", "--cluster.listen-address=",
                ], environment: [:], output: place.path + "/log", error: place.path + "/log")
            defer { server.kill9() }
            let url = "--alertmanager.url=http://127.0.0.1:\(port)"
            _ = try await eventually("Alertmanager takes an alert") {
                try await ProgramRun.run(
                    "amtool",
                    [
                        url, "alert", "add", "DiskFull", "severity=critical", "instance=db:9100",
                        "--annotation=summary=The disk of db is full",
                    ]
                ).status == 0 ? true : nil
            }
            let incident = try await eventually("the incident") {
                try await daemon.get("/api/v1/incidents").decoded(Page<IncidentReply>.self).items.first
            }
            #expect(incident.rule == "DiskFull" && incident.severity == .critical)
            #expect(incident.title == "The disk of db is full" && incident.labels["instance"] == "db:9100")
            #expect(incident.timeline.first?.text == "DiskFull fired, received from Alertmanager")

            let end = WireTime.text(Date().addingTimeInterval(1))
            let over = try await ProgramRun.run(
                "amtool", [url, "alert", "add", "DiskFull", "severity=critical", "instance=db:9100", "--end=\(end)"])
            #expect(over.status == 0, "\(over.error)")
            let quiet = try await eventually("its end is marked", within: 30) { () -> IncidentReply? in
                let now = try await daemon.get("/api/v1/incidents/1").decoded(IncidentReply.self)
                return now.timeline.contains { $0.kind == "quiet" } ? now : nil
            }
            #expect(quiet.state == .open, "a person resolves it")
        }
    }

    @Test func grafanasWebhookBecomesTheSameIncidentAndIsResolvedToo() async throws {
        try await withDaemon { daemon in
            func body(_ status: String) -> String {
                """
                {"receiver":"csvand","status":"\(status)","orgId":1,"version":"1","groupKey":"{}","title":"t","message":"m",
                 "alerts":[{"status":"\(status)","labels":{"alertname":"Slow","grafana_folder":"csvand","severity":"critical"},
                  "annotations":{"summary":"Requests are slow"},"startsAt":"2026-11-26T09:00:00.123456789Z",
                  "endsAt":"\(status == "firing" ? "0001-01-01T00:00:00Z" : "2026-11-26T09:05:00Z")",
                  "generatorURL":"https://grafana/alerting/1","fingerprint":"c6eadffa33fcdf37","values":{"B":2.5}}]}
                """
            }
            #expect(try await daemon.post("/api/v1/hooks/grafana", json: body("firing")).status == 200)
            let incident = try await daemon.get("/api/v1/incidents/1").decoded(IncidentReply.self)
            #expect(incident.rule == "Slow" && incident.evidence.value == 2.5 && incident.severity == .critical)
            #expect(try await daemon.post("/api/v1/hooks/grafana", json: body("resolved")).status == 200)
            let after = try await daemon.get("/api/v1/incidents/1").decoded(IncidentReply.self)
            #expect(after.timeline.contains { $0.kind == "quiet" })
            let wrong = try await daemon.post(
                "/api/v1/hooks/grafana", json: #"{"alerts":[{"status":"odd","labels":{}}]}"#)
            #expect(wrong.status == 422)
            let problem = try wrong.decoded(Problem.self)
            #expect(problem.code == "alert.invalid" && problem.places?.first?.column == "alerts[0].labels")
        }
    }
}
