import Shared
import Storage
import Tabular

extension Workspace {
    /// Up to this many cells, equal rows are looked for: their numbering takes some bytes a cell.
    private static let mostCompared = 4_000_000
    private static let sampleTexts = 1_000

    /// Steps that the profile of the newest version speaks for, each ready to be applied.
    package func suggestions(for reference: String) throws -> [TransformSuggestion] {
        let table = try catalogue.table(reference)
        let profile = try profile(of: reference, version: nil)
        var samples: [String: [String]] = [:]
        for (position, column) in table.version.columns.enumerated() where column.type == .text && table.groups > 0 {
            let chunk = try table.chunk(column: position, group: 0)
            samples[column.name] = stride(from: 0, to: chunk.rows, by: max(1, chunk.rows / Self.sampleTexts)).compactMap
            {
                chunk.nulls?.isNull($0) == true ? nil : chunk.text(at: $0)
            }
        }
        return try duplicates(in: table) + Suggestions.of(profile, samples: samples)
    }

    private func duplicates(in table: StoredTable) throws -> [TransformSuggestion] {
        guard table.rows * max(1, table.version.columns.count) <= Self.mostCompared else { return [] }
        let step = TransformStep(.removeDuplicates)
        var run = try RecipeRun(table, catalogue: catalogue, sandbox: sandbox, settings: settings)
        try run.apply([step.json], policy: .stop)
        let removed = table.rows - run.table.rows
        guard removed > 0 else { return [] }
        return [
            TransformSuggestion(
                column: nil, text: "\(removed) rows are equal to an earlier one in every column.",
                effect: "removes \(removed) rows", step: step)
        ]
    }
}
