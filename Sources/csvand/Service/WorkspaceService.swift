import Operations
import ServiceLifecycle

/// Keeps the workspace's own threads (supervision, outbox, training) for as long as the daemon serves.
struct WorkspaceService: Service {
    let workspace: Workspace

    func run() async throws {
        workspace.start()
        try? await gracefulShutdown()
        workspace.drain()
    }
}
