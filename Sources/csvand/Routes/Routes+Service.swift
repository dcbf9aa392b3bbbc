import Foundation
import HTTPTypes
import Hummingbird
import Operations
import Shared
import Telemetry

extension Routes {
    /// The daemon about itself.
    func addService(to router: Router<CallContext>) {
        router.get("/healthz") { _, _ in try health() }
        router.get("/readyz") { _, _ in try readiness() }
        router.get("/version") { _, _ in try Response.json(workspace.build()) }
        router.get("/metrics") { request, _ in metrics(request) }
        router.get("/openapi.json") { _, _ in Response.bytes(OpenAPI.document, type: "application/json") }
        router.get("/simulate-error/") { _, context in try simulate(context) }
    }

    private func health() throws -> Response {
        let health = workspace.health()
        return try Response.json(health, status: health.state == "degraded" ? .serviceUnavailable : .ok)
    }

    private func readiness() throws -> Response {
        let health = workspace.health()
        return try Response.json(health, status: health.state == "ready" ? .ok : .serviceUnavailable)
    }

    private func metrics(_ request: Request) -> Response {
        let format = ExpositionFormat.accepting(request.headers[.accept])
        let text = workspace.supervision.exposition(format)
        return Response(
            status: .ok, headers: [.contentType: format.contentType, .contentLength: String(text.count)],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: text)))
    }

    /// Fails on purpose, so that the whole chain behind an error can be seen. Limited, since it can wake people.
    private func simulate(_ context: CallContext) throws -> Response {
        if context.origin == .tcp { try workspace.supervision.admitSimulation() }
        throw Problem(
            .simulated, "This error was asked for.",
            remedy: "Nothing is broken: see csvctl incidents for what follows from it.")
    }
}
