import Hummingbird
import Logging
import Operations
import Shared

extension Routes {
    /// Verbs for the operator: registered on the control socket only.
    func addAdmin(to router: Router<CallContext>) {
        router.get("/admin/v1/status") { _, _ in try Response.json(try await Offload.run { try workspace.status() }) }
        router.post("/admin/v1/reload") { _, _ in
            let outcome = try await reloader.reload()
            return try Response.json(outcome.reply)
        }
        router.post("/admin/v1/simulate") { request, _ in
            let simulation = try await request.decoded(SimulateRequest.self)
            return try Response.json(try workspace.simulate(simulation))
        }
        router.post("/admin/v1/drain") { _, _ in
            workspace.drain()
            return try Response.json(try await Offload.run { try workspace.draining() })
        }
        router.post("/admin/v1/backup") { request, _ in
            let backup = try await request.decoded(BackupRequest.self)
            return try Response.json(try await Offload.run { try workspace.backup(backup) }, status: .created)
        }
        router.get("/admin/v1/tokens") { _, _ in
            try Response.json(Page(items: try await Offload.run { try workspace.access.tokens() }))
        }
        router.post("/admin/v1/tokens") { request, _ in
            let token = try await request.decoded(TokenRequest.self)
            return try Response.json(try await Offload.run { try workspace.access.create(token) }, status: .created)
        }
        router.delete("/admin/v1/tokens/:token") { _, context in
            let id = try context.parameter("token")
            try await Offload.run { try workspace.access.revoke(id) }
            return Response(status: .noContent)
        }
        router.put("/admin/v1/log-level") { request, _ in
            let wanted = try await request.decoded(LogLevelReply.self)
            guard let level = Logger.Level(rawValue: wanted.level) else {
                throw Problem.badParameter(
                    "level", wanted.level, expected: "one of \(SettingCatalogue.logLevels.joined(separator: ", "))")
            }
            logLevel.current = level
            return try Response.json(wanted)
        }
    }
}
