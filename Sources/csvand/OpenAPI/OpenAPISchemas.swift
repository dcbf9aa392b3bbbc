import Foundation
import Operations
import Shared

/// The schemas of wire types, found by decoding each type from a recorder instead of from data: it notes the keys that the
/// type asks for, whether it can do without them, and what it expects there. So the document follows the code by itself.
struct OpenAPISchemas {
    private(set) var named: [String: JSONValue] = [:]

    /// A reference to the type's schema, which is added on first use; scalars and lists are written in place.
    mutating func reference(to type: any Decodable.Type) -> JSONValue {
        if let scalar = Self.scalar(type) { return scalar }
        if let optional = type as? any OptionalSchema.Type {
            return Self.nullable(reference(to: optional.wrappedType))
        }
        if let list = type as? any ListSchema.Type {
            return ["type": "array", "items": reference(to: list.elementType)]
        }
        if let dictionary = type as? any DictionarySchema.Type {
            return ["type": "object", "additionalProperties": reference(to: dictionary.valueType)]
        }
        let name = Self.name(of: type)
        if named[name] == nil {
            // Stands in for types that contain themselves.
            named[name] = ["type": "object"]
            named[name] = schema(of: type)
        }
        return ["$ref": .string("#/components/schemas/\(name)")]
    }

    private mutating func schema(of type: any Decodable.Type) -> JSONValue {
        if let hand = Self.written[Self.name(of: type)] { return hand }
        if let texts = (type as? any CaseIterable.Type)?.rawTexts {
            return ["type": "string", "enum": .array(texts.map(JSONValue.string))]
        }
        let record = SchemaRecord()
        // What comes of it is of no interest: only what was asked for.
        _ = try? type.init(from: SchemaRecorder(record: record))
        var properties: [String: JSONValue] = [:]
        var required: [JSONValue] = []
        for field in record.fields {
            let key = Self.wireKey(field.key)
            let property = reference(to: field.type)
            properties[key] = field.isRequired ? property : Self.nullable(property)
            if field.isRequired { required.append(.string(key)) }
        }
        var schema: [String: JSONValue] = ["type": "object", "properties": .object(properties)]
        if !required.isEmpty { schema["required"] = .array(required) }
        return .object(schema)
    }

    /// Fields that may be left out may be null as well.
    private static func nullable(_ schema: JSONValue) -> JSONValue {
        guard case .object(var fields) = schema, !fields.isEmpty else { return schema }
        guard case .string(let type)? = fields["type"] else { return ["anyOf": [schema, ["type": "null"]]] }
        fields["type"] = [.string(type), "null"]
        return .object(fields)
    }

    /// Types whose shape cannot be found by asking.
    private static let written: [String: JSONValue] = [
        "ResolveRequest": [
            "type": "object",
            "properties": .object(
                Dictionary(
                    uniqueKeysWithValues: ["cause", "impact", "actions", "prevention"].map { ($0, lines) }
                        + [("by", ["type": "string"])])),
        ],
        "Retyping": [
            "description": "A type alone, or with how the cells are written.",
            "oneOf": [
                types,
                [
                    "type": "object",
                    "properties": .object(
                        Dictionary(
                            uniqueKeysWithValues: ["format", "grouping", "ignore"].map { ($0, ["type": "string"]) }
                                + [
                                    ("type", types), ("order", ["type": "string", "enum": ["dmy", "mdy", "ymd"]]),
                                    ("decimal", ["type": "string", "enum": [".", ","]]),
                                    ("misfits", ["type": "string", "enum": ["fail", "null", "remove_row"]]),
                                    ("null_values", ["type": "array", "items": ["type": "string"]]),
                                ])), "required": ["type"],
                ],
            ],
        ],
        "PredictReplyFlagKind": ["type": "string", "enum": ["unseen_category", "out_of_range", "missing"]],
    ]

    private static let types: JSONValue = [
        "type": "string", "enum": .array(ColumnType.allCases.map { .string($0.rawValue) }),
    ]

    private static let lines: JSONValue = [
        "oneOf": [["type": "string"], ["type": "array", "items": ["type": "string"]]],
        "description": "A text, or its lines.",
    ]

    private static func scalar(_ type: any Decodable.Type) -> JSONValue? {
        switch type {
        case is String.Type: ["type": "string"]
        case is Bool.Type: ["type": "boolean"]
        case is Double.Type: ["type": "number"]
        case is Int.Type, is Int64.Type: ["type": "integer"]
        case is UInt64.Type: ["type": "integer", "minimum": 0]
        case is Date.Type: ["type": "string", "format": "date-time"]
        case is JSONValue.Type: [:]
        default: nil
        }
    }

    /// `DatasetReply`, `PageOfDatasetReply`, `PredictReplyFlag`
    private static func name(of type: any Decodable.Type) -> String {
        let full = String(reflecting: type)
        if let open = full.firstIndex(of: "<") {
            let inner = full[full.index(after: open)...].dropLast()
            return "\(lastWords(full[..<open]))Of\(lastWords(inner))"
        }
        return lastWords(full[...])
    }

    /// The name without its module, nested names joined.
    private static func lastWords(_ name: Substring) -> String {
        name.split(separator: ".").dropFirst().joined()
    }

    /// The key as the encoder writes it.
    private static func wireKey(_ name: String) -> String {
        var key = ""
        for character in name {
            if character.isUppercase { key += "_" }
            key += character.lowercased()
        }
        return key
    }
}

/// Lists, optionals and dictionaries tell what they hold.
private protocol ListSchema { static var elementType: any Decodable.Type { get } }
private protocol OptionalSchema { static var wrappedType: any Decodable.Type { get } }
private protocol DictionarySchema { static var valueType: any Decodable.Type { get } }
extension Array: ListSchema where Element: Decodable {
    fileprivate static var elementType: any Decodable.Type { Element.self }
}
extension Optional: OptionalSchema where Wrapped: Decodable {
    fileprivate static var wrappedType: any Decodable.Type { Wrapped.self }
}
extension Dictionary: DictionarySchema where Key == String, Value: Decodable {
    fileprivate static var valueType: any Decodable.Type { Value.self }
}

extension CaseIterable {
    /// The raw values of an enumeration of texts.
    fileprivate static var rawTexts: [String]? {
        let texts = allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
        return texts.isEmpty ? nil : texts
    }
}
