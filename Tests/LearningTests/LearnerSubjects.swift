import Testing

@testable import Learning

/// One learner of the contract suite with what is asked of it.
struct LearnerSubject: Sendable, CustomTestStringConvertible {
    let learner: any Learner
    /// Whether it must beat the baseline.
    var learns = true
    /// Whether a stopped fit may give a model.
    var isAnytime = false
    /// Whether a fit draws rows by chance, by their places.
    var drawsRows = false

    var testDescription: String { "\(type(of: learner).name) \(learner.parameters["objective"].map { "\($0)" } ?? "")" }

    static let all: [LearnerSubject] = [
        LearnerSubject(learner: BaselineLearner(), learns: false),
        LearnerSubject(learner: LinearLearner()),
        LearnerSubject(learner: LinearLearner(l2: 0.1, l1: 0.5, balancedClasses: true)),
        LearnerSubject(learner: DecisionTreeLearner()),
        LearnerSubject(
            learner: RandomForestLearner(forest(trees: 12, bootstrap: true)), isAnytime: true, drawsRows: true),
        LearnerSubject(learner: ExtraTreesLearner(forest(trees: 12, bootstrap: false)), isAnytime: true),
        LearnerSubject(learner: BoostingLearner(boosting { $0.iterations = 20 }), isAnytime: true),
        LearnerSubject(
            learner: BoostingLearner(
                boosting {
                    $0.iterations = 20
                    $0.rowShare = 0.7
                    $0.featureShare = 0.6
                    $0.objective = .huber(delta: 1)
                }), isAnytime: true, drawsRows: true),
        LearnerSubject(
            learner: BoostingLearner(
                boosting {
                    $0.iterations = 15
                    $0.objective = .absolute
                    $0.l1 = 0.1
                }), isAnytime: true),
        LearnerSubject(learner: NeighboursLearner()),
    ]

    static func boosting(_ change: (inout BoostingSettings) -> Void) -> BoostingSettings {
        var settings = BoostingSettings()
        settings.minimumRows = 5
        change(&settings)
        return settings
    }

    private static func forest(trees: Int, bootstrap: Bool) -> ForestSettings {
        var settings = ForestSettings()
        settings.trees = trees
        settings.bootstrap = bootstrap
        return settings
    }
}

/// What a contract test learns.
enum LearnerTask: String, Sendable, CaseIterable {
    case number, twoClasses, threeClasses
}

/// Made-up rows whose target depends on numbers, on a category and on what is missing.
struct LearnerProblem: Sendable {
    var matrix: FeatureMatrix
    var target: Target

    init(_ task: LearnerTask, rows: Int, seed: UInt64 = 5) {
        var random = RandomStream(seed: seed)
        var first: [Float] = []
        var second: [Float] = []
        var group: [Int32] = []
        var scores: [Double] = []
        for _ in 0..<rows {
            let value = Float(random.unit() * 4 - 2)
            let other = Float(random.unit() * 100)
            let code = Int32(random.index(below: 8))
            let isMissing = random.unit() < 0.15
            first.append(value)
            second.append(isMissing ? .nan : other)
            group.append(random.unit() < 0.05 ? -1 : code)
            let fromGroup = code == 2 || code == 5 ? 1.5 : -0.5
            scores.append(Double(value) * 1.5 + (isMissing ? 1 : Double(other) / 100) + fromGroup + random.unit() * 0.2)
        }
        matrix = FeatureMatrix(
            rows: rows,
            features: [
                .init(name: "first", values: .numeric(first)),
                .init(name: "second", values: .numeric(second)),
                .init(name: "group", values: .categorical(group, cardinality: 9)),
                .init(name: "constant", values: .numeric(Array(repeating: 3, count: rows))),
                .init(name: "empty", values: .numeric(Array(repeating: .nan, count: rows))),
                .init(name: "no_codes", values: .categorical(Array(repeating: -1, count: rows), cardinality: 0)),
            ])
        switch task {
        case .number: target = .regression(scores.map { 1e6 + 10 * $0 })
        case .twoClasses: target = .classes(scores.map { $0 > 0.5 ? 1 : 0 }, count: 2)
        case .threeClasses: target = .classes(scores.map { $0 < -0.5 ? 0 : ($0 < 1 ? 1 : 2) }, count: 3)
        }
    }

    var rows: [Int32] { Array(0..<Int32(matrix.rows)) }

    /// The problem of some of the rows, in the order given, some of them several times.
    func selecting(_ rows: [Int32]) -> LearnerProblem {
        var result = self
        result.target = target.selecting(rows)
        result.matrix.rows = rows.count
        for index in matrix.features.indices {
            switch matrix.features[index].values {
            case .numeric(let values): result.matrix.features[index].values = .numeric(rows.map { values[Int($0)] })
            case .categorical(let codes, let cardinality):
                result.matrix.features[index].values = .categorical(
                    rows.map { codes[Int($0)] }, cardinality: cardinality)
            }
        }
        return result
    }

    /// Squared error, or log loss, of predictions for some rows.
    func loss(_ predictions: [Double], rows: [Int32]) -> Double {
        var sum = 0.0
        for (position, row) in rows.enumerated() {
            switch target {
            case .regression(let values):
                let difference = predictions[position] - values[Int(row)]
                sum += difference * difference
            case .classes(let codes, let count):
                let share = predictions[position * count + Int(codes[Int(row)])]
                sum -= LearnerProblem.logarithm(max(1e-6, share))
            }
        }
        return sum / Double(max(1, rows.count))
    }

    private static func logarithm(_ share: Double) -> Double {
        // Natural logarithm by halving: keeps Foundation out of the fixtures.
        var (value, result) = (share, 0.0)
        while value < 0.75 {
            value *= 2
            result -= 0.693_147_180_559_945_3
        }
        let ratio = (value - 1) / (value + 1)
        var (term, sum) = (ratio, 0.0)
        for power in stride(from: 1, through: 31, by: 2) {
            sum += term / Double(power)
            term *= ratio * ratio
        }
        return result + 2 * sum
    }
}

/// Bytes of a model with its tag.
func bytes(of model: any FittedModel) -> [UInt8] {
    var writer = ArtifactWriter()
    FittedModels.write(model, to: &writer)
    return writer.bytes
}

/// Whether no number is infinite or missing.
func areFinite(_ values: [Double]) -> Bool { values.allSatisfy { $0.isFinite } }
