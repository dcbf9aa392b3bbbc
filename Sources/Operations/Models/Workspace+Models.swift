import Foundation
import Learning
import Shared
import Storage
import Tabular

/// What a client changes about a model.
package struct ModelChange: Codable, Sendable {
    package var name: String
}

/// A model in a form for other programs.
package struct ModelExport: Sendable {
    package let body: Data
    package let contentType: String
    package let fileName: String
}

extension Workspace {
    /// Newest first.
    package func models(after cursor: String?, limit: Int) throws -> Page<ModelReply> {
        let records = try catalogue.models(before: try Cursor.number(cursor), limit: limit)
        return Page(items: records.map(\.reply), next: Cursor.next(records.map(\.number), limit: limit))
    }

    package func model(_ reference: String) throws -> ModelReply { try catalogue.model(reference).reply }

    package func change(model reference: String, _ change: ModelChange) throws -> ModelReply {
        let old = try catalogue.model(reference)
        let renamed = try catalogue.renameModel(reference, to: change.name)
        drift.rename(old.reply.name, to: renamed.reply.name)
        try scores.publish(old.reply.name)
        try scores.publish(renamed.reply.name)
        return renamed.reply
    }

    /// Deletes the version with this id, or the newest version of a name: the one before is then the newest again.
    package func deleteModel(_ reference: String) throws {
        let model = try catalogue.model(reference)
        try catalogue.deleteModel(model.id)
        models.forget(model.id)
        drift.forget(model.id)
        try scores.publish(model.reply.name)
    }

    package func leaderboard(of reference: String) throws -> LeaderboardReply {
        try artifact(of: reference).leaderboard
    }

    package func explanation(of reference: String) throws -> ExplainReply { try artifact(of: reference).explanation }

    package func evaluation(of reference: String) throws -> EvaluationReply { try artifact(of: reference).evaluation }

    /// The model report, in Markdown.
    package func report(of reference: String) throws -> String {
        let model = try catalogue.model(reference)
        return ModelReport(try models.predictor(for: model).artifact).markdown(
            name: model.reply.name, version: model.reply.version)
    }

    package func exportModel(_ reference: String, format: String) throws -> ModelExport {
        let model = try catalogue.model(reference)
        switch format {
        case "json":
            return ModelExport(
                body: Data(try models.predictor(for: model).artifact.json()), contentType: "application/json",
                fileName: model.reply.name + ".json")
        case "onnx":
            let artifact = try models.predictor(for: model).artifact
            return ModelExport(
                body: Data(try artifact.onnx(name: model.reply.name, version: model.reply.version)),
                contentType: "application/octet-stream", fileName: model.reply.name + ".onnx")
        default: throw Problem.badParameter("format", format, expected: "json or onnx")
        }
    }

    private var scores: ModelScores { ModelScores(catalogue: catalogue, registry: supervision.registry) }

    private func artifact(of reference: String) throws -> ModelArtifact {
        try models.predictor(for: try catalogue.model(reference)).artifact
    }
}
