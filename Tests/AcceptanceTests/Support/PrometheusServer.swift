import Foundation
import Shared
import Testing
import Transfer

/// A Prometheus on a free port, with files of its own.
final class PrometheusServer: Sendable {
    let place: TemporaryDirectory
    let port: Int
    private let child: ChildProcess

    /// Starts it with the shipped configuration: only addresses and intervals are others.
    ///
    /// - Parameter rules: the rule file's text; nil for the shipped one.
    init(scraping daemon: DaemonProcess, rules: String? = nil, evaluationSeconds: Int = 1) throws {
        place = try TemporaryDirectory("prometheus")
        port = try Self.freePort()
        let configuration = try Self.configuration(
            place.path, daemon: daemon.port, rules: rules, evaluationSeconds: evaluationSeconds)
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

    private static func configuration(
        _ directory: String, daemon: Int, rules: String?, evaluationSeconds: Int
    ) throws -> String {
        var text = try String(contentsOfFile: Checkout.path("prometheus.yml"), encoding: .utf8)
        // The commented part about csvand as an Alertmanager is put in force as well.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasPrefix("# alerting:") })
        text =
            (lines[..<start] + lines[start...].map { $0.hasPrefix("# ") ? $0.dropFirst(2) : $0 })
            .joined(separator: "\n")
        #expect(text.contains("\nalerting:\n  alertmanagers:"))
        text = text.replacing("127.0.0.1:8000", with: "127.0.0.1:\(daemon)")
            .replacing("scrape_interval: 5s", with: "scrape_interval: 1s")
            .replacing("evaluation_interval: 5s", with: "evaluation_interval: \(evaluationSeconds)s")
        try FileManager.default.createDirectory(atPath: directory + "/etc", withIntermediateDirectories: true)
        let shipped = try String(contentsOfFile: Checkout.path("etc/alerts.yaml"), encoding: .utf8)
        try (rules ?? shipped).write(toFile: directory + "/etc/alerts.yaml", atomically: true, encoding: .utf8)
        try text.write(toFile: directory + "/prometheus.yml", atomically: true, encoding: .utf8)
        return directory + "/prometheus.yml"
    }

    static func freePort() throws -> Int {
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

extension JSONValue {
    subscript(key: String) -> JSONValue? {
        if case .object(let fields) = self { return fields[key] }
        return nil
    }
    var items: [JSONValue]? {
        if case .array(let items) = self { return items }
        return nil
    }
    var text: String? {
        if case .string(let text) = self { return text }
        return nil
    }
}
