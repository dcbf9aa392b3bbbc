import Testing

@testable import Learning

@Suite("Trees")
struct LearnerTreeTests {
    @Test("Contributions of a tree equal the average over all orders of features")
    func bruteForce() throws {
        for task in LearnerTask.allCases {
            let problem = LearnerProblem(task, rows: 120)
            let fitted = try DecisionTreeLearner(maximumDepth: 6, minimumRows: 2).fit(
                problem.matrix, target: problem.target, rows: problem.rows, weights: nil, context: FitContext(seed: 1))
            let model = try #require(fitted as? TreeModel)
            let tree = try #require(model.trees.first)
            #expect(tree.leaves > 6)
            for row in [0, 33, 77] {
                let lines = model.contributions(problem.matrix, row: Int32(row))
                for output in 0..<model.outputs {
                    let expected = shapley(tree, problem.matrix, row: row, output: output, features: 6)
                    for feature in 0..<6 {
                        let scale = max(1, abs(expected[feature]))
                        #expect(abs(lines[output][feature] - expected[feature]) < 1e-6 * scale)
                    }
                }
            }
        }
    }

    @Test("A boosting model's contributions equal the sum over its trees")
    func boostedBruteForce() throws {
        let problem = LearnerProblem(.twoClasses, rows: 200)
        let learner = BoostingLearner(
            LearnerSubject.boosting {
                $0.iterations = 4
                $0.leaves = 8
            })
        let fitted = try learner.fit(
            problem.matrix, target: problem.target, rows: problem.rows, weights: nil, context: FitContext(seed: 1))
        let model = try #require(fitted as? BoostingModel)
        var expected = Array(repeating: 0.0, count: 6)
        for tree in model.trees {
            for (feature, value) in shapley(tree, problem.matrix, row: 9, output: 0, features: 6).enumerated() {
                expected[feature] += value
            }
        }
        let lines = model.contributions(problem.matrix, row: 9)
        for feature in 0..<6 {
            #expect(abs(lines[1][feature] - expected[feature]) < 1e-9)
            #expect(lines[0][feature] == -lines[1][feature])
        }
    }

    @Test("Prediction by values and by bins reaches the same leaf")
    func binsAgree() throws {
        let problem = LearnerProblem(.number, rows: 400)
        let context = FitContext(seed: 1)
        let binned = try BinnedMatrix(problem.matrix, bins: 16, context: context)
        let fitted = try DecisionTreeLearner().fit(
            binned: binned, target: problem.target, rows: problem.rows, weights: nil, context: context)
        let tree = try #require((fitted as? TreeModel)?.trees.first)
        let predicted = fitted.predict(problem.matrix, rows: nil)
        for row in 0..<400 { #expect(tree.values[tree.leaf(of: row, binned: binned)] == predicted[row]) }
    }

    @Test("Out-of-bag loss is near the loss on new rows")
    func outOfBag() throws {
        let problem = LearnerProblem(.number, rows: 600)
        let known = problem.rows.filter { $0 % 2 == 0 }
        let held = problem.rows.filter { $0 % 2 == 1 }
        var settings = ForestSettings()
        settings.trees = 40
        settings.outOfBag = true
        let fitted = try RandomForestLearner(settings).fit(
            problem.matrix, target: problem.target, rows: known, weights: nil, context: FitContext(seed: 2))
        let loss = try #require((fitted as? TreeModel)?.outOfBagLoss)
        let actual = problem.loss(fitted.predict(problem.matrix, rows: held), rows: held)
        #expect(loss > 0.6 * actual && loss < 1.7 * actual)
    }

    @Test("Splitting rows keeps their order for any number of threads")
    func partition() {
        let count = 100_000
        let column = AlignedBuffer<UInt8>(count: count, zero: 0)
        var random = RandomStream(seed: 4)
        for row in 0..<count { column.start[row] = UInt8(random.index(below: 7)) }
        let orders = [1, 2, 3].map { threads in
            let partition = RowPartition(rows: count)
            for row in 0..<count { partition.order.start[row] = UInt32(row) }
            let lefts = partition.split(
                begin: 10, count: count - 20, column: column.start, left: BinSet(through: 3, missing: false),
                team: ThreadTeam(threads: threads))
            return [UInt32(lefts)] + (0..<count).map { partition.order.start[$0] }
        }
        #expect(orders[0] == orders[1])
        #expect(orders[0] == orders[2])
        #expect(orders[0][1...].sorted() == (0..<UInt32(count)).map { $0 })
    }

    /// Average gain of each feature over all orders, the left-out ones following both branches by their cover.
    private func shapley(
        _ tree: DecisionTree, _ matrix: FeatureMatrix, row: Int, output: Int, features: Int
    ) -> [Double] {
        let sets = (0..<1 << features).map { expectation(tree, matrix, row, output, 0, known: $0) }
        let factorials = [1.0, 1, 2, 6, 24, 120, 720]
        return (0..<features).map { feature in
            var sum = 0.0
            for set in 0..<1 << features where set & (1 << feature) == 0 {
                let size = set.nonzeroBitCount
                let weight = factorials[size] * factorials[features - size - 1] / factorials[features]
                sum += weight * (sets[set | (1 << feature)] - sets[set])
            }
            return sum
        }
    }

    private func expectation(
        _ tree: DecisionTree, _ matrix: FeatureMatrix, _ row: Int, _ output: Int, _ index: Int32, known: Int
    ) -> Double {
        let node = tree.nodes[Int(index)]
        if node.isLeaf { return tree.answer(of: Int(index))[output] }
        func follow(_ child: Int32) -> Double { expectation(tree, matrix, row, output, child, known: known) }
        if known & (1 << Int(node.feature)) != 0 {
            return follow(tree.goesLeft(node, matrix, row: row) ? node.left : node.right)
        }
        let (left, right) = (Double(tree.nodes[Int(node.left)].cover), Double(tree.nodes[Int(node.right)].cover))
        return (left * follow(node.left) + right * follow(node.right)) / (left + right)
    }
}
