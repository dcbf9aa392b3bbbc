import Testing

@testable import Learning

@Suite("The order of categories in trees") struct CategoryOrderTests {
    private static let levels = 30

    /// A category of many levels and a number; which levels have large targets turns with the sign of the number.
    private func problem(rows: Int, outputs: Int) -> (matrix: FeatureMatrix, target: Target) {
        var random = RandomStream(seed: 11)
        let codes = (0..<rows).map { _ in Int32(random.index(below: Self.levels)) }
        let numbers = (0..<rows).map { _ in Float(random.normal()) }
        let truth = (0..<rows).map { row in
            let level = Double(codes[row]) / Double(Self.levels)
            return (numbers[row] > 0 ? level : 0.7 - level) + 0.3 * random.normal()
        }
        let matrix = FeatureMatrix(
            rows: rows,
            features: [
                .init(name: "level", values: .categorical(codes, cardinality: Self.levels)),
                .init(name: "number", values: .numeric(numbers)),
            ])
        let target: Target =
            switch outputs {
            case 1: .regression(truth)
            case 2: .classes(truth.map { $0 > 0.4 ? 1 : 0 }, count: 2)
            default: .classes(truth.map { $0 < 0.2 ? 0 : $0 < 0.5 ? 1 : 2 }, count: 3)
            }
        return (matrix, target)
    }

    @Test("Every node of every tree cuts the categories in the same order", arguments: [1, 2, 3])
    func oneOrderForAllNodes(outputs: Int) throws {
        let (matrix, target) = problem(rows: 3_000, outputs: outputs)
        let rows = Array(0..<Int32(matrix.rows))
        let context = FitContext(seed: 1)
        var settings = ForestSettings()
        settings.trees = 4
        settings.minimumRows = 20
        settings.featureShare = 1
        let learners: [any BinnedLearner] = [
            RandomForestLearner(settings), DecisionTreeLearner(maximumDepth: 8, minimumRows: 20),
        ]
        for learner in learners {
            let binned = try BinnedMatrix(matrix, bins: learner.bins, context: context)
            let fitted = try learner.fit(binned: binned, target: target, rows: rows, weights: nil, context: context)
            let model = try #require(fitted as? TreeModel)
            let sets = model.trees.flatMap { tree in
                tree.nodes.filter(\.isCategorical).map { node in
                    Set((0..<Self.levels).filter { tree.contains($0, node) })
                }
            }
            try #require(sets.count > 10)
            // Cuts of one order hold each other.
            for first in sets {
                #expect(sets.allSatisfy { first.isSubset(of: $0) || $0.isSubset(of: first) })
            }
        }
    }
}

extension DecisionTree {
    fileprivate func contains(_ code: Int, _ node: Node) -> Bool {
        code / 32 < Int(node.count) && words[Int(node.first) + code / 32] >> UInt32(code % 32) & 1 == 1
    }
}
