import Foundation
import Shared
import Testing

/// The files of `grafana/`: read by Grafana's own types, and every query answered by a Prometheus that scrapes the daemon.
@Suite(.serialized) struct GrafanaTests {
    /// Series that are there only once something has happened that this test does not bring about.
    private static let silentUntilUsed = [
        "csvand_model_drift_psi", "csvand_incident_ack_seconds", "csvand_incident_resolve_seconds",
    ]

    @Test(.timeLimit(.minutes(5)))
    func everyQueryOfTheDashboardsAndRulesFindsTheDaemonsSeries() async throws {
        let check = try await ProgramRun.run(Checkout.path("scripts/check-grafana.sh"), within: 200)
        #expect(check.status == 0, "\(check.error)")
        let queries = check.output.split(separator: "\n").map(String.init)
        #expect(queries.count > 30)
        let quick = "metrics:\n  sample_interval_seconds: 1\n"
        try await withDaemon(configuration: quick) { daemon in
            let server = try PrometheusServer(scraping: daemon)
            defer { server.stop() }
            _ = try await daemon.upload(
                "people", "age,class\n" + (1...60).map { "\($0 * 7 % 23),\($0 % 2)\n" }.joined())
            let job = try await daemon.post(
                "/api/v1/models",
                json: #"{"dataset":"people","target":"class","name":"m","budget_seconds":1,"algorithms":["linear"]}"#)
            #expect(job.status == 202)
            _ = try await eventually("the model", within: 60) {
                try await daemon.post("/api/v1/models/m/predict", json: #"{"rows":[{"age":3}]}"#).status == 200
                    ? true : nil
            }
            _ = try await daemon.get("/simulate-error/")
            _ = try await eventually("three scrapes", within: 60) {
                try await server.values("count_over_time(up{job=\"web\"}[5m])").first ?? 0 >= 3 ? true : nil
            }
            for query in queries where !Self.silentUntilUsed.contains(where: query.contains) {
                let found = try? await eventually("\(query) finds something", within: 15) {
                    try await server.values(query).isEmpty ? nil : true
                }
                #expect(found == true, "\(query) finds nothing")
            }
        }
    }

    @Test func theQueriesThatFindNothingAtFirstNameMetricsThatExist() throws {
        // The page is compared with the catalogue by a test of its own.
        let page = try String(contentsOfFile: Checkout.path("docs/metrics.md"), encoding: .utf8)
        for name in Self.silentUntilUsed { #expect(page.contains("| `\(name)` |"), "\(name)") }
    }

    @Test func theRuleForDiscordHasAPlaceForTheWebhook() throws {
        let text = try String(
            contentsOfFile: Checkout.path("grafana/alerts/discord_app_errors_rule.json"), encoding: .utf8)
        #expect(text.contains("\"url\": \"DISCORD_WEBHOOK_URL\""))
        #expect(!text.contains("https://discord"))
    }
}
