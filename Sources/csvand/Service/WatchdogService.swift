import Logging
import NIOCore
import NIOPosix
import Operations
import ServiceLifecycle

/// Tells the service manager's watchdog that the daemon works, and only when it does: every event loop turns, and the
/// supervision thread has gone round lately.
struct WatchdogService: Service {
    let notifier: ServiceNotifier
    let workspace: Workspace
    let logger: Logger

    func run() async throws {
        guard let interval = notifier.watchdogInterval else {
            try await gracefulShutdown()
            return
        }
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                if await isHealthy(within: interval / 4) {
                    notifier.watchdog()
                } else {
                    logger.error("The watchdog is not told: an event loop or the supervision thread does not turn")
                }
                try? await Task.sleep(for: interval / 3)
            }
        }
    }

    private func isHealthy(within limit: Duration) async -> Bool {
        guard workspace.supervision.isTurning else { return false }
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for loop in MultiThreadedEventLoopGroup.singleton.makeIterator() {
                    guard (try? await loop.submit {}.get()) != nil else { return false }
                }
                return true
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
    }
}
