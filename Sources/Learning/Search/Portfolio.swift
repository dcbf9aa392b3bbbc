/// Configurations that come first: together they do well on most tables.
enum Portfolio {
    /// In the order in which they are tried; the first ones are cheap.
    static func configurations(rows: Int, isClassification: Bool) -> [TrialConfiguration] {
        let shallow = boosting(rate: 0.05, leaves: 6, minimumRows: 10, l2: 3, rows: 0.8, features: 0.6)
        // Where all rows and features are in each round, only chance in the splits keeps trees from being alike.
        let usual = boosting(rate: 0.1, leaves: 31, minimumRows: 20, l2: 1, rows: 1, features: 1, strength: 1)
        let slow = boosting(rate: 0.04, leaves: 20, minimumRows: 12, l2: 3, rows: 0.8, features: 0.6)
        let wide = boosting(rate: 0.05, leaves: 80, minimumRows: 8, l2: 1, rows: 0.85, features: 0.7)
        // Stumps of two or three leaves are nearly additive: hard to beat on little data.
        let additive = boosting(rate: 0.08, leaves: 3, minimumRows: 5, l2: 1, rows: 0.7, features: 0.5)
        let extraTrees = forest(.extraTrees, features: 0.5)
        let randomForest = forest(.randomForest, features: 0)
        let strong = TrialConfiguration(.linear, ["l2": .number(30)])
        let rest = [TrialConfiguration(.nearestNeighbours), TrialConfiguration(.decisionTree)]
        let first = [TrialConfiguration(.baseline), TrialConfiguration(.linear, ["l2": .number(1)])]
        return rows < 3_000
            ? first + [shallow, usual, extraTrees, additive, slow, strong, randomForest] + rest + [wide]
            : first + [usual, slow, wide, extraTrees, shallow, randomForest, strong] + rest + [additive]
    }

    private static func forest(_ learner: LearnerName, features: Double) -> TrialConfiguration {
        var parameters = fixedParameters(learner)
        parameters["minimum_rows"] = .integer(2)
        parameters["feature_share"] = .number(features)
        return TrialConfiguration(learner, parameters)
    }

    private static func boosting(
        rate: Double, leaves: Int, minimumRows: Int, l2: Double, rows: Double, features: Double,
        strength: Double = 0
    ) -> TrialConfiguration {
        var parameters = fixedParameters(.gradientBoosting)
        parameters["learning_rate"] = .number(rate)
        parameters["leaves"] = .integer(leaves)
        parameters["minimum_rows"] = .integer(minimumRows)
        parameters["l2"] = .number(l2)
        parameters["row_share"] = .number(rows)
        parameters["feature_share"] = .number(features)
        parameters["random_strength"] = .number(strength)
        return TrialConfiguration(.gradientBoosting, parameters)
    }

    /// Settings that a learner always has in the search.
    static func fixedParameters(_ learner: LearnerName) -> [String: LearnerParameter] {
        switch learner {
        case .gradientBoosting: ["iterations": .integer(3_000), "patience": .integer(40)]
        case .randomForest, .extraTrees: ["trees": .integer(150)]
        default: [:]
        }
    }
}
