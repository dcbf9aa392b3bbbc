import Foundation
import Shared

/// The machine-readable description of the REST interface: OpenAPI 3.1, made from the tables of routes beside this file
/// and from the wire types themselves.
enum OpenAPI {
    static let document = text(of: routes)

    /// Every route of TCP but the pages; the admin verbs are on the control socket only.
    static let routes =
        serviceRoutes + datasetRoutes + recipeRoutes + rowRoutes + modelRoutes + jobRoutes + incidentRoutes
        + alertRoutes + queryRoutes
        + receiverRoutes

    private static func text(of routes: [OpenAPIRoute]) -> Data {
        var schemas = OpenAPISchemas()
        var paths: [String: JSONValue] = [:]
        for route in routes {
            var methods: [String: JSONValue] = [:]
            if case .object(let known) = paths[route.path] { methods = known }
            methods[route.method] = route.json(&schemas)
            paths[route.path] = .object(methods)
        }
        // Before the schemas are written, since it adds one.
        let problem = OpenAPIRoute.problemResponse(&schemas)
        let document: JSONValue = [
            "openapi": "3.1.0",
            "info": [
                "title": "csvand", "version": .string(ProductVersion.text),
                "summary": "CSV files to typed columns, SQL, models and predictions",
                "description":
                    "Errors are problem details (RFC 9457) with a stable code and a remedy. Every answer has X-Request-ID.",
            ],
            "servers": [["url": "/"]],
            "security": [[:], ["token": []]],
            "paths": .object(paths),
            "components": [
                "schemas": .object(schemas.named),
                "responses": ["Problem": problem],
                "securitySchemes": [
                    "token": [
                        "type": "http", "scheme": "bearer",
                        "description": "Needed on TCP once tokens exist; csvctl tokens create makes one.",
                    ]
                ],
            ],
        ]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(document)) ?? Data("{}".utf8)
    }
}
