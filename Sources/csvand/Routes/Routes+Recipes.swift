import Foundation
import HTTPTypes
import Hummingbird
import Operations
import Shared

extension Routes {
    private static let mostRecipeBytes = 4 << 20

    func addRecipes(to router: Router<CallContext>) {
        router.post("/api/v1/recipes/check") { request, _ in
            try Response.json(try RecipeDocument(try await request.wholeBody(limit: Self.mostRecipeBytes)).checked)
        }
        router.post("/api/v1/datasets/:dataset/transform") { request, context in
            let transform = try await request.decoded(TransformRequest.self)
            return try await answer(request, context) { workspace, name, _ in try workspace.transform(name, transform) }
        }
        router.post("/api/v1/datasets/:dataset/undo") { request, context in
            try await answer(request, context) { workspace, name, _ in try workspace.undo(name) }
        }
        router.post("/api/v1/datasets/:dataset/redo") { request, context in
            try await answer(request, context) { workspace, name, _ in try workspace.redo(name) }
        }
        router.get("/api/v1/datasets/:dataset/suggestions") { request, context in
            try await answer(request, context) { workspace, name, _ in Page(items: try workspace.suggestions(for: name))
            }
        }
        router.post("/api/v1/datasets/:dataset/split") { request, context in
            let split = try await request.decoded(SplitRequest.self)
            return try await answer(request, context) { workspace, name, _ in
                Page(items: try workspace.split(name, split))
            }
        }
        router.get("/api/v1/datasets/:dataset/recipe") { request, context in try await recipe(request, context) }
        router.post("/api/v1/datasets/:dataset/replay") { request, context in
            let document = try RecipeDocument(try await request.wholeBody(limit: Self.mostRecipeBytes))
            let (dryRun, onError) = try policy(request)
            return try await answer(request, context) { workspace, name, _ in
                try workspace.replay(document, on: name, dryRun: dryRun, onError: onError)
            }
        }
        router.put("/api/v1/datasets/:dataset/recipe") { request, context in
            let document = try RecipeDocument(try await request.wholeBody(limit: Self.mostRecipeBytes))
            return try await edit(request, context, .all(document.steps))
        }
        router.put("/api/v1/datasets/:dataset/recipe/steps/:step") { request, context in
            try await edit(request, context, .replace(context.count("step"), request.decoded(JSONValue.self)))
        }
        router.post("/api/v1/datasets/:dataset/recipe/steps/:step") { request, context in
            try await edit(request, context, .insert(context.count("step"), request.decoded(JSONValue.self)))
        }
        router.delete("/api/v1/datasets/:dataset/recipe/steps/:step") { request, context in
            try await edit(request, context, .remove(context.count("step")))
        }
    }

    /// JSON, or YAML for `format=yaml` or a client that accepts only that.
    private func recipe(_ request: Request, _ context: CallContext) async throws -> Response {
        let format = request.query("format")
        guard ["json", "yaml", nil].contains(format) else {
            throw Problem.badParameter("format", format ?? "", expected: "json or yaml")
        }
        guard format == "yaml" || format == nil && request.headers[.accept]?.contains("yaml") == true else {
            return try await answer(request, context) { try $0.recipe(of: $1, version: $2) }
        }
        let name = try context.parameter("dataset")
        let version = try version(request)
        let yaml = try await Offload.run { try workspace.recipe(of: name, version: version).yaml }
        return Response.text(yaml, type: "application/yaml")
    }

    private func edit(_ request: Request, _ context: CallContext, _ edit: RecipeEdit) async throws -> Response {
        let (dryRun, onError) = try policy(request)
        return try await answer(request, context) { workspace, name, _ in
            try workspace.editRecipe(of: name, edit, dryRun: dryRun, onError: onError)
        }
    }

    private func policy(_ request: Request) throws -> (dryRun: Bool, onError: TransformRequest.OnError?) {
        let onError = try request.query("on_error").map { text in
            guard let policy = TransformRequest.OnError(rawValue: text) else {
                throw Problem.badParameter("on_error", text, expected: "stop or skip")
            }
            return policy
        }
        return (try request.queryFlag("dry_run") ?? false, onError)
    }
}
