import Shared

/// An algorithm with its settings, ready to be fitted.
///
/// Every conformer passes `LearnerContractTests`: fit is idempotent and deterministic by seed for any number of threads, the input
/// is not changed, missing and unseen values and constant columns are legal, and the artifact round trip is exact to the bit.
package protocol Learner: Sendable {
    /// The name in leaderboards and in `algorithms`: `baseline`, `linear`, `decision_tree`, `random_forest`, `extra_trees`,
    /// `gradient_boosting`, `nearest_neighbours`.
    static var name: String { get }

    /// Settings as they stand in the leaderboard.
    var parameters: [String: LearnerParameter] { get }

    /// Fits on the given rows of the matrix.
    ///
    /// - Parameters:
    ///   - rows: indices into the matrix and the target, ascending, at least 1.
    ///   - weights: one a row of the matrix; nil for all 1.
    /// - Throws: `.cancelled` within 100 ms of `context.isCancelled` turning true or of the deadline, unless the learner can
    ///   return what it has so far (boosting, forests), which it then does.
    func fit(
        _ matrix: FeatureMatrix, target: Target, rows: [Int32], weights: [Float]?, context: FitContext
    ) throws(LearningError) -> any FittedModel
}

package enum LearnerParameter: Sendable, Hashable {
    case integer(Int)
    case number(Double)
    case text(String)
    case flag(Bool)
}

/// What a fit is allowed to use.
package struct FitContext: Sendable {
    package var seed: UInt64
    package var threads: Int
    /// Rows held out for early stopping, indices into the matrix; empty for none.
    package var validation: [Int32]
    package var isCancelled: @Sendable () -> Bool
    /// Monotonic end of the time a fit may take; nil for none.
    package var deadline: ContinuousClock.Instant?

    package init(
        seed: UInt64, threads: Int = 1, validation: [Int32] = [], deadline: ContinuousClock.Instant? = nil,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
        self.seed = seed
        self.threads = threads
        self.validation = validation
        self.deadline = deadline
        self.isCancelled = isCancelled
    }

    package var mustStop: Bool { isCancelled() || deadline.map { ContinuousClock.now >= $0 } ?? false }
}

/// A fitted learner: immutable, usable from any thread.
package protocol FittedModel: Sendable {
    /// Numbers a row: 1 for regression, one probability a class otherwise.
    var outputs: Int { get }

    /// Columns of the matrix that it was fitted on; nil for a model that looks at none.
    var columns: Int? { get }

    /// Row-major `rows x outputs`: values, or probabilities that sum to 1.
    ///
    /// - Parameter rows: rows of the matrix to predict, nil for all in order.
    func predict(_ matrix: FeatureMatrix, rows: [Int32]?) -> [Double]

    /// Which decoder reads it back; stable for ever.
    var artifactTag: ArtifactTag { get }
    func write(to writer: inout ArtifactWriter)

    /// What was fitted, for people: coefficients, splits, numbers by the names of columns and labels.
    ///
    /// - Parameter columns: the matrix's columns.
    func fields(_ columns: [MatrixColumn]) -> [String: JSONValue]

    /// Adds what `predict` does to an ONNX graph.
    ///
    /// - Parameter columns: the matrix's columns, one value a row.
    /// - Returns: doubles, `rows x outputs`.
    func addNodes(to graph: inout ONNXGraph, columns: [ONNXColumn]) -> ONNXGraph.Value
}

/// First byte of a stored model; never renumbered.
package enum ArtifactTag: UInt8, Sendable, CaseIterable {
    case baseline = 1
    case linear = 2
    case tree = 3
    case forest = 4
    case boosting = 5
    case neighbours = 6
    case ensemble = 7
    case stack = 8
}
