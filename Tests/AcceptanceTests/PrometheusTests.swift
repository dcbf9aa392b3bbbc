import Foundation
import Shared
import Testing
import Transfer

/// The real Prometheus beside the daemon, with the files that are shipped.
@Suite(.serialized) struct PrometheusTests {
    /// The three queries that the rules of the mission stand on.
    private static let expressions = [
        "increase(app_errors_total{type=\"simulated\"}[5m])",
        "increase(django_http_requests_total_by_status_total{status=~\"5..\"}[5m])",
        "up{job=\"web\"}",
    ]

    @Test(.timeLimit(.minutes(3)))
    func prometheusScrapesTheDaemonAndFiresTheSameRuleAndTellsItBack() async throws {
        let quick = "metrics:\n  sample_interval_seconds: 1\nalerting:\n  evaluation_interval_seconds: 1\n"
        try await withDaemon(configuration: quick) { daemon in
            let server = try PrometheusServer(scraping: daemon)
            defer { server.stop() }
            _ = try await eventually("the target is up", within: 40) {
                try await server.get("/api/v1/targets")["data"]?["activeTargets"]?.items?.first?["health"]?.text == "up"
                    ? true : nil
            }
            let groups = try await server.get("/api/v1/rules")["data"]?["groups"]?.items ?? []
            let loaded = groups.flatMap { $0["rules"]?.items ?? [] }.compactMap { $0["name"]?.text }
            let known = try await daemon.get("/api/v1/rules").decoded(Page<RuleReply>.self).items.map(\.name)
            #expect(Set(loaded) == Set(known) && loaded.contains("SimulatedError"))
            _ = try await eventually("two scrapes, which an increase needs") {
                try await server.values("count_over_time(up{job=\"web\"}[1m])").first ?? 0 >= 3 ? true : nil
            }

            for _ in 1...3 { #expect(try await daemon.get("/simulate-error/").status == 500) }
            for expression in Self.expressions {
                let value = try await eventually("\(expression) gives a value", within: 20) {
                    try await server.values(expression).first { $0 > 0 }
                }
                #expect(value > 0)
            }
            _ = try await eventually("the rule fires in Prometheus", within: 20) {
                try await server.get("/api/v1/alerts")["data"]?["alerts"]?.items?.first {
                    $0["labels"]?["alertname"]?.text == "SimulatedError" && $0["state"]?.text == "firing"
                }
            }
            let own = try await eventually("the rule fires in the daemon") {
                try await daemon.get("/api/v1/alerts").decoded(Page<AlertReply>.self).items.first {
                    $0.rule == "SimulatedError" && $0.state == .firing
                }
            }
            #expect(own.labels["job"] == "web" && own.labels["type"] == "simulated")
            try await expectTold(daemon)
        }
    }

    /// What Prometheus posts becomes part of an incident.
    private func expectTold(_ daemon: DaemonProcess) async throws {
        _ = try await eventually("the alerts that Prometheus posts arrive", within: 30) {
            let calls = try await daemon.get("/metrics").text.split(separator: "\n").filter {
                $0.hasPrefix("csvand_http_requests_total{") && $0.contains("/api/v2/alerts")
            }
            return calls.contains { $0.contains("status=\"200\"") } ? true : nil
        }
        let incidents = try await eventually("an incident is open") { () -> [IncidentReply]? in
            let found = try await daemon.get("/api/v1/incidents?state=open").decoded(Page<IncidentReply>.self).items
                .filter { $0.rule == "SimulatedError" }
            return found.isEmpty ? nil : found
        }
        // The daemon's own alert and Prometheus's are about the same thing.
        #expect(incidents.count == 1, "\(incidents.map(\.key))")
    }

    @Test(.timeLimit(.minutes(1)))
    func anAlertThatOnlyPrometheusHasBecomesAnIncident() async throws {
        try await withDaemon { daemon in
            let alert = """
                [{"labels":{"alertname":"DiskFull","severity":"critical","instance":"db:9100"},
                  "annotations":{"summary":"The disk of db is full"},
                  "startsAt":"2026-01-01T00:00:00Z","endsAt":"2100-01-01T00:00:00Z",
                  "generatorURL":"http://prometheus:9090/graph"}]
                """
            #expect(try await daemon.post("/api/v2/alerts", json: alert).status == 200)
            let incident = try await eventually("the incident") {
                try await daemon.get("/api/v1/incidents").decoded(Page<IncidentReply>.self).items.first
            }
            #expect(incident.rule == "DiskFull" && incident.severity == .critical)
            #expect(incident.title == "The disk of db is full")
            // Sent again, as Prometheus does until it is over, it is the same incident.
            #expect(try await daemon.post("/api/v2/alerts", json: alert).status == 200)
            try await Task.sleep(for: .milliseconds(700))
            #expect(try await daemon.get("/api/v1/incidents").decoded(Page<IncidentReply>.self).items.count == 1)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func prometheussPythonClientReadsBothFormats() async throws {
        let texts = try await withDaemon { daemon in
            _ = try await daemon.upload("some%20%22quoted%5C%22", GeneratedTable("some").csv)
            _ = try await daemon.get("/api/v1/models/none")
            try await Task.sleep(for: .seconds(1))
            let open = try await daemon.call(
                .get, "/metrics", headers: [("Accept", "application/openmetrics-text;version=1.0.0")])
            #expect(open.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
            return [("openmetrics", open.text), ("text", try await daemon.get("/metrics").text)]
        }
        for (format, text) in texts {
            let read = try await ProgramRun.run(
                Checkout.path("scripts/check-metrics.sh"), [format], input: text, within: 150)
            #expect(read.status == 0, "\(format): \(read.error)")
            let samples = text.split(separator: "\n").count { !$0.hasPrefix("#") }
            let families = text.split(separator: "\n").count { $0.hasPrefix("# TYPE ") }
            #expect(read.output == "\(families) families, \(samples) samples\n")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func promtoolFindsNothingWrong() async throws {
        let metrics = try await withDaemon { daemon in
            _ = try await daemon.get("/simulate-error/")
            _ = try await daemon.upload("some", GeneratedTable("some").csv)
            return try await daemon.get("/metrics").text
        }
        let check = try await ProgramRun.run("promtool", ["check", "metrics"], input: metrics)
        // Names that dashboards of others already use keep them from following every convention.
        let remarks = (check.output + check.error).split(separator: "\n").filter { !$0.hasPrefix("django_http_") }
        #expect(remarks.isEmpty, "\(remarks)")
        let rules = try await ProgramRun.run("promtool", ["check", "rules", Checkout.path("etc/alerts.yaml")])
        #expect(rules.status == 0, "\(rules.output)\(rules.error)")
        let config = try await ProgramRun.run("promtool", ["check", "config", Checkout.path("prometheus.yml")])
        #expect(config.status == 0, "\(config.output)\(config.error)")
    }
}
