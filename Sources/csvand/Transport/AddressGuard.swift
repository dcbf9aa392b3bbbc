import HTTPTypes
import Hummingbird
import Operations
import Shared

/// Refuses what a browser could be tricked into sending: foreign `Host` names (DNS rebinding) and writes from other sites (CSRF).
///
/// Calls on the control socket come from a process of this machine with known credentials and are let through.
struct AddressGuard: RouterMiddleware {
    let allowedHosts: @Sendable () -> [String]

    func handle(
        _ request: Request, context: CallContext, next: (Request, CallContext) async throws -> Response
    ) async throws -> Response {
        guard context.origin == .tcp else { return try await next(request, context) }
        try checkHost(request)
        if Self.hasEffect(request) { try checkOrigin(request) }
        return try await next(request, context)
    }

    /// A picture on any page could call `/simulate-error/`, which is read by its method and wakes people all the same.
    private static func hasEffect(_ request: Request) -> Bool {
        (request.method != .get && request.method != .head) || request.uri.path.hasPrefix("/simulate-error")
    }

    private func checkHost(_ request: Request) throws(Problem) {
        let authority = request.head.authority ?? ""
        let host = Self.hostName(authority)
        guard allowedHosts().contains(where: { $0.lowercased() == host || $0 == "*" }) else {
            throw Problem(
                .requestHost, "The Host \(authority.quotedForMessage) is not one this server answers to.",
                remedy: "Use a name listed in http.allowed_hosts, or add this one there.")
        }
    }

    /// Browsers of today say where a call comes from; older ones send the origin with a write, which must be this very server.
    private func checkOrigin(_ request: Request) throws(Problem) {
        if let site = request.headers[.secFetchSite] {
            guard site == "same-origin" || site == "none" else { throw Self.crossOrigin(site) }
        } else if let origin = request.headers[.origin] {
            let authority = origin.split(separator: "/").last.map { $0.lowercased() }
            guard authority == request.head.authority?.lowercased() else { throw Self.crossOrigin(origin) }
        }
    }

    private static func crossOrigin(_ origin: String) -> Problem {
        Problem(
            .requestOrigin, "A write from another site (\(origin.quotedForMessage)) is refused.",
            remedy: "Send writes from csvand's own pages, from csvctl or from a REST client.")
    }

    /// The host without its port, in lower case; IPv6 addresses keep their brackets.
    private static func hostName(_ authority: String) -> String {
        let lower = authority.lowercased()
        if lower.hasPrefix("[") { return String(lower.prefix { $0 != "]" }) + "]" }
        return String(lower.prefix { $0 != ":" })
    }
}

extension HTTPField.Name {
    static let secFetchSite = known("Sec-Fetch-Site")
    static let requestID = known("X-Request-ID")
    static let contentTypeOptions = known("X-Content-Type-Options")
    static let referrerPolicy = known("Referrer-Policy")

    /// For names written here; an invalid one would fall back to a harmless header.
    private static func known(_ name: String) -> Self { Self(name) ?? .server }
}
