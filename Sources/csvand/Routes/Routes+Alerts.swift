import Hummingbird
import Operations
import Shared

extension Routes {
    func addAlerts(to router: Router<CallContext>) {
        router.get("/api/v1/alerts") { _, _ in
            try Response.json(Page(items: try await Offload.run { try workspace.alerts() }))
        }
        router.get("/api/v1/rules") { _, _ in
            try Response.json(Page(items: try await Offload.run { try workspace.rules() }))
        }
        router.post("/api/v1/rules/check") { request, _ in
            let text = String(decoding: try await request.wholeBody(limit: 4 << 20), as: UTF8.self)
            return try Response.json(try await Offload.run { try workspace.checkRules(text) })
        }
        router.post("/api/v1/rules/test") { request, _ in
            let body = try await request.decoded(RulesTestRequest.self)
            return try Response.json(try await Offload.run { try workspace.testRules(body) })
        }
        router.post("/api/v1/rules/replay") { request, _ in
            let since = try request.querySeconds("since", default: 86_400)
            let step = request.query("step") == nil ? nil : try request.querySeconds("step", default: 0)
            let text = String(decoding: try await request.wholeBody(limit: 4 << 20), as: UTF8.self)
            return try Response.json(
                try await Offload.run {
                    try workspace.replayRules(text.isEmpty ? nil : text, sinceSeconds: since, stepSeconds: step)
                })
        }
        router.post("/api/v1/drills") { request, _ in
            let body = try await request.wholeBody(limit: 4 << 10)
            let drill = body.isEmpty ? DrillRequest() : try WireJSON.decode(DrillRequest.self, from: body)
            return try Response.json(try await Offload.run { try workspace.drill(drill) })
        }
        router.get("/api/v1/silences") { _, _ in
            try Response.json(Page(items: try await Offload.run { try workspace.silences() }))
        }
        router.post("/api/v1/silences") { request, context in
            var body = try await request.decoded(SilenceRequest.self)
            body.by = body.by ?? context.actor
            let silence = body
            return try Response.json(try await Offload.run { try workspace.addSilence(silence) }, status: .created)
        }
        router.delete("/api/v1/silences/:silence") { _, context in
            let id = try context.parameter("silence")
            try await Offload.run { try workspace.expireSilence(id) }
            return Response(status: .noContent)
        }
    }
}
