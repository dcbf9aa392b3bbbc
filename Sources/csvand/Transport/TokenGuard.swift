import HTTPTypes
import Hummingbird
import Operations
import Shared

/// Asks for a token on TCP once tokens exist, and for the role that the method needs. Health, version and static files stay open.
///
/// Calls on the control socket have their peer's credentials as identity and need no token.
struct TokenGuard: RouterMiddleware {
    let access: Access

    private static let open: Set<String> = ["/healthz", "/readyz", "/version"]

    /// Expressions may be too long for a URL, so Grafana posts them; nothing is changed.
    private static let readingPosts: Set<String> = [
        "/api/v1/query", "/api/v1/query_range", "/api/v1/series", "/api/v1/labels", "/api/v1/rules/check",
        "/api/v1/rules/test", "/api/v1/rules/replay",
    ]

    func handle(
        _ request: Request, context: CallContext, next: (Request, CallContext) async throws -> Response
    ) async throws -> Response {
        if context.origin == .tcp, !Self.open.contains(request.uri.path), !request.uri.path.hasPrefix("/assets/") {
            let isRead =
                request.method == .get || request.method == .head || Self.readingPosts.contains(request.uri.path)
            // Failing on purpose can wake people: it is no mere reading.
            let role: TokenRole = isRead && request.uri.path != "/simulate-error/" ? .viewer : .editor
            try access.admit(bearer: Self.bearer(request), needs: role)
        }
        return try await next(request, context)
    }

    private static func bearer(_ request: Request) -> String? {
        guard let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ") else { return nil }
        return String(header.dropFirst(7))
    }
}
