import Foundation
import HTTPTypes
import Hummingbird
import Operations
import Shared
import Telemetry

extension Routes {
    /// Whether the daemon lives, answered on the event loop.
    func addHealth(to router: Router<CallContext>) {
        router.get("/healthz") { _, _ in try health() }
    }

    /// The daemon about itself.
    func addService(to router: Router<CallContext>) {
        router.get("/readyz") { _, _ in try readiness() }
        router.get("/version") { _, _ in try Response.json(workspace.build()) }
        router.get("/metrics") { request, context in metrics(request, context) }
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

    private func metrics(_ request: Request, _ context: CallContext) -> Response {
        let format = ExpositionFormat.accepting(request.headers[.accept])
        // Prometheus, and what scrapes like it, tells how long it waits; a person with curl does not.
        let isScraper = HTTPField.Name.scrapeTimeout.map { request.headers[$0] != nil } ?? false
        let text = workspace.supervision.exposition(
            format, scraper: isScraper ? context.channel?.remoteAddress?.ipAddress ?? "local" : nil)
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

extension HTTPField.Name {
    fileprivate static let scrapeTimeout = HTTPField.Name("X-Prometheus-Scrape-Timeout-Seconds")
}
