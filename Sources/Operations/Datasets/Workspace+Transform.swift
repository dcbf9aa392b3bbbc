import Foundation
import Shared
import Storage
import Tabular

/// The dataset after a transformation, and what it did, or would do.
package struct TransformReply: Sendable {
    package var dataset: DatasetReply
    package var dryRun: Bool
    package var steps: [TransformReport]
    /// Steps left out under `on_error: skip`, with the reason.
    package var skipped: [Problem]
    package var rowsBefore: Int
    package var rowsAfter: Int
    /// The columns as the steps leave them, which a dry run does not store.
    package var columnsAfter: [ColumnReply]
}

extension TransformReply: Encodable {
    private enum CodingKeys: String, CodingKey { case dryRun, steps, skipped, rowsBefore, rowsAfter, columnsAfter }

    /// The dataset's own fields, with these beside them.
    package func encode(to encoder: any Encoder) throws {
        try dataset.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(dryRun, forKey: .dryRun)
        try container.encode(steps, forKey: .steps)
        try container.encode(skipped, forKey: .skipped)
        try container.encode(rowsBefore, forKey: .rowsBefore)
        try container.encode(rowsAfter, forKey: .rowsAfter)
        try container.encode(columnsAfter, forKey: .columnsAfter)
    }
}

extension Workspace {
    /// Applies steps one after the other and makes a new version of the result, or only tells what they would do.
    package func transform(_ reference: String, _ request: TransformRequest) throws -> TransformReply {
        guard !request.steps.isEmpty else {
            throw Problem(
                .recipeBadStep, "There is no step to apply.", remedy: "Send steps as {\"steps\":[{\"op\":\"trim\"}]}.",
                places: [.init(column: "steps")])
        }
        let base = try catalogue.table(reference)
        return try transform(base, as: base, request)
    }

    /// Applies steps to a version and stores the result as the newest one.
    ///
    /// - Parameters:
    ///   - start: what the steps apply to
    ///   - current: what an undo goes back to
    func transform(_ start: StoredTable, as current: StoredTable, _ request: TransformRequest) throws -> TransformReply
    {
        try admitWork()
        var run = try RecipeRun(start, catalogue: catalogue, sandbox: sandbox, settings: settings)
        try run.apply(request.steps, policy: request.onError ?? .stop)
        let isDry = request.dryRun ?? false
        let isEdit = start.version.version != current.version.version
        let table = run.table
        var dataset = current.dataset.reply(current.version)
        if !isDry, isEdit || !run.applied.isEmpty {
            let step = VersionStep(
                base: current.version.version, start: isEdit ? start.version.version : nil, steps: run.applied)
            let (record, version) = try VersionWork(
                workspace: self, base: start, current: current.version.version
            ).store(
                table, on: run.shelf, origin: isEdit ? "edit" : "transform", step: step)
            dataset = record.reply(version)
        }
        return TransformReply(
            dataset: dataset, dryRun: isDry, steps: run.reports, skipped: run.skipped, rowsBefore: start.rows,
            rowsAfter: table.rows,
            columnsAfter: try table.columns.map { column in
                ColumnReply(
                    name: column.name, type: column.type,
                    nullable: try column.chunks.contains { try run.shelf.nulls($0) > 0 }, format: column.format)
            })
    }
}
