import Foundation
import Shared

enum TokenText {
    static func list(_ tokens: [TokenReply], now: Date, width: Int?, style: TextStyle = .plain) -> String {
        guard !tokens.isEmpty else { return "no tokens" }
        var table = TextTable([
            .text("ID"), .text("NAME"), .text("ROLE"), .text("CREATED"), .text("EXPIRES"), .text("LAST USED"),
        ])
        for token in tokens {
            table.add([
                token.id, token.name, token.role.rawValue, Quantities.relative(token.createdAt, now: now),
                token.expiresAt.map { Quantities.relative($0, now: now) } ?? "never",
                token.lastUsedAt.map { Quantities.relative($0, now: now) } ?? "never",
            ])
        }
        return table.rendered(width: width, style: style)
    }

    static func created(_ token: TokenReply, now: Date, style: TextStyle = .plain) -> String {
        var fields = FieldList()
        fields.add("id", token.id)
        fields.add("name", token.name)
        fields.add("role", token.role.rawValue)
        fields.add("expires", token.expiresAt.map { Quantities.relative($0, now: now) } ?? "never")
        fields.add("token", token.token) { style.bold($0) }
        return fields.rendered(style: style)
    }
}
