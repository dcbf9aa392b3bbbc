import Foundation
import GRDB
import Shared

/// A token as stored: its hash, never its secret.
package struct TokenRecord: Sendable, Hashable {
    package var id: String
    package var name: String
    package var role: TokenRole
    package var hash: [UInt8]
    package var createdAt: Date
    package var expiresAt: Date?
    package var lastUsedAt: Date?
    package var revokedAt: Date?

    /// The token as clients see it.
    package var reply: TokenReply {
        TokenReply(
            id: id, name: name, role: role, createdAt: createdAt, expiresAt: expiresAt, lastUsedAt: lastUsedAt)
    }
}

extension Catalogue {
    /// Stores a token by the hash of its secret.
    package func createToken(
        name: String, role: TokenRole, hash: [UInt8], expiresAt: Date?, at now: Date
    ) throws(StorageError) -> TokenRecord {
        let record = TokenRecord(
            id: identifiers.next("token"), name: name, role: role, hash: hash, createdAt: now, expiresAt: expiresAt)
        try write("storing a token") { database in
            try database.execute(
                sql: "INSERT INTO token (id, name, role, hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    record.id, name, role.rawValue, Data(hash), WireTime.text(now), expiresAt.map(WireTime.text),
                ])
        }
        return record
    }

    /// Tokens that are not revoked, expired ones included, oldest first.
    package func tokens() throws(StorageError) -> [TokenRecord] {
        try read("listing tokens") { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM token WHERE revoked_at IS NULL ORDER BY created_at, id"
            ).map {
                TokenRecord(
                    id: $0["id"], name: $0["name"], role: try $0.code("role"), hash: [UInt8]($0["hash"] as Data),
                    createdAt: try $0.time("created_at"), expiresAt: try $0.optionalTime("expires_at"),
                    lastUsedAt: try $0.optionalTime("last_used_at"), revokedAt: try $0.optionalTime("revoked_at"))
            }
        }
    }

    /// Whether a token was ever made, revoked ones included.
    package func hasIssuedTokens() throws(StorageError) -> Bool {
        try read("looking for tokens") {
            try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM token)") ?? false
        }
    }

    /// Revokes a token by id or name; false if there was none.
    package func revokeToken(_ reference: String, at now: Date) throws(StorageError) -> Bool {
        try write("revoking a token") { database in
            try database.execute(
                sql: "UPDATE token SET revoked_at = ? WHERE (id = ? OR name = ?) AND revoked_at IS NULL",
                arguments: [WireTime.text(now), reference, reference])
            return database.changesCount > 0
        }
    }

    /// Notes when a token was last used.
    package func touchToken(_ id: String, at now: Date) throws(StorageError) {
        try write("noting a token's use") {
            try $0.execute(sql: "UPDATE token SET last_used_at = ? WHERE id = ?", arguments: [WireTime.text(now), id])
        }
    }
}
