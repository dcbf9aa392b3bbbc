import Crypto
import Foundation
import Shared
import Storage

/// Who calls: a token that was admitted.
package struct Caller: Sendable, Equatable {
    package let tokenID: String
    package let name: String
    package let role: TokenRole
}

/// Who may call over TCP: nobody needs a token until one exists; from then on everybody does.
///
/// A program sends the token with each call. A browser exchanges it for a session, whose secret it keeps in a cookie: sessions end with
/// the process, after twelve hours, and with their token.
package final class Access: Sendable {
    private let catalogue: Catalogue
    private let known: Locked<[TokenRecord]>
    /// Set by the first token and never taken back: revoking the last one must not open the door to everybody.
    private let isGuarded: Locked<Bool>
    let sessions = Locked(Sessions())
    private let noted = Locked<[String: Date]>([:])

    init(catalogue: Catalogue) throws {
        self.catalogue = catalogue
        known = Locked(try catalogue.tokens())
        isGuarded = Locked(try catalogue.hasIssuedTokens())
    }

    /// Whether calls over TCP need a token. A revoked or expired token still means that they do.
    package var hasTokens: Bool { isGuarded.current }

    /// Lets a call pass that has a valid token, or the session of one.
    ///
    /// - Returns: who calls; nil while no token exists.
    /// - Throws: `access.unauthenticated` without a valid token, `access.forbidden` when its role is too low.
    package func admit(bearer: String?, session: String?, needs role: TokenRole) throws(Problem) -> Caller? {
        guard hasTokens else { return nil }
        let caller: Caller
        if let bearer {
            caller = try self.caller(token: bearer)
        } else if let session, let found = self.caller(session: session, at: Date()) {
            caller = found
        } else {
            throw Problem(
                .accessUnauthenticated, "This server asks for a token.",
                remedy: "Send Authorization: Bearer TOKEN, or sign in at /login with a browser.")
        }
        guard caller.role.rank >= role.rank else {
            throw Problem(
                .accessForbidden, "The token's role is \(caller.role.rawValue), but this needs \(role.rawValue).",
                remedy: "Use a token with the role \(role.rawValue).")
        }
        return caller
    }

    /// - Throws: `access.unauthenticated` for a token that is unknown, expired or revoked.
    func caller(token: String) throws(Problem) -> Caller {
        let hash = Self.hash(token)
        // Every record is compared, each in constant time: the answer's delay tells nothing about which exist.
        let match = known.current.reduce(nil as TokenRecord?) { found, record in
            Self.isEqual(record.hash, hash) ? record : found
        }
        guard let match, match.isValid(at: Date()) else {
            throw Problem(
                .accessUnauthenticated, "The token is not valid: it is unknown, expired or revoked.",
                remedy: "Ask the operator for a new one (csvctl tokens create).")
        }
        return match.caller
    }

    /// The token that a session stands for, if it is valid still.
    func caller(tokenID: String, at now: Date) -> Caller? {
        known.current.first { $0.id == tokenID && $0.isValid(at: now) }?.caller
    }

    /// Whether the use of a token is to be noted now: once a minute is enough for people to see what is in use.
    package func isUseToBeNoted(_ caller: Caller) -> Bool {
        let now = Date()
        return noted.withLock { noted in
            if let last = noted[caller.tokenID], abs(now.timeIntervalSince(last)) < 60 { return false }
            noted[caller.tokenID] = now
            return true
        }
    }

    package func noteUse(_ caller: Caller) throws { try catalogue.touchToken(caller.tokenID, at: Date()) }

    package func tokens() throws -> [TokenReply] { try catalogue.tokens().map(\.reply) }

    /// Makes a token; the secret is in this answer only.
    package func create(_ request: TokenRequest) throws -> TokenReply {
        guard !request.name.isEmpty, request.name.utf8.count <= 100 else {
            throw Problem.badParameter("name", request.name, expected: "1 to 100 bytes")
        }
        if let seconds = request.expiresInSeconds, !(seconds > 0 && seconds < 1e10) {
            throw Problem.badParameter("expires_in_seconds", String(seconds), expected: "a positive number of seconds")
        }
        let secret = "csvand_" + Self.randomSecret()
        let now = Date()
        let record = try catalogue.createToken(
            name: request.name, role: request.role, hash: Self.hash(secret),
            expiresAt: request.expiresInSeconds.map { now.addingTimeInterval($0) }, at: now)
        try refresh()
        var reply = record.reply
        reply.token = secret
        return reply
    }

    package func revoke(_ reference: String) throws {
        guard try catalogue.revokeToken(reference, at: Date()) else {
            throw Problem(
                .requestNotFound, "There is no token \(reference.quotedForMessage).", remedy: "See csvctl tokens list.")
        }
        try refresh()
    }

    private func refresh() throws {
        let tokens = try catalogue.tokens()
        known.withLock { $0 = tokens }
        isGuarded.withLock { $0 = $0 || !tokens.isEmpty }
    }

    static func hash(_ secret: String) -> [UInt8] { Array(SHA256.hash(data: Data(secret.utf8))) }

    /// 256 bits from the system's source, fit for a header or a cookie.
    static func randomSecret() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func isEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension TokenRecord {
    fileprivate func isValid(at now: Date) -> Bool { revokedAt == nil && expiresAt.map { $0 > now } ?? true }
    fileprivate var caller: Caller { Caller(tokenID: id, name: name, role: role) }
}

extension TokenRole {
    /// Higher roles may do what lower ones may.
    fileprivate var rank: Int {
        switch self {
        case .viewer: 0
        case .editor: 1
        case .admin: 2
        }
    }
}
