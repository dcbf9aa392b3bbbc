import Foundation
import Shared

/// What a type asked for while it was decoded.
final class SchemaRecord {
    struct Field {
        let key: String
        let type: any Decodable.Type
        let isRequired: Bool
    }

    var fields: [Field] = []
}

/// A decoder that answers every question with some value of the right type and notes the question.
struct SchemaRecorder: Decoder {
    let record: SchemaRecord
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(KeyedRecorder<Key>(record: record))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw SchemaEnd.reached }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { throw SchemaEnd.reached }

    /// A value to go on with.
    static func sample<T: Decodable>(_ type: T.Type) throws -> T {
        let value: Any? =
            switch type {
            case is String.Type: ""
            case is Bool.Type: false
            case is Double.Type: 0.0
            case is Int.Type: 0
            case is Int64.Type: Int64(0)
            case is UInt64.Type: UInt64(0)
            case is Date.Type: Date(timeIntervalSince1970: 0)
            case is JSONValue.Type: JSONValue.null
            default: (type as? any SchemaSample.Type)?.sample ?? (type as? any CaseIterable.Type)?.firstCase
            }
        if let value = value as? T { return value }
        return try type.init(from: SchemaRecorder(record: SchemaRecord()))
    }
}

/// Ends the decoding of a type that is not made of keys.
enum SchemaEnd: Error { case reached }

/// Containers have an empty value.
private protocol SchemaSample { static var sample: Self { get } }
extension Array: SchemaSample where Element: Decodable {
    fileprivate static var sample: [Element] { [] }
}
extension Dictionary: SchemaSample where Key == String, Value: Decodable {
    fileprivate static var sample: [String: Value] { [:] }
}

extension CaseIterable {
    fileprivate static var firstCase: Any? { allCases.first }
}

private struct KeyedRecorder<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let record: SchemaRecord
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    private func note(_ key: Key, _ type: any Decodable.Type, isRequired: Bool) {
        record.fields.append(.init(key: key.stringValue, type: type, isRequired: isRequired))
    }

    func contains(_ key: Key) -> Bool { true }
    func decodeNil(forKey key: Key) throws -> Bool { true }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        note(key, type, isRequired: true)
        return try SchemaRecorder.sample(type)
    }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        note(key, type, isRequired: false)
        return nil
    }

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { optional(key, type) }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { optional(key, type) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { optional(key, type) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { optional(key, type) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { optional(key, type) }
    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? { optional(key, type) }

    private func optional<T: Decodable>(_ key: Key, _ type: T.Type) -> T? {
        note(key, type, isRequired: false)
        return nil
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { throw SchemaEnd.reached }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw SchemaEnd.reached }
    func superDecoder() throws -> any Decoder { throw SchemaEnd.reached }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw SchemaEnd.reached }
}
