import Hummingbird
import Operations
import Shared

extension Routes {
    private static let mostPage = 1_000

    func addIncidents(to router: Router<CallContext>) {
        router.get("/api/v1/incidents") { request, _ in
            let limit = try request.queryCount("limit", in: 1...Self.mostPage, default: 100)
            let after = request.query("after")
            let state = try IncidentFilter(parameter: request.query("state"))
            return try Response.json(
                try await Offload.run { try workspace.incidents(state, after: after, limit: limit) })
        }
        router.get("/api/v1/incidents/:number") { _, context in
            let number = try context.count("number")
            return try Response.json(try await Offload.run { try workspace.incident(number) })
        }
        router.post("/api/v1/incidents/:number/ack") { request, context in
            var body = try await request.decoded(AcknowledgeRequest.self)
            body.by = body.by ?? context.actor
            let (number, acknowledgement) = (try context.count("number"), body)
            return try Response.json(try await Offload.run { try workspace.acknowledge(number, acknowledgement) })
        }
        router.post("/api/v1/incidents/:number/notes") { request, context in
            var body = try await request.decoded(NoteRequest.self)
            body.by = body.by ?? context.actor
            let (number, note) = (try context.count("number"), body)
            return try Response.json(try await Offload.run { try workspace.annotate(number, note) })
        }
        router.post("/api/v1/incidents/:number/resolve") { request, context in
            var body = try await request.decoded(ResolveRequest.self)
            body.by = body.by ?? context.actor
            let (number, resolution) = (try context.count("number"), body)
            return try Response.json(try await Offload.run { try workspace.resolve(number, resolution) })
        }
        router.get("/api/v1/incidents/:number/postmortem") { request, context in
            let number = try context.count("number")
            let language = request.query("lang") ?? "en"
            let text = try await Offload.run { try workspace.postmortem(number, language: language) }
            return Response.text(text, type: "text/markdown; charset=utf-8")
        }
    }
}
