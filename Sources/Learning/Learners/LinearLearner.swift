/// Linear, binary logistic or multinomial regression with an elastic net, by L-BFGS and its orthant-wise form.
///
/// Numbers are standardised inside, missing ones count as the mean with an indicator, categories are one-hot up to a cap.
package struct LinearLearner: Learner {
    package static let name = "linear"

    /// L2 strength as in ridge regression: added to the sum of the losses of the rows, not to their mean. 0 or more.
    package var l2: Double
    /// L1 strength on the same scale. 0 or more.
    package var l1: Double
    /// Gives every class the same total weight.
    package var balancedClasses: Bool
    /// Most columns of one categorical feature.
    package var categories: Int
    /// Most iterations of the optimiser.
    package var iterations: Int

    package init(
        l2: Double = 1, l1: Double = 0, balancedClasses: Bool = false, categories: Int = 64, iterations: Int = 200
    ) {
        self.l2 = l2
        self.l1 = l1
        self.balancedClasses = balancedClasses
        self.categories = categories
        self.iterations = iterations
    }

    package var parameters: [String: LearnerParameter] {
        [
            "l2": .number(l2), "l1": .number(l1), "balanced_classes": .flag(balancedClasses),
            "categories": .integer(categories), "iterations": .integer(iterations),
        ]
    }

    package func fit(
        _ matrix: FeatureMatrix, target: Target, rows: [Int32], weights: [Float]?, context: FitContext
    ) throws(LearningError) -> any FittedModel {
        if context.mustStop { throw .cancelled }
        let encoding = FeatureEncoding(matrix, rows: rows, categories: categories)
        if context.mustStop { throw .cancelled }
        let encoded = encoding.encode(matrix, rows: rows)
        let rowWeights = fittingWeights(target, rows: rows, weights: weights)
        var objective = LinearObjective(
            encoded, columns: encoding.columns, target: target, rows: rows, weights: rowWeights)
        let start = objective.start(target.smoothedShares(rows: rows, weights: weights))
        guard encoding.columns > 0, objective.classesPresent > 1, objective.totalWeight > 0 else {
            return objective.model(encoding, coefficients: start)
        }
        objective.squarePenalty = max(0, l2) / objective.totalWeight
        objective.isStopped = { context.mustStop }
        var optimiser = QuasiNewton()
        optimiser.iterations = iterations
        if l1 > 0 { optimiser.absolutePenalty = objective.absolutePenalty(l1 / objective.totalWeight) }
        let found = optimiser.minimise(
            from: start, evaluate: { objective.evaluate($0, gradient: &$1) }, mustStop: { context.mustStop })
        if context.mustStop { throw .cancelled }
        return objective.model(encoding, coefficients: found)
    }

    private func fittingWeights(_ target: Target, rows: [Int32], weights: [Float]?) -> [Double] {
        var result = rows.map { row in weights.map { Double($0[Int(row)]) } ?? 1 }
        guard balancedClasses, case .classes = target else { return result }
        let shares = target.prior(rows: rows, weights: weights)
        let present = Double(shares.filter { $0 > 0 }.count)
        for (position, row) in rows.enumerated() {
            guard let code = target.classCode(row), shares[code] > 0 else { continue }
            result[position] /= shares[code] * present
        }
        return result
    }
}
