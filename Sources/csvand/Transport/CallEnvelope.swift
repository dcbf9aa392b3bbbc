import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Operations
import Shared

/// Wraps every call: errors become problem details, the answer gets its headers, the call is counted and logged once.
struct CallEnvelope: RouterMiddleware {
    let supervision: Supervision

    func handle(
        _ request: Request, context: CallContext, next: (Request, CallContext) async throws -> Response
    ) async throws -> Response {
        supervision.countInFlight(1)
        defer { supervision.countInFlight(-1) }
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = refuse(error, request, context)
        }
        seal(&response, context)
        let elapsed = ContinuousClock.now - context.started
        supervision.countCall(
            method: request.method.rawValue, route: context.endpointPath ?? "unmatched",
            status: Int(response.status.code),
            seconds: elapsed / .seconds(1), isPublic: context.origin == .tcp)
        context.logger.debug(
            "\(request.method.rawValue) \(request.uri.path) \(response.status.code)",
            metadata: [
                "route": "\(context.endpointPath ?? "unmatched")", "status": "\(response.status.code)",
                "seconds": "\(elapsed / .seconds(1))",
            ])
        return response
    }

    private func refuse(_ error: any Error, _ request: Request, _ context: CallContext) -> Response {
        let route = context.endpointPath ?? "unmatched"
        var problem = Self.httpProblem(error, request) ?? ErrorTranslation.problem(for: error)
        problem.instance = request.uri.path
        problem.requestId = context.requestID
        supervision.recordError(problem, route: route, requestID: context.requestID)
        let level: Logger.Level = problem.status >= 500 ? .error : .info
        context.logger.log(
            level: level, "\(problem.detail)",
            metadata: ["code": "\(problem.code)", "route": "\(route)", "status": "\(problem.status)"])
        return .problem(problem)
    }

    /// Errors that only the HTTP layer knows.
    private static func httpProblem(_ error: any Error, _ request: Request) -> Problem? {
        let incomplete = Problem(
            .requestIncomplete, "The connection was broken off before the request was complete.",
            remedy: "Send the request again.")
        if error is ChannelError || error is IOError || error is CancellationError { return incomplete }
        if let error = error as? HTTPParserError {
            // A body that ends before its last chunk or its Content-Length.
            return error == .invalidEOFState || error == .closedConnection
                ? incomplete
                : Problem(
                    .requestBadBody, "The request breaks the rules of HTTP (\(error)).",
                    remedy: "Send it with a client that speaks HTTP/1.1.")
        }
        guard let status = (error as? any HTTPResponseError)?.status else { return nil }
        if status == .notFound {
            return Problem(
                .requestNotFound,
                "There is nothing at \(request.method.rawValue) \(request.uri.path.quotedForMessage).",
                remedy: "See /openapi.json for every route.")
        }
        return Problem(
            status.code >= 500 ? .internalError : .requestBadBody, "The request was not understood (\(status)).",
            remedy: "See /openapi.json for every route.")
    }

    private func seal(_ response: inout Response, _ context: CallContext) {
        response.headers[.requestID] = context.requestID
        response.headers[.contentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "no-referrer"
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    }
}
