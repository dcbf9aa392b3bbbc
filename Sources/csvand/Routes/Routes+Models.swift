import Foundation
import HTTPTypes
import Hummingbird
import Operations
import Shared

extension Routes {
    private static let mostPredictionBytes = 64 << 20
    private static let mostPage = 1_000

    func addModels(to router: Router<CallContext>) {
        router.post("/api/v1/models") { request, _ in
            let training = try await request.decoded(TrainRequest.self)
            let job = try await Offload.run { try workspace.train(training) }
            var response = try Response.json(JobAccepted(job: job), status: .accepted)
            response.headers[.location] = "/api/v1/jobs/\(job)"
            return response
        }
        router.get("/api/v1/models") { request, _ in
            let limit = try request.queryCount("limit", in: 1...Self.mostPage, default: 100)
            let after = request.query("after")
            return try Response.json(try await Offload.run { try workspace.models(after: after, limit: limit) })
        }
        router.get("/api/v1/models/:model") { _, context in try await answer(context) { try $0.model($1) } }
        router.patch("/api/v1/models/:model") { request, context in
            let change = try await request.decoded(ModelChange.self)
            return try await answer(context) { try $0.change(model: $1, change) }
        }
        router.delete("/api/v1/models/:model") { _, context in
            let name = try context.parameter("model")
            try await Offload.run { try workspace.deleteModel(name) }
            return Response(status: .noContent)
        }
        router.get("/api/v1/models/:model/leaderboard") { _, context in
            try await answer(context) { try $0.leaderboard(of: $1) }
        }
        router.get("/api/v1/models/:model/explain") { _, context in
            try await answer(context) { try $0.explanation(of: $1) }
        }
        router.get("/api/v1/models/:model/evaluation") { _, context in
            try await answer(context) { try $0.evaluation(of: $1) }
        }
        router.get("/api/v1/models/:model/drift") { _, context in
            try await answer(context) { try $0.drift(of: $1) }
        }
        router.delete("/api/v1/models/:model/drift") { _, context in
            let name = try context.parameter("model")
            try await Offload.run { try workspace.resetDrift(of: name) }
            return Response(status: .noContent)
        }
        router.get("/api/v1/models/:model/report") { _, context in
            let name = try context.parameter("model")
            let report = try await Offload.run { try workspace.report(of: name) }
            return Response.text(report, type: "text/markdown; charset=utf-8")
        }
        router.get("/api/v1/models/:model/export") { request, context in try await exportModel(request, context) }
        router.post("/api/v1/models/:model/predict") { request, context in try await predict(request, context) }
    }

    private func answer(
        _ context: CallContext, _ work: @escaping @Sendable (Workspace, String) throws -> some Encodable & Sendable
    ) async throws -> Response {
        let name = try context.parameter("model")
        return try Response.json(try await Offload.run { try work(workspace, name) })
    }

    private func exportModel(_ request: Request, _ context: CallContext) async throws -> Response {
        let name = try context.parameter("model")
        let format = request.query("format") ?? "json"
        let export = try await Offload.run { try workspace.exportModel(name, format: format) }
        var response = Response.bytes(export.body, type: export.contentType)
        response.headers[.contentDisposition] = Self.attachment(export.fileName)
        return response
    }

    /// Rows as JSON, or a CSV that comes back with the prediction beside each row.
    private func predict(_ request: Request, _ context: CallContext) async throws -> Response {
        let name = try context.parameter("model")
        let body = try await request.wholeBody(limit: Self.mostPredictionBytes)
        let contentType = request.headers[.contentType]?.lowercased() ?? "application/json"
        if contentType.hasPrefix("text/csv") {
            let answer = try await Offload.run { try workspace.predict(name, csv: [UInt8](body)) }
            return Response.bytes(Data(answer), type: "text/csv; charset=utf-8")
        }
        guard contentType.hasPrefix("application/json") else {
            throw Problem(
                .requestUnsupportedMedia, "Predictions take JSON or CSV, not \(contentType.quotedForMessage).",
                remedy: "Send Content-Type: application/json or text/csv.")
        }
        let rows: PredictRequest
        do {
            rows = try WireJSON.decode(PredictRequest.self, from: body)
        } catch let error as DecodingError {
            throw Problem.badBody(error)
        }
        if workspace.answersAtOnce(name, rows) { return try Response.json(try workspace.predict(name, rows)) }
        return try Response.json(try await Offload.run { try workspace.predict(name, rows) })
    }
}
