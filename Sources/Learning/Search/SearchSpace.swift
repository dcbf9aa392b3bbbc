import Foundation

/// The settings of each learner that the search varies, and how far.
enum SearchSpace {
    struct Range: Sendable {
        var name: String
        var low: Double
        var high: Double
        var isLogarithmic: Bool
        var isInteger: Bool

        static func logarithmic(_ name: String, _ low: Double, _ high: Double, integer: Bool = false) -> Range {
            Range(name: name, low: low, high: high, isLogarithmic: true, isInteger: integer)
        }

        static func linear(_ name: String, _ low: Double, _ high: Double, integer: Bool = false) -> Range {
            Range(name: name, low: low, high: high, isLogarithmic: false, isInteger: integer)
        }

        /// 0 ... 1 to a value of the parameter.
        func value(_ share: Double) -> LearnerParameter {
            let share = max(0, min(1, share))
            let value =
                isLogarithmic ? low * exp(share * log(high / low)) : low + share * (high - low)
            return isInteger ? .integer(Int(value.rounded())) : .number(value)
        }

        func share(_ value: Double) -> Double {
            let bounded = max(low, min(high, value))
            return isLogarithmic ? log(bounded / low) / log(high / low) : (bounded - low) / (high - low)
        }
    }

    static func ranges(of learner: LearnerName) -> [Range] {
        switch learner {
        case .linear: [.logarithmic("l2", 1e-4, 1e3), .logarithmic("l1", 1e-4, 1e2)]
        case .gradientBoosting:
            [
                .logarithmic("learning_rate", 0.015, 0.2), .logarithmic("leaves", 4, 128, integer: true),
                .logarithmic("minimum_rows", 2, 100, integer: true), .logarithmic("l2", 0.01, 50),
                .linear("row_share", 0.5, 1), .linear("feature_share", 0.3, 1),
                .linear("random_strength", 0, 2), .logarithmic("category_smoothing", 1, 100),
            ]
        case .randomForest, .extraTrees:
            [.logarithmic("minimum_rows", 1, 40, integer: true), .linear("feature_share", 0.1, 1)]
        case .decisionTree:
            [
                .logarithmic("minimum_rows", 2, 100, integer: true),
                .linear("maximum_depth", 2, 14, integer: true),
            ]
        case .nearestNeighbours: [.logarithmic("neighbours", 3, 60, integer: true)]
        case .baseline, .ensemble, .stack: []
        }
    }

    static func random(_ learner: LearnerName, _ random: inout RandomStream) -> TrialConfiguration {
        var parameters = Portfolio.fixedParameters(learner)
        for range in ranges(of: learner) { parameters[range.name] = range.value(random.unit()) }
        return TrialConfiguration(learner, parameters)
    }

    /// A neighbour: about half of the settings moved, the less the more has been tried.
    static func step(
        from configuration: TrialConfiguration, tries: Int, _ random: inout RandomStream
    ) -> TrialConfiguration {
        var result = configuration
        let size = max(0.08, 0.2 / Double(1 + tries / 8))
        let ranges = ranges(of: configuration.learner)
        let always = random.index(below: ranges.count)
        for (index, range) in ranges.enumerated() {
            let moves = random.unit() < 0.5 || index == always
            let step = random.normal() * size
            guard moves else { continue }
            let share = configuration.parameters[range.name]?.number.map(range.share) ?? 0.5
            result.parameters[range.name] = range.value(share + step)
        }
        return result
    }
}
