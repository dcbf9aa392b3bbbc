import Shared
import Storage
import Tabular

/// Steps applied one after the other to a version of a dataset, in bounded memory; nothing is stored by it.
struct RecipeRun {
    let shelf: VersionShelf
    private(set) var table: ChunkedTable
    private(set) var reports: [TransformReport] = []
    /// Steps that were left out, with the reason.
    private(set) var skipped: [Problem] = []
    private(set) var applied: [JSONValue] = []
    private let surroundings: TransformSurroundings

    init(_ base: StoredTable, catalogue: Catalogue, sandbox: SQLSandbox, settings: Settings) throws {
        let shelf = try VersionShelf(catalogue: catalogue)
        self.shelf = shelf
        table = shelf.place(base)
        let timeout = settings.sql.timeoutSeconds
        surroundings = TransformSurroundings(
            dataset: { name, version in shelf.place(try catalogue.table(name, version: version)) },
            matching: { expression, table in
                try sandbox.matching(expression, in: try shelf.stored(table, as: base), timeoutSeconds: timeout)
            },
            evaluate: { expression, table, take in
                try sandbox.evaluate(
                    expression, in: try shelf.stored(table, as: base), timeoutSeconds: timeout, take: take)
            }, rowLimit: settings.datasets.maxRows,
            decimal: base.version.dialect.decimal.utf8.first ?? UInt8(ascii: "."))
    }

    /// Applies the steps. A step that fails ends the run, or is left out when it or `policy` says skip.
    ///
    /// - Throws: the step's problem with its place among the steps, from 1
    mutating func apply(_ steps: [JSONValue], policy: TransformRequest.OnError) throws {
        for (index, json) in steps.enumerated() {
            var policy = policy
            do {
                let step = try TransformStep(json: json)
                if let own = try step.onError { policy = own }
                try apply(step, json)
            } catch {
                let problem = Self.problem(error, step: index + 1)
                guard policy == .skip, problem.status < 500 else { throw problem }
                skipped.append(problem)
            }
        }
    }

    /// Applies the steps of one change, all or none.
    ///
    /// - Throws: the error of the step as it is
    mutating func apply(_ steps: [JSONValue]) throws {
        for json in steps { try apply(try TransformStep(json: json), json) }
    }

    private mutating func apply(_ step: TransformStep, _ json: JSONValue) throws {
        let (next, report) = try step.apply(to: table, surroundings)
        table = next
        reports.append(report)
        applied.append(json)
    }

    private static func problem(_ error: any Error, step: Int) -> Problem {
        if let error = error as? TransformError { return error.problem(step: step) }
        var problem = ErrorTranslation.problem(for: error)
        problem.detail = "Step \(step): \(problem.detail)"
        return problem
    }
}
