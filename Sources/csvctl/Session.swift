import Foundation
import Shared

/// What a command works with: the daemon, the terminal and the wanted form of output.
struct Session {
    var connection: ControlConnection
    var output: OutputFormat
    var terminal: Terminal

    /// Sends a request and prints its answer: as it came for `--output json`, else what `text` makes of it.
    func show<Reply: Decodable>(
        _ request: ControlRequest, as type: Reply.Type, text: (Reply) throws -> String
    ) throws {
        let answer = try connection.answer(to: request)
        if output == .json {
            printJSON(answer)
        } else {
            printText(try text(try decode(type, from: answer, about: request)))
        }
    }

    /// Sends a request whose answer has no content that a person needs, and says that it is done.
    func perform(_ request: ControlRequest, done: String) throws {
        let answer = try connection.answer(to: request)
        if output == .json {
            printJSON(answer)
        } else {
            printText(PrintableText.line(done))
        }
    }

    func fetch<Reply: Decodable>(_ request: ControlRequest, as type: Reply.Type) throws -> Reply {
        try decode(type, from: connection.answer(to: request), about: request)
    }

    /// All items of a list, page after page.
    ///
    /// For `--output json` only the first page is printed, as it came, and nothing is returned: its `next` says whether there is more.
    func list<Item: Codable & Sendable>(_ request: ControlRequest, of type: Item.Type) throws -> [Item]? {
        if output == .json {
            printJSON(try connection.answer(to: request))
            return nil
        }
        return try allItems(request, of: type)
    }

    func allItems<Item: Codable & Sendable>(_ request: ControlRequest, of type: Item.Type) throws -> [Item] {
        var items: [Item] = []
        var page = request
        var seen: Set<String> = []
        while true {
            let reply = try fetch(page, as: Page<Item>.self)
            items += reply.items
            // A cursor that comes back would never end.
            guard let next = reply.next, seen.insert(next).inserted, !reply.items.isEmpty else { return items }
            page = request
            page.query.append(("after", next))
        }
    }

    func decode<Reply: Decodable>(_ type: Reply.Type, from data: Data, about request: ControlRequest) throws -> Reply {
        do {
            return try WireJSON.decode(type, from: data)
        } catch {
            throw CsvctlError.unreadableAnswer(what: request.path, detail: Self.reason(error))
        }
    }

    func printJSON(_ data: Data) {
        if !data.isEmpty { Terminal.writeLine(JSONText.indented(data)) }
    }

    /// Prints text that a renderer made; an empty text prints nothing.
    func printText(_ text: String) {
        if !text.isEmpty { Terminal.writeLine(text) }
    }

    private static func reason(_ error: any Error) -> String {
        func path(_ context: DecodingError.Context) -> String {
            context.codingPath.map(\.stringValue).joined(separator: ".")
        }
        return switch error {
        case DecodingError.keyNotFound(let key, let context): "\(key.stringValue) is missing in \"\(path(context))\""
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "\"\(path(context))\" is of another type"
        case DecodingError.dataCorrupted(let context): "\"\(path(context))\": \(context.debugDescription)"
        default: "\(error)"
        }
    }
}
