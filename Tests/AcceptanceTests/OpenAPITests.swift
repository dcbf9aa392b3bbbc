import Foundation
import Shared
import Testing

@testable import csvand

/// The document describes exactly the routes there are, and holds together.
@Suite struct OpenAPITests {
    private static let sources = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/csvand/Routes")

    private let document: [String: JSONValue]

    init() throws {
        document = try JSONDecoder().decode([String: JSONValue].self, from: OpenAPI.document)
    }

    @Test func everyRouteIsDescribedAndNothingElse() throws {
        let described = Set(
            document["paths"].members.flatMap { path, methods in
                methods.members.keys.map { "\($0.uppercased()) \(path)" }
            })
        let registered = try Self.registered()
        #expect(registered.count > 40)
        #expect(registered.subtracting(described) == [])
        #expect(described.subtracting(registered) == [])
    }

    @Test func everyReferenceLeadsSomewhere() throws {
        var broken: [String] = []
        Self.visit(.object(document)) { fields in
            guard case .string(let reference)? = fields["$ref"] else { return }
            var place: JSONValue? = .object(document)
            for step in reference.split(separator: "/").dropFirst() { place = place.members[String(step)] }
            if place == nil { broken.append(reference) }
        }
        #expect(broken == [])
    }

    @Test func everySchemaHasAShape() {
        for (name, schema) in document["components"].members["schemas"].members {
            let isEnumeration = schema.members["enum"] != nil || schema.members["oneOf"] != nil
            #expect(isEnumeration || !schema.members["properties"].members.isEmpty, "\(name) is empty")
        }
    }

    @Test func operationIdentifiersDoNotRepeat() {
        let identifiers = document["paths"].members.values.flatMap { methods in
            methods.members.values.map { $0.members["operationId"] }
        }
        #expect(Set(identifiers).count == identifiers.count)
    }

    @Test func schemasFollowTheWireTypes() {
        let model = document["components"].members["schemas"].members["ModelReply"]
        #expect(model.members["properties"].members["dataset_version"] == ["type": "integer"])
        #expect(model.members["properties"].members["bytes"] == ["type": ["integer", "null"]])
        #expect(model.members["properties"].members["classes"] == ["type": "array", "items": ["type": "string"]])
        #expect(model.members["properties"].members["task"] == ["$ref": "#/components/schemas/TaskKind"])
        let schemas = document["components"].members["schemas"].members
        #expect(schemas["TaskKind"] == ["type": "string", "enum": ["binary", "multiclass", "regression"]])
        #expect(
            schemas["TrainRequest"].members["properties"].members["monotone"]
                == [
                    "type": ["object", "null"],
                    "additionalProperties": ["$ref": "#/components/schemas/MonotoneDirection"],
                ])
        #expect(schemas["MonotoneDirection"] == ["type": "string", "enum": ["increasing", "decreasing"]])
        #expect(
            schemas["LeaderboardReplyItem"].members["properties"].members["predict_seconds_per_1000"]
                == ["type": "number"])
    }

    /// Routes of TCP as the sources register them; the admin verbs are on the control socket only.
    private static func registered() throws -> Set<String> {
        var routes: Set<String> = []
        for file in try FileManager.default.contentsOfDirectory(at: sources, includingPropertiesForKeys: nil) {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /\.(get|post|put|patch|delete)\("(\/[^"]*)"/)
            where !match.2.hasPrefix("/admin/") {
                let path = match.2.split(separator: "/", omittingEmptySubsequences: false)
                    .map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }.joined(separator: "/")
                routes.insert("\(match.1.uppercased()) \(path)")
            }
        }
        return routes
    }

    private static func visit(_ value: JSONValue, _ body: ([String: JSONValue]) -> Void) {
        switch value {
        case .object(let fields):
            body(fields)
            for field in fields.values { visit(field, body) }
        case .array(let items): for item in items { visit(item, body) }
        default: break
        }
    }
}

extension JSONValue? {
    /// The members of an object; none for anything else.
    fileprivate var members: [String: JSONValue] {
        guard case .object(let fields)? = self else { return [:] }
        return fields
    }
}

extension JSONValue {
    fileprivate var members: [String: JSONValue] { JSONValue?.some(self).members }
}
