/// Fits linear stacks on the out-of-fold predictions of trials.
///
/// Predictions come one fold after the other, so a row stands in them once a repetition of the folds. A stack is judged by rows that its
/// weights were not fitted on: those of a fold are predicted with weights from the scored rows that the fold trains on. So no
/// repetition of a held-out row helps, nor does a row of its group or one of a later time. Where no scored row is left, as for the first
/// of the folds in order of time, the stack is the mean that its ridge draws to.
struct StackFit: Sendable {
    struct Result: Sendable {
        /// Fitted on all scored rows.
        var stack: LinearStack
        /// What stacks fitted on other rows predict, one fold after the other, row-major.
        var predictions: [Double]
    }

    /// Ridge strength against the sum of the rows' losses; numbers are in units of the mean's error.
    private static let ridge = 5.0
    /// Enough for a handful of weights; more would only take time.
    private static let mostRows = 10_000
    private static let mostValues = 100_000

    private let folds: FoldPlan
    /// Of the scored rows of the folds, one fold after the other.
    private let scored: [Int32]
    private let target: Target
    /// Rows that the folds were cut from.
    private let rows: Int
    private var outputs: Int { target.outputs }

    /// - Parameter target: of the rows that the folds were cut from.
    init(folds: FoldPlan, target: Target) {
        self.folds = folds
        scored = folds.folds.flatMap(\.test)
        self.target = target.selecting(scored)
        rows = target.rows
    }

    /// A stack of models and what it predicts out of fold.
    ///
    /// - Parameter predictions: out of fold, of each model.
    /// - Returns: nil when it had to stop, or when predictions leave nothing to fit.
    func run(_ predictions: [[Double]], mustStop: () -> Bool) -> Result? {
        guard let stack = fit(predictions, mustStop: mustStop),
            let outOfFold = crossValidated(predictions, mustStop: mustStop)
        else { return nil }
        return Result(stack: stack, predictions: outOfFold)
    }

    /// Weights from all scored rows.
    func fit(_ predictions: [[Double]], mustStop: () -> Bool) -> LinearStack? {
        fit(predictions, places: Array(scored.indices), mustStop: mustStop)
    }

    private func crossValidated(_ predictions: [[Double]], mustStop: () -> Bool) -> [Double]? {
        var result: [Double] = []
        result.reserveCapacity(scored.count * outputs)
        for fold in folds.folds {
            var helps = [Bool](repeating: false, count: rows)
            for row in fold.train { helps[Int(row)] = true }
            let places = scored.indices.filter { helps[Int(scored[$0])] }
            let mean = LinearStack.mean(models: predictions.count, outputs: outputs)
            guard let stack = places.isEmpty ? mean : fit(predictions, places: places, mustStop: mustStop) else {
                return nil
            }
            let range = result.count..<result.count + fold.test.count * outputs
            result += stack.predict(rows: fold.test.count, outputs: outputs) { predictions[$0][range] }
        }
        return result
    }

    /// - Parameter places: among the scored rows, ascending.
    private func fit(_ predictions: [[Double]], places: [Int], mustStop: () -> Bool) -> LinearStack? {
        let most = min(Self.mostRows, max(1, Self.mostValues / outputs))
        let places = places.count <= most ? places : (0..<most).map { places[$0 * places.count / most] }
        guard !places.isEmpty else { return nil }
        var truth = target.selecting(places.map(Int32.init))
        var parts = predictions.map { model in
            LinearStack.scores(places.flatMap { model[$0 * outputs..<($0 + 1) * outputs] }[...], outputs: outputs)
        }
        guard parts.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return nil }
        var (center, unit) = (0.0, 1.0)
        var means = [Double](repeating: 0, count: parts.count)
        if case .regression(let values) = truth {
            (center, means) = (values.mean, parts.map(\.mean))
            for (place, mean) in means.enumerated() { parts[place] = parts[place].map { $0 - mean } }
            var numbers = values.map { $0 - center }
            let share = 1 / Double(parts.count)
            let squares = numbers.indices.reduce(0.0) { sum, row in
                let error = parts.reduce(0) { $0 + share * $1[row] } - numbers[row]
                return sum + error * error
            }
            unit = (squares / Double(numbers.count)).squareRoot()
            guard unit > 0, unit.isFinite else { return nil }
            for row in numbers.indices { numbers[row] /= unit }
            for place in parts.indices { parts[place] = parts[place].map { $0 / unit } }
            truth = .regression(numbers)
        }
        // A row that several repetitions scored counts once against the ridge.
        let distinct = Set(places.map { scored[$0] }).count
        let objective = StackObjective(parts: parts, target: truth, ridge: Self.ridge / Double(distinct))
        var search = QuasiNewton()
        search.iterations = 100
        search.gradientTolerance = 1e-7
        search.valueTolerance = 1e-12
        search.nonNegative = objective.isWeight
        var isStopped = false
        let found = search.minimise(from: objective.start, evaluate: objective.evaluate) {
            isStopped = isStopped || mustStop()
            return isStopped
        }
        guard !isStopped, found.allSatisfy(\.isFinite) else { return nil }
        let weights = Array(found.prefix(parts.count))
        let shift = zip(weights, means).reduce(center) { $0 - $1.0 * $1.1 }
        let intercepts = found.dropFirst(parts.count).map { shift + unit * $0 }
        return LinearStack(weights: weights, intercepts: intercepts)
    }
}
