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
}

extension TransformReply: Encodable {
    private enum CodingKeys: String, CodingKey { case dryRun, steps, skipped, rowsBefore, rowsAfter }

    /// The dataset's own fields, with these beside them.
    package func encode(to encoder: any Encoder) throws {
        try dataset.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(dryRun, forKey: .dryRun)
        try container.encode(steps, forKey: .steps)
        try container.encode(skipped, forKey: .skipped)
        try container.encode(rowsBefore, forKey: .rowsBefore)
        try container.encode(rowsAfter, forKey: .rowsAfter)
    }
}

/// The steps that lead from the upload to a version.
package struct RecipeReply: Codable, Sendable {
    package var dataset: String
    package var version: Int
    package var dialect: DialectReply
    package var steps: [JSONValue]
}

extension Workspace {
    /// Applies steps one after the other and makes a new version of the result, or only tells what they would do.
    package func transform(_ reference: String, _ request: TransformRequest) throws -> TransformReply {
        try admitWork()
        let base = try catalogue.table(reference)
        guard !request.steps.isEmpty else {
            throw Problem(
                .recipeBadStep, "There is no step to apply.", remedy: "Send steps as {\"steps\":[{\"op\":\"trim\"}]}.",
                places: [.init(column: "steps")])
        }
        var table = try base.dataTable()
        var reports: [TransformReport] = []
        var skipped: [Problem] = []
        var applied: [JSONValue] = []
        for (index, json) in request.steps.enumerated() {
            do throws(TransformError) {
                let (next, report) = try TransformStep(json: json).apply(to: table)
                table = next
                reports.append(report)
                applied.append(json)
            } catch {
                guard request.onError == .skip else { throw error.problem(step: index + 1) }
                skipped.append(error.problem(step: index + 1))
            }
        }
        let isDry = request.dryRun ?? false
        let dataset: DatasetReply
        if isDry || applied.isEmpty {
            dataset = base.dataset.reply(base.version)
        } else {
            let work = VersionWork(catalogue: catalogue, base: base, threads: settings.datasets.parserThreads)
            let (record, version) = try work.store(
                table, origin: "transform", step: VersionStep(base: base.version.version, steps: applied))
            dataset = record.reply(version)
        }
        return TransformReply(
            dataset: dataset, dryRun: isDry, steps: reports, skipped: skipped, rowsBefore: base.rows,
            rowsAfter: table.rows)
    }

    /// Gives columns new types, from the exact texts of their cells.
    ///
    /// - Throws: `csv.type_mismatch` that names a row and its text, when a cell does not fit: nothing is then changed.
    func retype(_ reference: String, _ types: [String: ColumnType]) throws -> DatasetReply {
        let base = try catalogue.table(reference)
        var table = try base.dataTable()
        for (name, type) in types.sorted(by: { $0.key < $1.key }) {
            let position = try base.column(named: name)
            var row = 0
            for (index, chunk) in table.columns[position].chunks.enumerated() {
                let parsed = chunk.recast(to: type)
                if let failed = parsed.failedRows.first {
                    throw Problem(
                        .csvTypeMismatch,
                        "Row \(row + failed + 1) of \(name.quotedForMessage) is \(chunk.text(at: failed).quotedForMessage), which is no \(type.rawValue).",
                        remedy: "Correct or empty such cells first, or keep the column as text.",
                        places: [.init(column: name)])
                }
                table.columns[position].chunks[index] = parsed.chunk
                row += chunk.rows
            }
            table.columns[position].type = type
        }
        let work = VersionWork(catalogue: catalogue, base: base, threads: settings.datasets.parserThreads)
        let (dataset, version) = try work.store(
            table, origin: "retype", step: VersionStep(base: base.version.version, types: types))
        return dataset.reply(version)
    }

    /// Takes the last change back: a new version with exactly the cells from before it.
    package func undo(_ reference: String) throws -> DatasetReply {
        let base = try catalogue.table(reference)
        guard let target = try step(of: base.version)?.base else {
            throw Problem(
                .recipeNothingToUndo,
                "\(base.dataset.name.quotedForMessage) is as it was uploaded: there is nothing to undo.",
                remedy: "See the versions for what was done.")
        }
        let restored = try catalogue.table(base.dataset.id, version: target)
        let work = VersionWork(catalogue: catalogue, base: base, threads: 1)
        let rejects = try catalogue.rejects(of: restored.version, after: 0, limit: Int(Int32.max))
        let (dataset, version) = try work.name(
            restored.version.columns, restored.version.rowCounts, files: [], origin: "undo",
            step: VersionStep(base: try step(of: restored.version)?.base, restored: target), rejects: rejects)
        return dataset.reply(version)
    }

    package func recipe(of reference: String) throws -> RecipeReply {
        let table = try catalogue.table(reference)
        var steps: [JSONValue] = []
        var next: VersionRecord? = table.version
        while let version = next {
            let step = try step(of: version)
            let base = step?.restored ?? step?.base
            if step?.restored == nil { steps.insert(contentsOf: step?.recipeSteps ?? [], at: 0) }
            // Each version is made from an older one, so the chain ends.
            next = try base.map { try catalogue.version($0, of: table.dataset.id) }
        }
        return RecipeReply(
            dataset: table.dataset.name, version: table.version.version, dialect: table.version.dialect, steps: steps)
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
