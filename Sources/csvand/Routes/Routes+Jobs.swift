import Foundation
import HTTPTypes
import Hummingbird
import Operations
import ServiceLifecycle
import Shared

extension Routes {
    private static let mostPage = 1_000
    private static let eventInterval = Duration.milliseconds(250)

    func addJobs(to router: Router<CallContext>) {
        router.get("/api/v1/jobs") { request, _ in
            let limit = try request.queryCount("limit", in: 1...Self.mostPage, default: 100)
            let after = request.query("after")
            return try Response.json(try await Offload.run { try workspace.jobs(after: after, limit: limit) })
        }
        router.get("/api/v1/jobs/:job") { _, context in
            let id = try context.parameter("job")
            return try Response.json(try await Offload.run { try workspace.job(id) })
        }
        router.delete("/api/v1/jobs/:job") { _, context in
            let id = try context.parameter("job")
            return try Response.json(try await Offload.run { try workspace.cancelJob(id) })
        }
        router.post("/api/v1/jobs/:job/extend") { request, context in
            let id = try context.parameter("job")
            let extra = try await request.decoded(JobExtension.self)
            return try Response.json(try await Offload.run { try workspace.extendJob(id, extra) }, status: .accepted)
        }
        router.get("/api/v1/jobs/:job/events") { _, context in try await events(context) }
    }

    /// Server-sent events: the job whenever it changed, until it has ended.
    private func events(_ context: CallContext) async throws -> Response {
        let id = try context.parameter("job")
        _ = try await Offload.run { try workspace.job(id) }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-cache"],
            body: ResponseBody { writer in
                var last = Data()
                while !Task.isCancelled, !Task.isShuttingDownGracefully {
                    let job = try await Offload.run { try workspace.job(id) }
                    let data = try WireJSON.encode(job)
                    if data != last {
                        try await writer.write(
                            ByteBuffer(bytes: Data("event: job\ndata: ".utf8) + data + Data("\n\n".utf8)))
                        last = data
                    }
                    if job.state.isFinal { break }
                    try await Task.sleep(for: Self.eventInterval)
                }
                try await writer.finish(nil)
            })
    }
}
