import Operations
import Shared

extension OpenAPI {
    private static let recipeDocument: [OpenAPIRoute.Content] = [
        .init(type: "application/json") { $0.reference(to: RecipeReply.self) }, .text("application/yaml"),
    ]
    private static let step: OpenAPIRoute.Content = .json(["type": "object", "required": ["op"]])
    private static let policy: [OpenAPIRoute.Parameter] = [
        .choice("dry_run", "Tells what would happen and changes nothing.", "true", "false"),
        .choice("on_error", "What happens when a step fails that does not say so itself.", "stop", "skip"),
    ]
    private static let transformedAnswer: [OpenAPIRoute.Content] = [
        .init(type: "application/json") { transformed(&$0) }
    ]

    static let recipeRoutes: [OpenAPIRoute] = [
        .init(
            method: "post", path: "/api/v1/recipes/check", tag: "recipes",
            summary: "Looks at a recipe without applying it, and gives it as JSON", body: recipeDocument,
            answers: [.json(["type": "object", "required": ["recipe", "steps"]])], problems: [400, 413, 422]),
        .init(
            method: "post", path: "/api/v1/datasets/{dataset}/transform", tag: "recipes",
            summary: "Applies steps and makes a new version, or tells what they would do",
            body: [.json(TransformRequest.self)], answers: transformedAnswer, problems: [400, 404, 408, 409, 422, 503]),
        .init(
            method: "get", path: "/api/v1/datasets/{dataset}/recipe", tag: "recipes",
            summary: "The dialect and the steps from the upload to a version",
            query: [.version, .choice("format", "Form of the document.", "json", "yaml")], answers: recipeDocument,
            problems: [400, 404]),
        .init(
            method: "post", path: "/api/v1/datasets/{dataset}/replay", tag: "recipes",
            summary: "Applies a recipe, as another dataset's was downloaded", query: policy, body: recipeDocument,
            answers: transformedAnswer, problems: [400, 404, 408, 409, 413, 422, 503]),
        .init(
            method: "put", path: "/api/v1/datasets/{dataset}/recipe", tag: "recipes",
            summary: "Applies other steps from the start, as a new version", query: policy, body: recipeDocument,
            answers: transformedAnswer, problems: [400, 404, 408, 409, 413, 422, 503]),
        .init(
            method: "put", path: "/api/v1/datasets/{dataset}/recipe/steps/{step}", tag: "recipes",
            summary: "Puts another step in place of one", query: policy, body: [step], answers: transformedAnswer,
            problems: [400, 404, 408, 409, 422, 503]),
        .init(
            method: "post", path: "/api/v1/datasets/{dataset}/recipe/steps/{step}", tag: "recipes",
            summary: "Puts a step before one", query: policy, body: [step], answers: transformedAnswer,
            problems: [400, 404, 408, 409, 422, 503]),
        .init(
            method: "delete", path: "/api/v1/datasets/{dataset}/recipe/steps/{step}", tag: "recipes",
            summary: "Leaves a step out", query: policy, answers: transformedAnswer,
            problems: [400, 404, 408, 409, 422, 503]),
        .init(
            method: "post", path: "/api/v1/datasets/{dataset}/undo", tag: "recipes",
            summary: "Takes the last change back, as a new version", answers: [.json(DatasetReply.self)],
            problems: [404, 409, 422, 503]),
        .init(
            method: "post", path: "/api/v1/datasets/{dataset}/redo", tag: "recipes",
            summary: "Does again what the last undo took back", answers: [.json(DatasetReply.self)],
            problems: [404, 409, 422, 503]),
        .init(
            method: "get", path: "/api/v1/datasets/{dataset}/suggestions", tag: "recipes",
            summary: "Steps that the profile speaks for", answers: [.json(suggestions)], problems: [404]),
        .init(
            method: "post", path: "/api/v1/datasets/{dataset}/split", tag: "recipes",
            summary: "Puts the rows into two new datasets by chance", body: [.json(SplitRequest.self)],
            answers: [.json(Page<DatasetReply>.self)], problems: [400, 404, 409, 422, 503]),
    ]

    private static let count: JSONValue = ["type": "integer", "minimum": 0]

    /// What a step did.
    static let report: JSONValue = [
        "type": "object",
        "properties": [
            "op": ["type": "string"], "text": ["type": "string"], "changed_rows": count, "added_rows": count,
            "removed_rows": count, "added_columns": count, "removed_columns": count, "failed_cells": count,
            "misfits": [
                "type": "array",
                "items": [
                    "type": "object",
                    "properties": [
                        "column": ["type": "string"], "row": ["type": "integer", "minimum": 1],
                        "text": ["type": "string"],
                    ],
                ],
            ],
            "notes": ["type": "array", "items": ["type": "string"]],
        ],
    ]

    /// The dataset's own fields, with what the steps did beside them.
    private static func transformed(_ schemas: inout OpenAPISchemas) -> JSONValue {
        return [
            "allOf": [
                schemas.reference(to: DatasetReply.self),
                [
                    "type": "object",
                    "properties": [
                        "dry_run": ["type": "boolean"], "rows_before": count, "rows_after": count,
                        "steps": ["type": "array", "items": report],
                        "skipped": ["type": "array", "items": schemas.reference(to: Problem.self)],
                        "columns_after": ["type": "array", "items": schemas.reference(to: ColumnReply.self)],
                    ],
                    "required": ["dry_run", "steps", "skipped", "rows_before", "rows_after", "columns_after"],
                ],
            ]
        ]
    }

    private static let suggestions: JSONValue = [
        "type": "object", "required": ["items"],
        "properties": [
            "items": [
                "type": "array",
                "items": [
                    "type": "object", "required": ["text", "effect", "step"],
                    "properties": [
                        "column": ["type": "string"], "text": ["type": "string"], "effect": ["type": "string"],
                        "step": ["type": "object", "required": ["op"], "properties": ["op": ["type": "string"]]],
                    ],
                ],
            ]
        ],
    ]
}
