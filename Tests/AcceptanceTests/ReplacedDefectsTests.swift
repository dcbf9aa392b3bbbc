import Foundation
import Shared
import Testing

/// What was wrong with the supervision of the application that csvand replaces: each a test.
@Suite(.serialized) struct ReplacedDefectsTests {
    /// `increase()` missed it, because the labelled counter did not exist before it.
    @Test func theFirstErrorEverFiresItsRule() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.get("/simulate-error/").status == 500)
            let incident = try await eventually("the incident of the very first error", within: 10) {
                try await daemon.get("/api/v1/incidents").decoded(Page<IncidentReply>.self).items.first
            }
            #expect(incident.rule == "SimulatedError" && (incident.evidence.value ?? 0) > 0)
        }
    }

    /// A rule named a metric that nothing exported, and another a job that was called otherwise.
    @Test func aRuleThatCouldNeverFireIsRefusedWithTheNearestName() async throws {
        try await withDaemon { daemon in
            func check(_ expression: String) async throws -> ProgramRun {
                let rules = "groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: \(expression)\n"
                return try await daemon.csvctl("rules", "check", "-", input: rules)
            }
            let metric = try await check("increase(django_http_request_total_by_status_total[5m]) > 0")
            #expect(
                metric.status == 1 && metric.error.contains("django_http_requests_total_by_status_total"),
                "\(metric.error)")
            let job = try await check("'up{job=\"wbe\"} == 0'")
            #expect(job.status == 1 && job.error.contains("web"), "\(job.error)")
            #expect(try await check("'up{job=\"web\"} == 0'").status == 0)
        }
    }

    /// Anyone could page the team by a loop.
    @Test func strangersCannotPageTheTeam() async throws {
        try await withDaemon(configuration: "http:\n  simulate_errors_per_minute: 3\n") { daemon in
            var statuses: [Int] = []
            for _ in 0..<5 { statuses.append(try await daemon.get("/simulate-error/").status) }
            #expect(statuses == [500, 500, 500, 429, 429])
            _ = try await daemon.csvctl("tokens", "create", "ops")
            #expect(try await daemon.get("/simulate-error/").status == 401)
        }
    }

    /// It slept a second in each answer.
    @Test func metricsAreAnsweredAtOnce() async throws {
        try await withDaemon { daemon in
            _ = try await daemon.get("/metrics")
            let start = ContinuousClock.now
            for _ in 0..<10 { #expect(try await daemon.get("/metrics").status == 200) }
            #expect(ContinuousClock.now - start < .seconds(1), "ten of them")
        }
    }
}
