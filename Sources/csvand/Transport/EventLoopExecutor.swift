import Hummingbird
import NIOCore

/// Runs tasks on an event loop. What the task of a connection does is then done by the thread that reads its socket: a call is answered
/// without waking another thread, and the loop without being woken by it.
final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Takes calls off the event loop, which other connections wait for: all but those that are answered in microseconds.
struct EventLoopExit: RouterMiddleware {
    func handle(
        _ request: Request, context: CallContext, next: (Request, CallContext) async throws -> Response
    ) async throws -> Response {
        try await withTaskExecutorPreference(globalConcurrentExecutor) { try await next(request, context) }
    }
}
