/// The algorithms that can be asked for, simplest first.
package enum LearnerName: String, Sendable, Codable, CaseIterable, Hashable {
    case baseline
    case linear
    case decisionTree = "decision_tree"
    case nearestNeighbours = "nearest_neighbours"
    case extraTrees = "extra_trees"
    case randomForest = "random_forest"
    case gradientBoosting = "gradient_boosting"
    case ensemble
    case stack

    /// Place in the order of simplicity: of two models within the noise, the lower is preferred.
    package var complexity: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// Whether one fit uses several threads.
    var usesThreads: Bool { self == .gradientBoosting || self == .randomForest || self == .extraTrees }

    /// Whether its predictions can be made to follow a column one way; so do those of their ensembles and stacks.
    var canBeMonotone: Bool { self == .baseline || self == .gradientBoosting }

    /// Names that can be asked for.
    static let choosable = allCases.filter { $0 != .ensemble && $0 != .stack }

    /// The algorithms of a request; the baseline is always among them.
    ///
    /// - Throws: `.unknownAlgorithm`.
    static func parse(_ names: [String]?) throws(LearningError) -> [LearnerName] {
        guard let names, !names.isEmpty else { return choosable }
        var chosen: [LearnerName] = [.baseline]
        for name in names {
            // `logistic` is what the linear learner is called for classes.
            let usual = name == "logistic" || name == "logistic_regression" ? "linear" : name
            guard let known = choosable.first(where: { $0.rawValue == usual }) else {
                throw .unknownAlgorithm(name: name, known: choosable.map(\.rawValue))
            }
            if !chosen.contains(known) { chosen.append(known) }
        }
        return chosen
    }
}
