import Foundation
import HTTPTypes
import Hummingbird
import Operations

/// Prometheus's HTTP API over the daemon's own samples: for Grafana's Prometheus data source and `promtool query`.
extension Routes {
    /// Expressions are at most 16 KiB; the rest is room for percent signs.
    private static let mostFormBytes = 256 << 10

    func addQueries(to router: Router<CallContext>) {
        router.get("/api/v1/query") { request, _ in try await answer(.query, request) }
        router.post("/api/v1/query") { request, _ in try await answer(.query, request) }
        router.get("/api/v1/query_range") { request, _ in try await answer(.queryRange, request) }
        router.post("/api/v1/query_range") { request, _ in try await answer(.queryRange, request) }
        router.get("/api/v1/series") { request, _ in try await answer(.series, request) }
        router.post("/api/v1/series") { request, _ in try await answer(.series, request) }
        router.get("/api/v1/labels") { request, _ in try await answer(.labels, request) }
        router.post("/api/v1/labels") { request, _ in try await answer(.labels, request) }
        router.get("/api/v1/label/:name/values") { request, context in
            try await answer(.labelValues(try context.parameter("name")), request)
        }
        router.get("/api/v1/metadata") { request, _ in try await answer(.metadata, request) }
        router.get("/api/v1/status/buildinfo") { request, _ in try await answer(.buildInformation, request) }
    }

    private func answer(_ endpoint: PrometheusCall.Endpoint, _ request: Request) async throws -> Response {
        var encoded = [String(request.uri.query ?? "")]
        if request.method == .post {
            encoded.append(String(decoding: try await request.wholeBody(limit: Self.mostFormBytes), as: UTF8.self))
        }
        let call = PrometheusCall(endpoint, encoded: encoded)
        let answer = try await Offload.run { workspace.answer(call) }
        return .bytes(
            Data(answer.body), type: "application/json", status: HTTPResponse.Status(code: answer.status))
    }
}
