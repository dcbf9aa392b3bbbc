import Foundation
import HTTPTypes
import Hummingbird
import Operations
import Shared

extension Routes {
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
}
