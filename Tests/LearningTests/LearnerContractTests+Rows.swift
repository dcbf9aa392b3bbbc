import Testing

@testable import Learning

extension LearnerContractTests {
    @Test("Predictions follow their rows into any order, one by one too", arguments: LearnerSubject.all)
    func equivariance(_ subject: LearnerSubject) throws {
        for task in LearnerTask.allCases {
            let problem = LearnerProblem(task, rows: 200)
            let model = try subject.learner.fit(
                problem.matrix, target: problem.target, rows: problem.rows, weights: nil,
                context: FitContext(seed: 1))
            let outputs = model.outputs
            let all = model.predict(problem.matrix, rows: nil)
            let order = (0..<200).map { Int32($0 * 77 % 200) }
            let expected = order.flatMap { all[Int($0) * outputs..<(Int($0) + 1) * outputs] }
            #expect(model.predict(problem.matrix, rows: order).map(\.bitPattern) == expected.map(\.bitPattern))
            let alone = order.prefix(40).flatMap { model.predict(problem.matrix, rows: [$0]) }
            #expect(alone.map(\.bitPattern) == expected.prefix(40 * outputs).map(\.bitPattern))
        }
    }

    @Test("The order of the rows does not matter to a fit that draws none", arguments: LearnerSubject.all)
    func orderOfFit(_ subject: LearnerSubject) throws {
        for task in LearnerTask.allCases {
            let problem = LearnerProblem(task, rows: 300)
            let turned = problem.selecting((0..<300).map { Int32($0 * 77 % 300) })
            let moved = try Self.difference(subject, problem, turned, asked: problem)
            // Boosting rounds its gradients by chance, row by row.
            #expect(moved < (subject.drawsRows ? 0.2 : 0.02))
        }
    }

    @Test("A row of weight 3 counts as three rows", arguments: LearnerSubject.all)
    func weightsAreRepetitions(_ subject: LearnerSubject) throws {
        for task in LearnerTask.allCases {
            let problem = LearnerProblem(task, rows: 300)
            let weights = problem.rows.map { Float($0 % 3 + 1) }
            let copied = problem.selecting(problem.rows.flatMap { [Int32](repeating: $0, count: Int($0 % 3 + 1)) })
            let difference = try Self.difference(subject, problem, weights: weights, copied, asked: problem)
            let unweighted = try Self.difference(subject, problem, copied, asked: problem)
            // The least rows of a leaf count rows, not weights, and what is drawn differs.
            #expect(difference < (subject.drawsRows ? 0.25 : max(0.02, unweighted)))
        }
    }

    /// Mean absolute difference of what two fits predict, in units of the first one's own spread.
    private static func difference(
        _ subject: LearnerSubject, _ one: LearnerProblem, weights: [Float]? = nil, _ other: LearnerProblem,
        asked: LearnerProblem
    ) throws -> Double {
        let found = try [(one, weights), (other, nil)].map { problem, weights in
            try subject.learner.fit(
                problem.matrix, target: problem.target, rows: problem.rows, weights: weights,
                context: FitContext(seed: 1)
            ).predict(asked.matrix, rows: nil)
        }
        let mean = found[0].reduce(0, +) / Double(found[0].count)
        let spread = found[0].reduce(0) { $0 + abs($1 - mean) }
        return zip(found[0], found[1]).reduce(0) { $0 + abs($1.0 - $1.1) } / max(spread, 1e-3 * abs(mean))
    }
}
