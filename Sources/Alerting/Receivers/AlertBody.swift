import Foundation
import Shared

/// A place in a JSON body, with the path that leads there, so that an error can name it.
struct AlertBody {
    let value: JSONValue
    let sender: AlertSource
    let path: String

    static func parse(_ body: [UInt8], sender: AlertSource) throws(IncidentError) -> AlertBody {
        do {
            return AlertBody(
                value: try JSONDecoder().decode(JSONValue.self, from: Data(body)), sender: sender, path: "the body")
        } catch {
            throw .badBody(sender: sender, at: "the body", reason: body.isEmpty ? "it is empty" : "it is not JSON")
        }
    }

    func error(_ reason: String) -> IncidentError { .badBody(sender: sender, at: path, reason: reason) }

    /// A member that is there and not null.
    func member(_ name: String) throws(IncidentError) -> AlertBody? {
        guard case .object(let members) = value else { throw error("an object is expected") }
        guard let member = members[name], member != .null else { return nil }
        return AlertBody(value: member, sender: sender, path: path == "the body" ? name : path + "." + name)
    }

    func elements() throws(IncidentError) -> [AlertBody] {
        guard case .array(let values) = value else { throw error("a list is expected") }
        let prefix = path == "the body" ? "" : path
        return values.enumerated().map { AlertBody(value: $1, sender: sender, path: "\(prefix)[\($0)]") }
    }

    func text(_ name: String) throws(IncidentError) -> String? {
        guard let member = try member(name) else { return nil }
        guard case .string(let text) = member.value else { throw member.error("a text is expected") }
        guard text.utf8.count <= ReceivedAlerts.valueLimitBytes else {
            throw member.error("it is longer than \(ReceivedAlerts.valueLimitBytes) bytes")
        }
        return text
    }

    /// A time; Go's zero time means none.
    func date(_ name: String) throws(IncidentError) -> Date? {
        guard let member = try member(name), let text = try text(name), !text.isEmpty else { return nil }
        if text.hasPrefix("0001-01-01T00:00:00") { return nil }
        guard let date = Self.date(text) else { throw member.error("\"\(text.prefix(40))\" is not an RFC 3339 time") }
        return date
    }

    /// Labels or annotations.
    func texts() throws(IncidentError) -> [String: String] {
        guard case .object(let members) = value else { throw error("an object is expected") }
        guard members.count <= ReceivedAlerts.mostLabels else {
            throw error("\(members.count) entries; at most \(ReceivedAlerts.mostLabels) are taken")
        }
        var result: [String: String] = [:]
        for name in members.keys.sorted() {
            guard !name.isEmpty, name.utf8.count <= ReceivedAlerts.nameLimitBytes else {
                throw error("a name is empty or longer than \(ReceivedAlerts.nameLimitBytes) bytes")
            }
            result[name] = try text(name) ?? ""
        }
        return result
    }

    /// RFC 3339 with any number of digits after the second: Go writes up to nine, and milliseconds are enough here.
    static func date(_ text: String) -> Date? {
        guard let point = text.firstIndex(of: ".") else { return WireTime.date(text) }
        let digits = text[text.index(after: point)...].prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { return nil }
        let three = String((digits + "00").prefix(3))
        return WireTime.date(text[...point] + three + text[digits.endIndex...])
    }
}
