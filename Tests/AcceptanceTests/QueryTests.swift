import Foundation
import Shared
import Testing

/// Prometheus's HTTP API of the daemon, asked by the real promtool; rules tested and replayed by csvctl.
@Suite(.serialized) struct QueryTests {
    private static let quick = "metrics:\n  sample_interval_seconds: 1\nalerting:\n  evaluation_interval_seconds: 1\n"

    @Test(.timeLimit(.minutes(2)))
    func promtoolQueriesTheDaemon() async throws {
        try await withDaemon(configuration: Self.quick) { daemon in
            for _ in 1...3 { #expect(try await daemon.get("/simulate-error/").status == 500) }
            _ = try await eventually("three errors are sampled") {
                let found = try await daemon.get(
                    "/api/v1/query?query=app_errors_total%7Btype%3D%22simulated%22%7D"
                ).text
                return found.contains(",\"3\"]") ? true : nil
            }
            let server = "http://127.0.0.1:\(daemon.port)"
            func promtool(_ arguments: String...) async throws -> String {
                let run = try await ProgramRun.run("promtool", ["query"] + arguments)
                #expect(run.status == 0, "\(arguments): \(run.error)\(run.output)")
                return run.output
            }
            let instant = try await promtool(
                "instant", server, "sum by (type) (max_over_time(app_errors_total{type=~\"simul.*\"}[1m:50ms]))")
            #expect(instant.hasPrefix("{type=\"simulated\"} => 3 @["))
            #expect(try await promtool("instant", server, "1 + 1").hasPrefix("scalar: 2 @["))
            let now = Int(Date().timeIntervalSince1970)
            let range = try await promtool(
                "range", server, "up{job=\"web\"}", "--start=\(now - 5)", "--end=\(now + 2)", "--step=1s")
            #expect(range.contains("job=\"web\"") && range.contains("1 @["))
            let series = try await promtool("series", server, "--match=app_errors_total")
            #expect(series.split(separator: "\n").count == 12)
            #expect(try await promtool("labels", server, "type").contains("training_failure"))

            let names = try await daemon.get("/api/v1/label/__name__/values").text
            #expect(names.hasPrefix("{\"status\":\"success\",\"data\":[") && names.contains("\"csvand_datasets\""))
            #expect(
                try await daemon.get("/api/v1/labels?match[]=up").text
                    == "{\"status\":\"success\",\"data\":[\"__name__\",\"instance\",\"job\"]}")
            let metadata = try await daemon.get("/api/v1/metadata?metric=csvand_datasets").text
            #expect(metadata.contains("[{\"type\":\"gauge\",\"help\":\"Datasets stored.\",\"unit\":\"\"}]"))
            #expect(try await daemon.get("/api/v1/status/buildinfo").text.contains("\"version\":\"2.42.0\""))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func whatIsWrongIsToldAsPrometheusTellsIt() async throws {
        try await withDaemon { daemon in
            for (path, status, text) in [
                ("query", 400, #"{"status":"error","errorType":"bad_data","error":"parameter query is missing"}"#),
                (
                    "query?query=incrase(up[5m])", 400,
                    #"{"status":"error","errorType":"bad_data","error":"1:1: there is no function \"incrase\"; did you mean \"increase\"?"}"#
                ),
                (
                    "query?query=up&time=x", 400,
                    #"{"status":"error","errorType":"bad_data","error":"parameter time: x is no time in seconds since 1970 and no RFC 3339 time"}"#
                ),
                (
                    "query_range?query=up&start=0&end=99999&step=1", 400,
                    #"{"status":"error","errorType":"bad_data","error":"exceeded maximum resolution of 11000 points per timeseries: ask for a longer step"}"#
                ),
                (
                    "query?query=abs(%7Bjob=%22web%22%7D)", 422, "the result has two series"
                ),
                ("series", 400, #"{"status":"error","errorType":"bad_data","error":"parameter match[] is missing"}"#),
            ] {
                let answer = try await daemon.get("/api/v1/" + path)
                #expect(answer.status == status, "\(path): \(answer.text)")
                #expect(answer.text.contains(text), "\(path): \(answer.text)")
            }
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func shippedTestsPassInBothAndAWrongOneFailsInBoth() async throws {
        try await withDaemon { daemon in
            let shipped = Checkout.path("etc/alerts-test.yaml")
            #expect(try await ProgramRun.run("promtool", ["test", "rules", shipped]).status == 0)
            let run = try await daemon.csvctl("rules", "test", shipped)
            #expect(run.status == 0, "\(run.output)\(run.error)")
            #expect(run.output.hasSuffix(" passed, 0 failed\n"))

            let place = try TemporaryDirectory("rules")
            defer { place.remove() }
            try FileManager.default.copyItem(
                atPath: Checkout.path("etc/alerts.yaml"), toPath: place.path + "/alerts.yaml")
            let wrong = place.path + "/wrong.yaml"
            try String(contentsOfFile: shipped, encoding: .utf8).replacing("eval_time: 310s", with: "eval_time: 300s")
                .write(toFile: wrong, atomically: true, encoding: .utf8)
            #expect(try await ProgramRun.run("promtool", ["test", "rules", wrong]).status != 0)
            let failed = try await daemon.csvctl("rules", "test", wrong)
            #expect(failed.status == 1 && failed.output.contains("alert SlowRequests at 5m"))
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func aReplayShowsWhatFiredAndWhatARuleWouldHaveDone() async throws {
        try await withDaemon(configuration: Self.quick) { daemon in
            #expect(try await daemon.csvctl("simulate", "--count", "1").status == 0)
            _ = try await eventually("the rule fires") {
                try await daemon.get("/api/v1/alerts").text.contains("SimulatedError") ? true : nil
            }
            // Three evaluations at the step below; then samples come from the database.
            try await Task.sleep(for: .seconds(3))
            _ = try await daemon.terminate()
            try await daemon.start()
            let run = try await daemon.csvctl("rules", "replay", "--since", "10m", "--step", "1s")
            #expect(run.status == 0, "\(run.error)")
            #expect(run.output.contains("SimulatedError") && run.output.contains("still fires"), "\(run.output)")

            let place = try TemporaryDirectory("replay")
            defer { place.remove() }
            let rules = place.path + "/rules.yaml"
            try """
            groups:
              - name: g
                rules:
                  - {alert: Never, expr: 'increase(app_errors_total[5m]) > 5'}
            """.write(toFile: rules, atomically: true, encoding: .utf8)
            let never = try await daemon.csvctl("rules", "replay", rules, "--since", "10m")
            #expect(never.status == 0 && never.output.hasPrefix("0 alerts within "), "\(never.output)\(never.error)")
        }
    }
}
