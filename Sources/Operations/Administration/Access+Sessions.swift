import Foundation
import Shared

/// The sessions of browsers, by the hash of their secret. In memory only: nothing that opens a door is stored.
struct Sessions: Sendable {
    struct Session: Sendable {
        let tokenID: String
        let endsAt: Date
    }

    static let most = 1_000
    var byHash: [[UInt8]: Session] = [:]
    /// Refused tries to sign in, of all clients together.
    var refusals = RateLimit(perMinute: 30)
}

extension Access {
    /// How long a session lasts.
    package static let sessionSeconds = 12 * 3_600.0

    /// Exchanges a token for a session.
    ///
    /// - Returns: the session's secret.
    /// - Throws: `access.unauthenticated` for a token that is not valid; `request.rate_limited` after too many of those.
    package func signIn(token: String) throws(Problem) -> String {
        let caller: Caller
        do throws(Problem) {
            caller = try self.caller(token: token)
        } catch {
            guard sessions.withLock({ $0.refusals.admit() }) else {
                throw Problem(
                    .requestRateLimited, "Too many tries to sign in with a token that is not valid.",
                    remedy: "Wait a minute.")
            }
            throw error
        }
        let secret = Self.randomSecret()
        let now = Date()
        sessions.withLock { sessions in
            sessions.byHash = sessions.byHash.filter { $0.value.endsAt > now }
            if sessions.byHash.count >= Sessions.most,
                let first = sessions.byHash.min(by: { $0.value.endsAt < $1.value.endsAt })
            {
                sessions.byHash[first.key] = nil
            }
            sessions.byHash[Self.hash(secret)] = Sessions.Session(
                tokenID: caller.tokenID, endsAt: now.addingTimeInterval(Self.sessionSeconds))
        }
        return secret
    }

    package func signOut(session: String) {
        let hash = Self.hash(session)
        sessions.withLock { $0.byHash[hash] = nil }
    }

    /// Who a session belongs to; nil when it is unknown or over, or its token is no longer valid.
    package func caller(session: String, at now: Date) -> Caller? {
        let hash = Self.hash(session)
        guard let found = sessions.withLock({ $0.byHash[hash] }), found.endsAt > now else { return nil }
        return caller(tokenID: found.tokenID, at: now)
    }
}
