import Tabular

extension ModelArtifact {
    /// Answers as a column: the number, the probability of the second of two classes, or the class.
    ///
    /// - Parameter outputs: calibrated, row-major.
    func answers(_ outputs: [Double]) -> PreparedTable.Column {
        switch summary.task {
        case .regression: return .instants(outputs)
        case .binary: return .instants(stride(from: 1, to: outputs.count, by: 2).map { outputs[$0] })
        case .multiclass:
            let width = max(1, summary.classes.count)
            let codes = stride(from: 0, to: outputs.count - width + 1, by: width).map {
                Int32(ClassMetrics.decide(outputs[$0..<$0 + width], threshold: threshold ?? 0.5))
            }
            return .labels(CategoryCodes(codes: codes, labels: summary.classes))
        }
    }

    /// The profile of the answers, for drift; nil when there are none.
    ///
    /// - Parameters:
    ///   - outOfFold: calibrated outputs for rows that the predicting model had not seen; may be empty.
    ///   - fitted: calibrated outputs of the model for rows that it was fitted on; may be empty.
    func answerProfile(outOfFold: [Double], fitted: [Double]) -> [TrainingProfile.Feature]? {
        let profiles = [outOfFold, fitted].filter { !$0.isEmpty }
            .map { TrainingProfile.Feature(DriftReference.answersName, answers($0)) }
        return profiles.isEmpty ? nil : profiles
    }
}
