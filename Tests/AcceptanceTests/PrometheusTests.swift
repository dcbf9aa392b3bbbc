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

    /// A Prometheus on a free port, with files of its own.
    private final class Server: Sendable {
        let place: TemporaryDirectory
        let port: Int
        private let child: ChildProcess

        /// Starts it with the shipped configuration: only addresses and intervals are others.
        init(scraping daemon: DaemonProcess) throws {
            place = try TemporaryDirectory("prometheus")
            port = try Self.freePort()
            let configuration = try Self.configuration(place.path, daemon: daemon.port)
            child = try ChildProcess(
                "prometheus",
                [
                    "--config.file=\(configuration)", "--storage.tsdb.path=\(place.path)/tsdb",
                    "--web.listen-address=127.0.0.1:\(port)",
                ], environment: [:], output: place.path + "/log", error: place.path + "/log")
        }

        deinit { stop() }

        func stop() {
            child.send(SIGTERM)
            if child.wait(seconds: 10) == nil { child.kill9() }
            place.remove()
        }

        private static func configuration(_ directory: String, daemon: Int) throws -> String {
            var text = try String(contentsOfFile: Checkout.path("prometheus.yml"), encoding: .utf8)
            // The commented part about csvand as an Alertmanager is put in force as well.
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let start = try #require(lines.firstIndex { $0.hasPrefix("# alerting:") })
            text =
                (lines[..<start] + lines[start...].map { $0.hasPrefix("# ") ? $0.dropFirst(2) : $0 })
                .joined(separator: "\n")
            #expect(text.contains("\nalerting:\n  alertmanagers:"))
            text = text.replacing("127.0.0.1:8000", with: "127.0.0.1:\(daemon)").replacing(
                /interval: 5s/, with: "interval: 1s")
            try FileManager.default.createDirectory(atPath: directory + "/etc", withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: Checkout.path("etc/alerts.yaml"), toPath: directory + "/etc/alerts.yaml")
            try text.write(toFile: directory + "/prometheus.yml", atomically: true, encoding: .utf8)
            return directory + "/prometheus.yml"
        }

        private static func freePort() throws -> Int {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let found = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
                }
            }
            guard found else { throw TestFailure("no free port") }
            return Int(in_port_t(bigEndian: address.sin_port))
        }

        func get(_ path: String) async throws -> JSONValue {
            var request = TransferRequest(.get, SecretURL("http://127.0.0.1:\(port)\(path)"))
            request.schemes = .httpAndHTTPS
            let reply = try await request.performOnOwnThread()
            guard reply.status == 200 else { throw TestFailure("\(path): \(reply.status) \(reply.text)") }
            return try JSONDecoder().decode(JSONValue.self, from: Data(reply.body))
        }

        /// The values of an instant query.
        func values(_ expression: String) async throws -> [Double] {
            let query = expression.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let result = try await get("/api/v1/query?query=\(query)")["data"]?["result"]
            return (result?.items ?? []).compactMap { $0["value"]?.items?.last?.text.flatMap { Double($0) } }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func prometheusScrapesTheDaemonAndFiresTheSameRuleAndTellsItBack() async throws {
        let quick = "metrics:\n  sample_interval_seconds: 1\nalerting:\n  evaluation_interval_seconds: 1\n"
        try await withDaemon(configuration: quick) { daemon in
            let server = try Server(scraping: daemon)
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

extension JSONValue {
    fileprivate subscript(key: String) -> JSONValue? {
        if case .object(let fields) = self { return fields[key] }
        return nil
    }
    fileprivate var items: [JSONValue]? {
        if case .array(let items) = self { return items }
        return nil
    }
    fileprivate var text: String? {
        if case .string(let text) = self { return text }
        return nil
    }
}
