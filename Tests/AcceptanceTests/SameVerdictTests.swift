import Foundation
import Shared
import Testing

/// The same rules in csvand and in a Prometheus that scrapes it: both fire, and both are over, at the same time.
@Suite(.serialized) struct SameVerdictTests {
    private static let evaluationSeconds = 2
    private static let samplingSeconds = 1.0

    private struct Span {
        var fired: ContinuousClock.Instant?
        var resolved: ContinuousClock.Instant?

        mutating func see(_ isFiring: Bool) {
            if isFiring, fired == nil { fired = .now }
            if !isFiring, fired != nil, resolved == nil { resolved = .now }
        }
    }

    /// Starts both over one rule file, does something once Prometheus has scraped, and tells when the alert fired and ended.
    private func watch(
        _ alert: String, rules: String, failing: @Sendable (DaemonProcess) async throws -> Void
    ) async throws -> (own: Span, prometheus: Span) {
        let place = try TemporaryDirectory("verdict")
        defer { place.remove() }
        let file = place.path + "/alerts.yaml"
        try rules.write(toFile: file, atomically: true, encoding: .utf8)
        let configuration = """
            metrics:
              sample_interval_seconds: \(Self.samplingSeconds)
            alerting:
              rules: \(file)
              evaluation_interval_seconds: \(Self.evaluationSeconds)
            """
        return try await withDaemon(configuration: configuration) { daemon in
            let server = try PrometheusServer(
                scraping: daemon, rules: rules, evaluationSeconds: Self.evaluationSeconds)
            defer { server.stop() }
            _ = try await eventually("two scrapes", within: 40) {
                try await server.values("count_over_time(up{job=\"web\"}[1m])").first ?? 0 >= 2 ? true : nil
            }
            try await failing(daemon)
            var (own, other) = (Span(), Span())
            let deadline = ContinuousClock.now + .seconds(60)
            while own.resolved == nil || other.resolved == nil {
                guard ContinuousClock.now < deadline else { throw TestFailure("\(alert): \(own), \(other)") }
                own.see(
                    try await daemon.get("/api/v1/alerts", by: .control).decoded(Page<AlertReply>.self).items.contains {
                        $0.rule == alert && $0.state == .firing
                    })
                other.see(
                    try await server.get("/api/v1/alerts")["data"]?["alerts"]?.items?.contains {
                        $0["labels"]?["alertname"]?.text == alert && $0["state"]?.text == "firing"
                    } ?? false)
                try await Task.sleep(for: .milliseconds(25))
            }
            return (own, other)
        }
    }

    /// One evaluation of each side may lie between them, and the sampling that it looks at.
    private func expectTogether(_ alert: String, _ own: Span, _ prometheus: Span) throws {
        let most = Duration.seconds(Double(Self.evaluationSeconds) + Self.samplingSeconds)
        let fired = try #require(own.fired) - #require(prometheus.fired)
        let resolved = try #require(own.resolved) - #require(prometheus.resolved)
        print("\(alert): csvand fires \(fired) after Prometheus, and ends \(resolved) after it")
        #expect(fired < most && fired > .zero - most)
        #expect(resolved < most && resolved > .zero - most)
    }

    @Test(.timeLimit(.minutes(2)))
    func threeErrorsFireAndTheirEndResolvesInBoth() async throws {
        // The shipped file with a window that is over soon.
        let rules = try String(contentsOfFile: Checkout.path("etc/alerts.yaml"), encoding: .utf8)
            .replacing("[5m]", with: "[10s]")
        let (own, prometheus) = try await watch(
            "SimulatedError", rules: rules,
            failing: { daemon async throws -> Void in
                for _ in 1...3 {
                    let reply = try await daemon.get("/simulate-error/")
                    #expect(reply.status == 500)
                }
            })
        try expectTogether("SimulatedError", own, prometheus)
    }

    @Test(.timeLimit(.minutes(2)))
    func theFirstErrorOfAKindThatWasNeverSeenFiresInBoth() async throws {
        // The route has not been asked before: its series is born with the error.
        let rules = """
            groups:
              - name: routes
                rules:
                  - alert: RouteFails
                    expr: increase(csvand_http_requests_total{status="404", route="/api/v1/models/{model}"}[10s]) > 0
            """
        let (own, prometheus) = try await watch(
            "RouteFails", rules: rules,
            failing: { daemon async throws -> Void in
                let before = try await daemon.get("/metrics").text
                #expect(!before.contains("route=\"/api/v1/models/{model}\""))
                let reply = try await daemon.get("/api/v1/models/none")
                #expect(reply.status == 404)
                let after = try await daemon.get("/metrics").text
                #expect(after.contains("route=\"/api/v1/models/{model}\",status=\"404\""))
            })
        try expectTogether("RouteFails", own, prometheus)
    }
}
