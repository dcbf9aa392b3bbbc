import Foundation
import Hummingbird
import Operations
import Shared

extension Routes {
    private static let mostAlertBytes = 4 << 20

    /// Alerts from others: Prometheus as its Alertmanager, webhooks of Alertmanager and Grafana.
    func addReceivers(to router: Router<CallContext>) {
        router.post("/api/v2/alerts") { request, _ in try await receive(request, .prometheus) }
        router.post("/api/v1/hooks/alertmanager") { request, _ in try await receive(request, .alertmanager) }
        router.post("/api/v1/hooks/grafana") { request, _ in try await receive(request, .grafana) }
    }

    private func receive(_ request: Request, _ sender: AlertSender) async throws -> Response {
        let body = try await request.wholeBody(limit: Self.mostAlertBytes)
        try await Offload.run { try workspace.receive(body, from: sender) }
        return try Response.json([String: String]())
    }
}
