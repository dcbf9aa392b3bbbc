import Foundation
import Shared
import Storage
import Tabular

extension Workspace {
    /// Puts the rows of a dataset into two new ones by chance, as for training and testing. The same seed gives the same rows.
    ///
    /// - Throws: `dataset.exists` or `dataset.bad_name` for a name; neither dataset is then made.
    package func split(_ reference: String, _ request: SplitRequest) throws -> [DatasetReply] {
        try admitWork()
        guard request.fraction > 0, request.fraction < 1 else {
            throw Problem.badParameter("fraction", String(request.fraction), expected: "a number between 0 and 1")
        }
        let base = try catalogue.table(reference)
        let names = request.names ?? ["\(base.dataset.name)_train", "\(base.dataset.name)_test"]
        guard names.count == 2, names[0].lowercased() != names[1].lowercased() else {
            throw Problem.badParameter(
                "names", names.joined(separator: ", "), expected: "the names of two different datasets")
        }
        for name in names {
            try Catalogue.checkName(name)
            if (try? catalogue.dataset(name)) != nil { throw StorageError.datasetExists(name) }
        }
        let before = try stages(to: base.version, of: base.dataset).flatMap(\.steps)
        var made: [DatasetReply] = []
        do {
            for (name, isRest) in zip(names, [false, true]) {
                let step: JSONValue = .object([
                    "op": .string("sample"), "fraction": .number(request.fraction),
                    "seed": .integer(Int64(request.seed ?? 0)), "rest": .bool(isRest),
                ])
                made.append(try makeDataset(name, from: base, before: before, step: step))
            }
        } catch {
            for dataset in made { try? catalogue.deleteDataset(dataset.id) }
            throw error
        }
        return made
    }

    private func makeDataset(
        _ name: String, from base: StoredTable, before: [JSONValue], step: JSONValue
    ) throws -> DatasetReply {
        var run = try RecipeRun(base, catalogue: catalogue, sandbox: sandbox, settings: settings)
        try run.apply([step], policy: .stop)
        let columns = try run.shelf.seal(run.table)
        let files = run.shelf.takeFiles(named: columns)
        do {
            let version = try VersionWork(workspace: self, base: base, current: base.version.version).version(
                columns, run.table.rowCounts, files: files, origin: "split", step: VersionStep(steps: before + [step]))
            let (dataset, stored) = try catalogue.store(version, as: name, ifExists: .error, at: Date())
            return dataset.reply(stored)
        } catch {
            for file in files { catalogue.segments.discard(file) }
            throw error
        }
    }
}
