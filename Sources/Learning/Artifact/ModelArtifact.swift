import Shared

/// A trained model with everything that is needed to use, judge and re-check it.
package struct ModelArtifact: Sendable {
    package var summary: ModelSummary
    package var pipeline: FittedPipeline
    package var model: any FittedModel
    package var calibration: Calibration
    /// From which probability the second of two classes is answered; nil for other tasks.
    package var threshold: Double?
    /// Regression only.
    package var interval: PredictionInterval?
    package var profile: TrainingProfile
    package var evaluation: EvaluationReply
    package var leaderboard: LeaderboardReply
    package var explanation: ExplainReply
    package var testVectors: TestVectors

    /// Outputs of the model as they are answered: row-major, one number for regression, else one probability a class.
    func calibrated(_ outputs: [Double]) -> [Double] {
        summary.task == .regression ? outputs : calibration.apply(outputs, classes: model.outputs)
    }

    /// Predicts the test vectors again.
    ///
    /// - Throws: `.testVectorMismatch` for the first row whose outputs differ by more than 1e-9 of their size; what a
    ///   prediction throws.
    package func verify() throws(LearningError) {
        guard !testVectors.rows.isEmpty else { return }
        let predictor = Predictor(self)
        let outputs = predictor.outputs(try predictor.table(from: testVectors.rows))
        guard outputs.count == testVectors.outputs.count else {
            throw .artifactDamaged(reason: "the test vectors have another number of outputs", offset: 0)
        }
        for (index, expected) in testVectors.outputs.enumerated() {
            // Other machines' mathematical libraries may differ in the last bits.
            let tolerance = 1e-9 * max(1, abs(expected))
            guard abs(outputs[index] - expected) <= tolerance || outputs[index] == expected else {
                throw .testVectorMismatch(
                    row: index / max(1, model.outputs), expected: expected, found: outputs[index])
            }
        }
    }
}
