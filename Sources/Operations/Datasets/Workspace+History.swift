import Foundation
import Shared
import Storage
import Tabular

/// A version on the way from the upload to the newest one, and the steps that made it from the one before.
struct RecipeStage {
    var version: VersionRecord
    var steps: [JSONValue]
}

extension Workspace {
    /// Takes the last change back: a new version with exactly the cells from before it. Undoing again goes further back.
    package func undo(_ reference: String) throws -> DatasetReply {
        let base = try catalogue.table(reference)
        guard let target = try step(of: base.version)?.base else {
            throw Problem(
                .recipeNothingToUndo,
                "\(base.dataset.name.quotedForMessage) is as it was uploaded: there is nothing to undo.",
                remedy: "See the versions for what was done.")
        }
        return try restore(target, of: base, origin: "undo", undone: base.version.version)
    }

    /// Does again what the last undo took back. Only right after an undo: a change in between leaves nothing to redo.
    package func redo(_ reference: String) throws -> DatasetReply {
        let base = try catalogue.table(reference)
        guard let target = try step(of: base.version)?.undone else {
            throw Problem(
                .recipeNothingToRedo,
                "The last change of \(base.dataset.name.quotedForMessage) was no undo: there is nothing to redo.",
                remedy: "See the versions for what was done.")
        }
        return try restore(target, of: base, origin: "redo", undone: nil)
    }

    /// The newest version, and whether it can be undone or redone.
    package func history(of reference: String) throws -> (version: Int, canUndo: Bool, canRedo: Bool) {
        let version = try catalogue.version(of: reference)
        let step = try step(of: version)
        return (version.version, step?.base != nil, step?.undone != nil)
    }

    private func restore(_ target: Int, of base: StoredTable, origin: String, undone: Int?) throws -> DatasetReply {
        let restored = try catalogue.table(base.dataset.id, version: target)
        let old = try step(of: restored.version)
        let rejects = try catalogue.rejects(of: restored.version, after: 0, limit: Int(Int32.max))
        let (dataset, version) = try VersionWork(
            workspace: self, base: restored, current: base.version.version
        ).name(
            restored.version.columns, restored.version.rowCounts, files: [], origin: origin,
            step: VersionStep(base: old?.base, restored: target, undone: undone ?? old?.undone), rejects: rejects)
        return dataset.reply(version)
    }

    /// The way from the upload to a version, oldest first. What an undo took back is not on it.
    func stages(to version: VersionRecord, of dataset: DatasetRecord) throws -> [RecipeStage] {
        var stages: [RecipeStage] = []
        var next: VersionRecord? = version
        while let version = next {
            let step = try step(of: version)
            if step?.restored == nil { stages.append(RecipeStage(version: version, steps: step?.recipeSteps ?? [])) }
            // Each version is made from an older one, so the chain ends.
            next = try (step?.restored ?? step?.start ?? step?.base).map { try catalogue.version($0, of: dataset.id) }
        }
        return stages.reversed()
    }

    private func step(of version: VersionRecord) throws -> VersionStep? {
        try version.step.map { try WireJSON.decode(VersionStep.self, from: Data($0.utf8)) }
    }
}

extension VersionStep {
    /// What a recipe has of it: its steps; a change of types as conversions.
    fileprivate var recipeSteps: [JSONValue] {
        if let steps { return steps }
        return (types ?? [:]).sorted { $0.key < $1.key }.map { name, type in
            .object(["op": .string("convert"), "column": .string(name), "to": .string(type.rawValue)])
        }
    }
}
