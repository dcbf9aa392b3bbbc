import Foundation
import HTTPTypes
import Hummingbird
import Operations
import Shared

extension Routes {
    /// The way in for browsers, which cannot send a token by themselves.
    func addLogin(to router: Router<CallContext>) {
        router.get("/login") { request, _ in
            let caller = request.session.flatMap { workspace.access.caller(session: $0, at: Date()) }
            return Response.html(
                try PageTemplates.render(
                    LoginPage(next: Self.ownPath(request.query("next")), name: caller?.name)))
        }
        router.post("/login") { request, _ in try await signIn(request) }
        router.post("/logout") { request, _ in
            if let session = request.session { workspace.access.signOut(session: session) }
            var response = Response.redirect(to: "/login")
            response.headers[.setCookie] = SessionCookie.removed
            return response
        }
    }

    private func signIn(_ request: Request) async throws -> Response {
        let fields = Self.form(try await request.wholeBody(limit: 16 << 10))
        let next = Self.ownPath(fields["next"])
        do throws(Problem) {
            let secret = try workspace.access.signIn(
                token: (fields["token"] ?? "").trimmingCharacters(in: .whitespacesAndNewlines))
            var response = Response.redirect(to: next)
            // Only adds to the cookie, so that nobody gains by lying about it.
            let overTLS = request.headers[.forwardedProtocol]?.lowercased() == "https"
            response.headers[.setCookie] = SessionCookie.text(secret, overTLS: overTLS)
            return response
        } catch {
            return .html(
                try PageTemplates.render(LoginPage(next: next, failure: error.detail)),
                status: HTTPResponse.Status(code: error.status))
        }
    }

    /// A path of this server; anything that could lead elsewhere becomes the front page.
    static func ownPath(_ text: String?) -> String {
        guard let text, text.hasPrefix("/"), !text.hasPrefix("//"), !text.hasPrefix("/login"), !text.contains("\\"),
            text.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
        else { return "/" }
        return text
    }

    /// The fields of `application/x-www-form-urlencoded`.
    static func form(_ body: Data) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in String(decoding: body, as: UTF8.self).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let text = { (part: Substring) in part.replacing("+", with: " ").removingPercentEncoding ?? "" }
            fields[text(parts[0])] = parts.count > 1 ? text(parts[1]) : ""
        }
        return fields
    }
}

extension HTTPField.Name {
    fileprivate static let forwardedProtocol = Self("X-Forwarded-Proto") ?? .server
}
