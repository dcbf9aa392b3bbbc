/// The body of `POST /api/v1/datasets/{d}/transform`.
package struct TransformRequest: Codable, Sendable, Hashable {
    /// Each an object with `op` and what the operation takes.
    package var steps: [JSONValue]
    package var dryRun: Bool?
    /// What happens when a step fails; a step's own `on_error` comes first.
    package var onError: OnError?

    package enum OnError: String, Codable, Sendable, CaseIterable {
        case stop, skip
    }

    package init(steps: [JSONValue], dryRun: Bool? = nil, onError: OnError? = nil) {
        self.steps = steps
        self.dryRun = dryRun
        self.onError = onError
    }
}

/// A recipe: how the upload was read, and the steps that lead from it to a version.
package struct RecipeReply: Codable, Sendable {
    /// The schema of this document.
    package var recipe: Int
    package var dataset: String
    package var version: Int
    /// The version that the steps begin with.
    package var baseVersion: Int
    package var dialect: DialectReply
    package var steps: [JSONValue]

    package init(dataset: String, version: Int, baseVersion: Int, dialect: DialectReply, steps: [JSONValue]) {
        recipe = 1
        self.dataset = dataset
        self.version = version
        self.baseVersion = baseVersion
        self.dialect = dialect
        self.steps = steps
    }
}

/// The body of `POST /api/v1/datasets/{d}/split`.
package struct SplitRequest: Codable, Sendable {
    /// Share of the rows that go into the first dataset, between 0 and 1.
    package var fraction: Double
    package var seed: Int?
    /// Names of the two new datasets; `D_train` and `D_test` unless given.
    package var names: [String]?

    package init(fraction: Double, seed: Int? = nil, names: [String]? = nil) {
        self.fraction = fraction
        self.seed = seed
        self.names = names
    }
}
