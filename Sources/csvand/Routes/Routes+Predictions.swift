import Foundation
import HTTPTypes
import Hummingbird
import Operations
import Shared

extension Routes {
    private static let mostPredictionBytes = 64 << 20
    /// Bodies up to this size are read where they arrive, in less time than another thread takes to wake.
    private static let mostBytesAtOnce = 32 << 10

    /// Predictions; those of a few rows are answered on the event loop.
    func addPredictions(to router: Router<CallContext>) {
        router.post("/api/v1/models/:model/predict") { request, context in try await predict(request, context) }
    }

    /// Rows as JSON, or a CSV that comes back with the prediction beside each row.
    private func predict(_ request: Request, _ context: CallContext) async throws -> Response {
        let name = try context.parameter("model")
        let body = try await request.wholeBody(limit: Self.mostPredictionBytes)
        let contentType = request.headers[.contentType]?.lowercased() ?? "application/json"
        if contentType.hasPrefix("text/csv") {
            let answer = try await Offload.run { try workspace.predict(name, csv: [UInt8](body)) }
            return Response.bytes(answer, type: "text/csv; charset=utf-8")
        }
        guard contentType.hasPrefix("application/json") else {
            throw Problem(
                .requestUnsupportedMedia, "Predictions take JSON or CSV, not \(contentType.quotedForMessage).",
                remedy: "Send Content-Type: application/json or text/csv.")
        }
        guard body.count <= Self.mostBytesAtOnce else {
            let answer = try await Offload.run { try workspace.predict(name, WireJSON.body(PredictRequest.self, body)) }
            return Response.bytes(answer, type: "application/json")
        }
        let rows = try WireJSON.body(PredictRequest.self, body)
        let answer =
            workspace.answersAtOnce(name, rows)
            ? try workspace.predict(name, rows) : try await Offload.run { try workspace.predict(name, rows) }
        return Response.bytes(answer, type: "application/json")
    }
}
