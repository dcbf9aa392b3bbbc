/// Makes learners from configurations; parameters that a learner does not have are ignored, absent ones keep their defaults.
enum LearnerFactory {
    /// Learners that exist, in order of simplicity.
    static let available: [LearnerName] = [.baseline, .linear]

    static func make(_ configuration: TrialConfiguration) -> any Learner {
        let parameters = configuration.parameters
        func number(_ name: String, _ standard: Double) -> Double { parameters[name]?.number ?? standard }
        func integer(_ name: String, _ standard: Int) -> Int {
            parameters[name]?.number.map { Int(max(-1e9, min(1e9, $0))) } ?? standard
        }
        func flag(_ name: String) -> Bool { parameters[name] == .flag(true) }
        switch configuration.learner {
        case .linear:
            return LinearLearner(
                l2: number("l2", 1), l1: number("l1", 0), balancedClasses: flag("balanced_classes"),
                categories: integer("categories", 64), iterations: integer("iterations", 200))
        default: return BaselineLearner()
        }
    }

    /// Boosting rounds of a model that was stopped early; nil for other models.
    static func rounds(of model: any FittedModel) -> Int? { nil }

    /// The configuration of a trial for a fit on all rows: with the number of rounds that early stopping found, grown with the rows.
    static func refitting(_ record: TrialRecord, rows: Int, trainRows: Int) -> TrialConfiguration {
        var configuration = TrialConfiguration(record)
        if let rounds = record.rounds {
            // More rows carry more rounds; half of the growth is on the safe side of overfitting.
            let growth = min(1.5, 1 + 0.5 * (Double(rows) / Double(max(1, trainRows)) - 1))
            configuration.parameters["rounds"] = .integer(max(1, Int((Double(rounds) * growth).rounded())))
        }
        return configuration
    }
}
