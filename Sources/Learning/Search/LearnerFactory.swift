/// Makes learners from configurations; parameters that a learner does not have are ignored, absent ones keep their defaults.
enum LearnerFactory {
    static func make(_ configuration: TrialConfiguration) -> any Learner {
        let parameters = configuration.parameters
        func number(_ name: String, _ standard: Double) -> Double { parameters[name]?.number ?? standard }
        func integer(_ name: String, _ standard: Int) -> Int {
            parameters[name]?.number.map { Int(max(-1e9, min(1e9, $0))) } ?? standard
        }
        func flag(_ name: String) -> Bool { parameters[name] == .flag(true) }
        switch configuration.learner {
        case .decisionTree:
            return DecisionTreeLearner(
                maximumDepth: integer("maximum_depth", 8), minimumRows: integer("minimum_rows", 10))
        case .nearestNeighbours:
            return NeighboursLearner(neighbours: integer("neighbours", 15))
        case .randomForest, .extraTrees:
            var settings = ForestSettings()
            settings.trees = integer("trees", settings.trees)
            settings.minimumRows = integer("minimum_rows", settings.minimumRows)
            settings.featureShare = number("feature_share", settings.featureShare)
            settings.bootstrap = configuration.learner == .randomForest
            return settings.bootstrap ? RandomForestLearner(settings) : ExtraTreesLearner(settings)
        case .gradientBoosting:
            var settings = BoostingSettings()
            settings.iterations = integer("iterations", settings.iterations)
            settings.learningRate = number("learning_rate", settings.learningRate)
            settings.leaves = integer("leaves", settings.leaves)
            settings.maximumDepth = integer("maximum_depth", settings.maximumDepth)
            settings.minimumRows = integer("minimum_rows", settings.minimumRows)
            settings.l1 = number("l1", settings.l1)
            settings.l2 = number("l2", settings.l2)
            settings.rowShare = number("row_share", settings.rowShare)
            settings.featureShare = number("feature_share", settings.featureShare)
            // Every configuration has one; trials of releases that did not know it had no chance in their splits.
            settings.randomStrength = number("random_strength", 0)
            settings.bins = integer("bins", settings.bins)
            settings.patience = integer("patience", settings.patience)
            settings.categorySmoothing = number("category_smoothing", settings.categorySmoothing)
            settings.categoryL2 = number("category_l2", settings.categoryL2)
            return BoostingLearner(settings)
        case .linear:
            return LinearLearner(
                l2: number("l2", 1), l1: number("l1", 0), balancedClasses: flag("balanced_classes"),
                categories: integer("categories", 64), iterations: integer("iterations", 200))
        case .baseline, .ensemble, .stack: return BaselineLearner()
        }
    }

    /// Whether boosting draws rows, features or splits, so that fits with other seeds are other models; forests average that already.
    static func drawsByChance(_ configuration: TrialConfiguration) -> Bool {
        guard configuration.learner == .gradientBoosting else { return false }
        let parameters = configuration.parameters
        return ["row_share", "feature_share"].contains { parameters[$0]?.number ?? 1 < 1 }
            || parameters["random_strength"]?.number ?? 0 > 0
    }

    /// Boosting rounds of a model that was stopped early; nil for other models.
    static func rounds(of model: any FittedModel) -> Int? { (model as? BoostingModel)?.rounds }

    /// How long a configuration takes in comparison with others of its learner.
    static func relativeCost(_ configuration: TrialConfiguration) -> Double {
        guard configuration.learner == .gradientBoosting else { return 1 }
        let parameters = configuration.parameters
        let rate = max(0.005, parameters["learning_rate"]?.number ?? 0.1)
        let leaves = parameters["leaves"]?.number ?? 31
        // Early stopping comes the later the smaller the steps; shared work of a tree is that of about 16 leaves.
        return (leaves + 16) / rate
    }

    /// The configuration of a trial for a fit on all rows: with the number of rounds that early stopping found, grown with the rows.
    static func refitting(_ record: TrialRecord, rows: Int, trainRows: Int) -> TrialConfiguration {
        var configuration = TrialConfiguration(record)
        if let rounds = record.rounds {
            // More rows carry more rounds; half of the growth is on the safe side of overfitting.
            let growth = min(1.5, 1 + 0.5 * (Double(rows) / Double(max(1, trainRows)) - 1))
            configuration.parameters["iterations"] = .integer(max(1, Int((Double(rounds) * growth).rounded())))
        }
        return configuration
    }
}
