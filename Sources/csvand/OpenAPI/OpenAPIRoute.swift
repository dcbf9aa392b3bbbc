import Shared

/// One route, as the tables describe it.
struct OpenAPIRoute: Sendable {
    /// In small letters, as OpenAPI has it.
    let method: String
    /// With parameters in braces.
    let path: String
    let tag: String
    let summary: String
    var query: [Parameter] = []
    var body: [Content] = []
    var bodyIsRequired = true
    var status = 200
    /// Nothing for an answer without a body.
    var answers: [Content] = []
    /// Other answers of the same shape.
    var alsoStatus: [Int] = []
    /// Refusals that are particular to the route; every route may besides answer 401, 403 and 500.
    var problems: [Int] = []

    struct Parameter: Sendable {
        let name: String
        let text: String
        var schema: JSONValue = ["type": "string"]

        static func integer(_ name: String, _ text: String, from least: Int64, to most: Int64? = nil) -> Parameter {
            var schema: [String: JSONValue] = ["type": "integer", "minimum": .integer(least)]
            if let most { schema["maximum"] = .integer(most) }
            return Parameter(name: name, text: text, schema: .object(schema))
        }

        static func choice(_ name: String, _ text: String, _ values: String...) -> Parameter {
            Parameter(
                name: name, text: text, schema: ["type": "string", "enum": .array(values.map(JSONValue.string))])
        }

        static func text(_ name: String, _ text: String) -> Parameter { Parameter(name: name, text: text) }

        static let version = integer("version", "The version; the newest when left out.", from: 1)
        static let after = text("after", "The `next` of the page before.")
        static let limit = integer("limit", "Items on a page.", from: 1, to: 1000)
    }

    struct Content: Sendable {
        let type: String
        let schema: @Sendable (inout OpenAPISchemas) -> JSONValue

        static func json<T: Decodable & SendableMetatype>(_ value: T.Type) -> Content {
            Content(type: "application/json") { $0.reference(to: value) }
        }

        static func json(_ schema: JSONValue) -> Content { Content(type: "application/json") { _ in schema } }

        static func text(_ type: String) -> Content { Content(type: type) { _ in ["type": "string"] } }
    }

    func json(_ schemas: inout OpenAPISchemas) -> JSONValue {
        var operation: [String: JSONValue] = [
            "tags": [.string(tag)], "summary": .string(summary), "operationId": .string(operationID),
            "responses": .object(responses(&schemas)),
        ]
        let parameters = pathParameters + query.map { Self.json($0, place: "query", isRequired: false) }
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if !body.isEmpty {
            operation["requestBody"] = [
                "required": .bool(bodyIsRequired), "content": Self.content(body, &schemas),
            ]
        }
        return .object(operation)
    }

    static func problemResponse(_ schemas: inout OpenAPISchemas) -> JSONValue {
        [
            "description": "What was wrong, where, and what to do about it.",
            "content": ["application/problem+json": ["schema": schemas.reference(to: Problem.self)]],
        ]
    }

    /// `get-api-v1-datasets-dataset`
    private var operationID: String {
        ([method] + path.split(separator: "/").map { $0.filter { $0 != "{" && $0 != "}" } }).joined(separator: "-")
    }

    private var pathParameters: [JSONValue] {
        path.split(separator: "/").compactMap { segment in
            guard segment.hasPrefix("{") else { return nil }
            let name = String(segment.dropFirst().dropLast())
            let isNumber = name == "number" || name == "step"
            return Self.json(
                Parameter(
                    name: name, text: Self.meanings[name] ?? name,
                    schema: isNumber ? ["type": "integer", "minimum": 1] : ["type": "string"]),
                place: "path", isRequired: true)
        }
    }

    private static let meanings = [
        "dataset": "Id or name of a dataset.", "model": "Id or name of a model.", "job": "Id of a job.",
        "column": "Name of a column.", "number": "Its number.", "step": "Place of the step, from 1.",
        "silence": "Id of a silence.",
    ]

    private static func json(_ parameter: Parameter, place: String, isRequired: Bool) -> JSONValue {
        [
            "name": .string(parameter.name), "in": .string(place), "required": .bool(isRequired),
            "description": .string(parameter.text), "schema": parameter.schema,
        ]
    }

    private func responses(_ schemas: inout OpenAPISchemas) -> [String: JSONValue] {
        var responses: [String: JSONValue] = [:]
        for status in [status] + alsoStatus {
            var response: [String: JSONValue] = ["description": .string(Self.titles[status] ?? "Answer")]
            if !answers.isEmpty { response["content"] = Self.content(answers, &schemas) }
            responses[String(status)] = .object(response)
        }
        for status in problems + [401, 403, 500] {
            responses[String(status)] = ["$ref": "#/components/responses/Problem"]
        }
        return responses
    }

    private static let titles = [
        200: "Done", 201: "Made", 202: "Taken on", 204: "Done, nothing to tell", 503: "Not able to serve now",
    ]

    private static func content(_ contents: [Content], _ schemas: inout OpenAPISchemas) -> JSONValue {
        var byType: [String: JSONValue] = [:]
        for content in contents { byType[content.type] = ["schema": content.schema(&schemas)] }
        return .object(byType)
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { first, _ in first }))
    }
}
