import Foundation
import GRDB
import Shared

/// Values as they stand in the catalogue's columns: times as RFC 3339 text, structures as JSON of the wire.
enum StoredValue {
    static func json(_ value: some Encodable) throws -> String {
        String(decoding: try WireJSON.encode(value), as: UTF8.self)
    }

    static func optionalJSON(_ value: (some Encodable)?) throws -> String? {
        guard let value else { return nil }
        return try json(value)
    }
}

extension Row {
    func time(_ column: String) throws -> Date {
        let text: String = self[column]
        guard let date = WireTime.date(text) else {
            throw StorageError.damaged(what: "csvand.db, column \(column)", detail: "'\(text)' is not a time")
        }
        return date
    }

    func optionalTime(_ column: String) throws -> Date? {
        self[column] as String? == nil ? nil : try time(column)
    }

    func json<T: Decodable>(_ column: String, as type: T.Type = T.self) throws -> T {
        let text: String = self[column]
        do {
            return try WireJSON.decode(type, from: Data(text.utf8))
        } catch {
            throw StorageError.damaged(what: "csvand.db, column \(column)", detail: "\(error)")
        }
    }

    func optionalJSON<T: Decodable>(_ column: String, as type: T.Type = T.self) throws -> T? {
        guard let text: String = self[column], text != "null" else { return nil }
        return try json(column, as: type)
    }

    func code<T: RawRepresentable>(_ column: String, as type: T.Type = T.self) throws -> T where T.RawValue == String {
        let text: String = self[column]
        guard let value = T(rawValue: text) else {
            throw StorageError.damaged(what: "csvand.db, column \(column)", detail: "unknown value '\(text)'")
        }
        return value
    }
}
