import Foundation
import Shared
import Storage
import Tabular

/// A change of one step of a dataset's recipe. Places count from 1.
package enum RecipeEdit: Sendable {
    case replace(Int, JSONValue)
    /// Puts a step before the one at the place; one past the last appends.
    case insert(Int, JSONValue)
    case remove(Int)
    case all([JSONValue])
}

extension Workspace {
    /// How a dataset came about: the dialect of its upload and all steps since.
    package func recipe(of reference: String, version: Int? = nil) throws -> RecipeReply {
        let (dataset, version) = try catalogue.datasetVersion(reference, version: version)
        let stages = try stages(to: version, of: dataset)
        return RecipeReply(
            dataset: dataset.name, version: version.version,
            baseVersion: stages.first?.version.version ?? version.version, dialect: version.dialect,
            steps: stages.flatMap(\.steps))
    }

    /// Applies a recipe to a dataset.
    package func replay(
        _ document: RecipeDocument, on reference: String, dryRun: Bool, onError: TransformRequest.OnError?
    ) throws -> TransformReply {
        try transform(
            reference, TransformRequest(steps: document.steps, dryRun: dryRun, onError: onError ?? document.onError))
    }

    /// Applies the edited recipe from the start, as a new version; an undo goes back to what was there before.
    ///
    /// Only the steps since rows last came in otherwise (an upload, a repaired row) can be edited: what lies before is fixed.
    package func editRecipe(
        of reference: String, _ edit: RecipeEdit, dryRun: Bool, onError: TransformRequest.OnError?
    ) throws -> TransformReply {
        let current = try catalogue.table(reference)
        let stages = try stages(to: current.version, of: current.dataset)
        let first = stages.lastIndex { !Self.recipeOrigins.contains($0.version.origin) } ?? 0
        let fixed = stages[...first].reduce(0) { $0 + $1.steps.count }
        var steps = stages[(first + 1)...].flatMap(\.steps)
        func index(_ place: Int, atMost last: Int) throws -> Int {
            guard place > fixed, place - fixed <= last else {
                throw Problem(
                    .recipeBadStep,
                    place <= fixed && place > 0
                        ? "Step \(place) lies before rows came in that the recipe does not know, and is fixed."
                        : "There is no step \(place): the recipe has \(fixed + steps.count).",
                    remedy: fixed < fixed + last
                        ? "Choose a step from \(fixed + 1) to \(fixed + last)." : "Add steps with a transformation.",
                    places: [.init(column: "step")])
            }
            return place - fixed - 1
        }
        switch edit {
        case .replace(let place, let step): steps[try index(place, atMost: steps.count)] = step
        case .insert(let place, let step): steps.insert(step, at: try index(place, atMost: steps.count + 1))
        case .remove(let place): steps.remove(at: try index(place, atMost: steps.count))
        case .all(let all):
            guard fixed == 0 else {
                throw Problem(
                    .recipeBadStep, "The first \(fixed) steps lie before rows came in that the recipe does not know.",
                    remedy: "Edit the later steps one by one.")
            }
            steps = all
        }
        let start = try catalogue.table(current.dataset.id, version: stages[first].version.version)
        return try transform(start, as: current, TransformRequest(steps: steps, dryRun: dryRun, onError: onError))
    }

    /// Origins of versions that their steps make from the version before.
    private static let recipeOrigins: Set<String> = ["transform", "edit", "retype"]
}
