import Crypto
import Foundation
import Shared
import Storage

/// Who may call over TCP: nobody needs a token until one exists; from then on everybody does.
package final class Access: Sendable {
    private let catalogue: Catalogue
    private let known: Locked<[TokenRecord]>

    init(catalogue: Catalogue) throws {
        self.catalogue = catalogue
        known = Locked(try catalogue.tokens())
    }

    /// Whether calls over TCP need a token. A revoked or expired token still means that they do.
    package var hasTokens: Bool { known.withLock { !$0.isEmpty } }

    /// - Throws: `access.unauthenticated` without a valid token, `access.forbidden` when its role is too low.
    package func admit(bearer: String?, needs role: TokenRole) throws(Problem) {
        let records = known.current
        guard !records.isEmpty else { return }
        guard let bearer else {
            throw Problem(
                .accessUnauthenticated, "This server asks for a token.", remedy: "Send Authorization: Bearer TOKEN.")
        }
        let hash = Self.hash(bearer)
        let now = Date()
        // Every record is compared, each in constant time: the answer's delay tells nothing about which exist.
        let match = records.reduce(nil as TokenRecord?) { found, record in
            Self.isEqual(record.hash, hash) ? record : found
        }
        guard let match, match.revokedAt == nil, match.expiresAt.map({ $0 > now }) ?? true else {
            throw Problem(
                .accessUnauthenticated, "The token is not valid: it is unknown, expired or revoked.",
                remedy: "Ask the operator for a new one (csvctl tokens create).")
        }
        guard match.role.rank >= role.rank else {
            throw Problem(
                .accessForbidden, "The token's role is \(match.role.rawValue), but this needs \(role.rawValue).",
                remedy: "Use a token with the role \(role.rawValue).")
        }
    }

    package func tokens() throws -> [TokenReply] { try catalogue.tokens().map(\.reply) }

    /// Makes a token; the secret is in this answer only.
    package func create(_ request: TokenRequest) throws -> TokenReply {
        guard !request.name.isEmpty, request.name.utf8.count <= 100 else {
            throw Problem.badParameter("name", request.name, expected: "1 to 100 bytes")
        }
        if let seconds = request.expiresInSeconds, !(seconds > 0 && seconds < 1e10) {
            throw Problem.badParameter("expires_in_seconds", String(seconds), expected: "a positive number of seconds")
        }
        let secret =
            "csvand_"
            + SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
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
    }

    private static func hash(_ secret: String) -> [UInt8] { Array(SHA256.hash(data: Data(secret.utf8))) }

    private static func isEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
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
