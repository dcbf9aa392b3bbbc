import Foundation

/// The body of a call of a Discord webhook: `POST /webhooks/{id}/{token}` and `PATCH .../messages/{id}`.
///
/// Source: Discord developer documentation, "Execute Webhook" and "Embed Limits".
package struct DiscordMessage: Codable, Sendable, Equatable {
    package var content: String
    package var embeds: [Embed]
    package var allowedMentions = AllowedMentions()
    /// The same for each try of one message, at most 25 characters.
    package var nonce: String?

    package struct AllowedMentions: Codable, Sendable, Equatable {
        /// Empty: nobody and no role is mentioned, whatever the text says.
        package var parse: [String] = []
    }

    package struct Embed: Codable, Sendable, Equatable {
        package var title: String
        package var description: String?
        package var url: String?
        package var color: Int
        package var timestamp: String
        package var fields: [Field]
        package var footer: Footer
    }

    package struct Field: Codable, Sendable, Equatable {
        package var name: String
        package var value: String
        package var inline: Bool
    }

    package struct Footer: Codable, Sendable, Equatable {
        package var text: String
    }

    private enum CodingKeys: String, CodingKey {
        case content, embeds, nonce
        case allowedMentions = "allowed_mentions"
    }

    /// The JSON text, keys sorted, so that equal messages are equal texts.
    package var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and whole numbers only: there is nothing that could fail to be encoded.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

/// What Discord accepts, counted in UTF-16 units.
package enum DiscordLimits {
    package static let content = 2_000
    package static let title = 256
    package static let description = 4_096
    package static let fields = 25
    package static let fieldName = 256
    package static let fieldValue = 1_024
    package static let footer = 2_048
    /// Titles, descriptions, field names and values and footers of all embeds together.
    package static let total = 6_000
    package static let nonce = 25
}
