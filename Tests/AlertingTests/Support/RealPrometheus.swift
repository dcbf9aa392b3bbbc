import Foundation
import Telemetry
import Testing
import Transfer

@testable import Alerting

/// A real Prometheus on a free port of loopback, over series that were given to it.
final class RealPrometheus {
    /// What it answers to an expression.
    enum Answer {
        case refused(String)
        case value(PromQLValue)
    }

    private let directory: URL
    private let process = Process()
    private let port: Int

    /// Fills a data directory and starts the server over it.
    ///
    /// - Parameter series: times in milliseconds since 1970, ascending.
    init(_ series: [RangeSeries]) throws {
        let promtool = try #require(Promtool.path, Promtool.absent)
        directory = FileManager.default.temporaryDirectory.appending(path: "prometheus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try Data(Self.openMetrics(series).utf8).write(to: directory.appending(path: "series.om"))
        try Data("global: {}\n".utf8).write(to: directory.appending(path: "prometheus.yml"))
        let filling = Process()
        filling.executableURL = URL(fileURLWithPath: promtool)
        filling.arguments = ["tsdb", "create-blocks-from", "openmetrics", "series.om", "data"]
        filling.currentDirectoryURL = directory
        filling.standardOutput = FileHandle.nullDevice
        try filling.run()
        filling.waitUntilExit()
        try #require(filling.terminationStatus == 0)
        // A server that is gone again leaves a port that was free a moment ago.
        let probe = try LoopbackServer { _ in .drop }
        port = probe.port
        probe.stop()
        process.executableURL = URL(fileURLWithPath: promtool.replacing("promtool", with: "prometheus"))
        process.arguments = [
            "--config.file=prometheus.yml", "--storage.tsdb.path=data", "--storage.tsdb.retention.time=100y",
            "--web.listen-address=127.0.0.1:\(port)", "--log.level=error",
        ]
        process.currentDirectoryURL = directory
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let deadline = ContinuousClock.now + .seconds(30)
        while (try? get("/-/ready").status) != 200 {
            try #require(ContinuousClock.now < deadline && process.isRunning, "Prometheus does not start")
            Thread.sleep(forTimeInterval: 0.05)
        }
    }

    /// Ends the server and removes its data.
    func stop() {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: directory)
    }

    private static func openMetrics(_ series: [RangeSeries]) -> String {
        var text = ""
        for one in series {
            let labels = one.labels.labels.filter { $0.name != LabelSet.metricName }
                .map { "\($0.name)=\"\(LabelSet.escaped($0.value))\"" }.joined(separator: ",")
            for point in one.points {
                let milliseconds = String(point.time % 1_000)
                let seconds =
                    "\(point.time / 1_000)." + String(repeating: "0", count: 3 - milliseconds.count) + milliseconds
                text += "\(one.labels.metricName){\(labels)} \(PromQLNumber.text(point.value)) \(seconds)\n"
            }
        }
        return text + "# EOF\n"
    }

    private func get(_ path: String) throws -> TransferReply {
        var request = TransferRequest(.get, SecretURL("http://127.0.0.1:\(port)\(path)"))
        request.schemes = .httpAndHTTPS
        return try request.perform()
    }

    /// Evaluates an expression at a time, milliseconds since 1970.
    func evaluate(_ expression: String, at time: Int64) throws -> Answer {
        let text = expression.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let reply = try get("/api/v1/query?query=\(text)&time=\(Double(time) / 1_000)")
        let document = try JSONSerialization.jsonObject(with: Data(reply.body)) as? [String: Any] ?? [:]
        guard document["status"] as? String == "success", let data = document["data"] as? [String: Any] else {
            return .refused(document["error"] as? String ?? reply.text)
        }
        switch data["resultType"] as? String {
        case "scalar": return .value(.scalar(Self.number(data["result"])))
        case "vector":
            let items = data["result"] as? [[String: Any]] ?? []
            return .value(
                .vector(items.map { VectorSample(labels: Self.labels($0), value: Self.number($0["value"])) }))
        case "matrix":
            let items = data["result"] as? [[String: Any]] ?? []
            return .value(
                .matrix(
                    items.map { item in
                        let points = (item["values"] as? [[Any]] ?? []).map { pair in
                            SamplePoint(
                                time: Int64(((pair.first as? Double ?? 0) * 1_000).rounded()), value: Self.number(pair))
                        }
                        return RangeSeries(labels: Self.labels(item), points: points)
                    }))
        default: return .value(.string((data["result"] as? [Any])?.last as? String ?? ""))
        }
    }

    private static func labels(_ item: [String: Any]) -> LabelSet {
        LabelSet((item["metric"] as? [String: String] ?? [:]).map { Label($0.key, $0.value) })
    }

    private static func number(_ pair: Any?) -> Double {
        PromQLNumber.value((pair as? [Any])?.last as? String ?? "") ?? .nan
    }
}
