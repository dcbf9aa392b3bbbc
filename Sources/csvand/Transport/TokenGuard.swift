import HTTPTypes
import Hummingbird
import Operations
import Shared

/// Asks for a token, or a browser's session, on TCP once tokens exist, and for the role that the call needs.
///
/// Calls on the control socket have their peer's credentials as identity and need no token.
struct TokenGuard: RouterMiddleware {
    let access: Access

    /// What says nothing about data, and the way in.
    private static let open: Set<String> = ["/healthz", "/readyz", "/version", "/login", "/logout"]
    /// Posts that change nothing: their body is the question. Expressions may be too long for a URL, so Grafana posts them.
    private static let questions: Set<String> = [
        "/api/v1/sql", "/api/v1/sniff", "/api/v1/query", "/api/v1/query_range", "/api/v1/series", "/api/v1/labels",
        "/api/v1/rules/check",
    ]

    func handle(
        _ request: Request, context: CallContext, next: (Request, CallContext) async throws -> Response
    ) async throws -> Response {
        guard context.origin == .tcp, !Self.isOpen(request.uri.path) else { return try await next(request, context) }
        let caller: Caller?
        do throws(Problem) {
            caller = try access.admit(
                bearer: Self.bearer(request), session: request.session, needs: Self.role(for: request))
        } catch {
            guard error.status == 401, request.method == .get, request.wantsPage else { throw error }
            return .redirect(to: "/login?next=" + request.uri.string.percentEncodedAsQuery)
        }
        var context = context
        context.caller = caller
        if let caller, access.isUseToBeNoted(caller) {
            // That a token was used is not worth refusing the call that used it.
            try? await Offload.run { try access.noteUse(caller) }
        }
        return try await next(request, context)
    }

    private static func isOpen(_ path: String) -> Bool { open.contains(path) || path.hasPrefix("/assets/") }

    private static func role(for request: Request) -> TokenRole {
        let path = request.uri.path
        // Failing on purpose can wake people: it is no mere reading.
        if path == "/simulate-error/" || path == "/simulate-error" { return .editor }
        if path == "/api/v1/drills" { return .admin }
        if request.method == .get || request.method == .head { return .viewer }
        if questions.contains(path) || (path.hasPrefix("/api/v1/models/") && path.hasSuffix("/predict")) {
            return .viewer
        }
        return .editor
    }

    private static func bearer(_ request: Request) -> String? {
        guard let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ") else { return nil }
        return String(header.dropFirst(7))
    }
}

extension Request {
    /// The secret in the cookie of a browser's session.
    var session: String? { cookies[SessionCookie.name]?.value }

    /// Whether the client would rather read a page than problem details.
    var wantsPage: Bool { headers[.accept]?.contains("text/html") == true }
}

/// The cookie of a browser's session: out of reach of scripts, and not sent with what another site starts.
enum SessionCookie {
    static let name = "csvand_session"

    static func text(_ secret: String, overTLS: Bool) -> String {
        "\(name)=\(secret); Path=/; Max-Age=\(Int(Access.sessionSeconds)); HttpOnly; SameSite=Strict"
            + (overTLS ? "; Secure" : "")
    }

    static let removed = "\(name)=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"
}

extension Response {
    static func redirect(to place: String) -> Response {
        Response(status: .seeOther, headers: [.location: place, .contentLength: "0"])
    }
}

extension String {
    /// As the value of a parameter: everything but the unreserved characters of RFC 3986 is escaped.
    var percentEncodedAsQuery: String {
        var text = ""
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return text
    }
}
