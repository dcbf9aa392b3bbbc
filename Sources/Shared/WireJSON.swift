import Foundation

/// The one JSON dialect of the wire: snake_case keys, RFC 3339 UTC times with milliseconds, sorted keys.
package enum WireJSON {
    /// Keys of `[String: T]` dictionaries (labels, class names, cells) are data and are left as they are.
    package static func encode(_ value: some Encodable, pretty: Bool = false) throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting =
            pretty ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted] : [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(WireTime.text(date))
        }
        return try encoder.encode(value)
    }

    package static func decode<T: Decodable>(_ type: T.Type, from data: Data) throws -> T {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { path in WireKey(snakeCase: path.last?.stringValue ?? "") }
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            guard let date = WireTime.date(text) else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "\(text) is not an RFC 3339 time")
            }
            return date
        }
        return try decoder.decode(type, from: data)
    }
}

/// RFC 3339 times in UTC, as `2026-11-23T15:04:05.123Z`.
package enum WireTime {
    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    private static let wholeSeconds = Date.ISO8601FormatStyle()

    package static func text(_ date: Date) -> String { date.formatted(style) }

    package static func date(_ text: String) -> Date? {
        (try? style.parse(text)) ?? (try? wholeSeconds.parse(text))
    }
}

/// A key of the wire as a Swift name: `request_id` -> `requestId`, but `per_1000` keeps its underscore, so that it can be told
/// from `per1000` on the way back.
private struct WireKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(snakeCase key: String) {
        let words = key.split(separator: "_")
        stringValue = words.dropFirst().reduce(into: words.first.map(String.init) ?? key) { name, word in
            name += word.first?.isNumber == true ? "_" + word : word.prefix(1).uppercased() + word.dropFirst()
        }
    }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
