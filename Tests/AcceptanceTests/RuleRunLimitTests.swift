import Foundation
import Shared
import Testing

/// Tests and replays of rules compute for long on one processor at most, whoever asks.
@Suite struct RuleRunLimitTests {
    @Test(.timeLimit(.minutes(1)))
    func aSecondRunIsRefusedWhileALongOneGoesOnAndAllElseIsAnswered() async throws {
        // A window of hours at each second of a day: minutes of work.
        let rules = (1...20).map { "      - {record: r\($0), expr: 'stddev_over_time(a[6h])'}\n" }.joined()
        let long = RulesTestRequest(
            path: "long.yaml",
            text: """
                rule_files: [long.rules.yaml]
                evaluation_interval: 1s
                tests:
                  - interval: 1s
                    input_series: [{series: a, values: '0+1x80000'}]
                    promql_expr_test: [{expr: r1, eval_time: 22h, exp_samples: []}]

                """,
            rules: [.init(path: "long.rules.yaml", text: "groups:\n  - name: g\n    rules:\n" + rules)])
        let body = Array(try WireJSON.encode(long))
        let daemon = try DaemonProcess()
        defer { daemon.kill9() }
        try await daemon.start()
        let running = Task { try? await daemon.call(.post, "/api/v1/rules/test", type: "application/json", body: body) }
        try await Task.sleep(for: .seconds(1))
        let start = ContinuousClock.now
        async let replay = daemon.call(.post, "/api/v1/rules/replay?since=60")
        async let test = daemon.call(.post, "/api/v1/rules/test", type: "application/json", body: body)
        for _ in 0..<20 {
            let asked = ContinuousClock.now
            #expect(try await daemon.get("/api/v1/alerts").status == 200)
            #expect(ContinuousClock.now - asked < .seconds(2))
        }
        for reply in [try await replay, try await test] {
            #expect(reply.status == 429)
            let problem = try reply.decoded(Problem.self)
            #expect(problem.code == "request.rate_limited")
            #expect(problem.detail == "Another test or replay of rules is running.")
            #expect(problem.remedy == "Try again when it has ended, a minute later at most.")
        }
        let waited = ContinuousClock.now - start
        #expect(waited > .seconds(4) && waited < .seconds(20), "\(waited)")
        daemon.kill9()
        _ = await running.value
    }
}
