import Foundation
import Shared
import Tabular
import Testing

@testable import Learning

@Suite struct MonotoneSearchTests {
    private static let table = TableMaking.customers(150)

    private func options(
        _ target: String, _ monotone: [String: MonotoneDirection], trials: Int = 5
    ) -> TrainingOptions {
        var options = TrainingOptions(target: target)
        options.exclude = [target == "kind" ? "price" : "kind"]
        options.monotone = monotone
        options.maxTrials = trials
        options.budgetSeconds = 3_600
        options.threads = 2
        return options
    }

    /// Rows of the table with other values of `x` in order, every value for each of some rows.
    private func grid(_ values: [Double], of rows: [Int]) throws -> DataTable {
        let customers = Self.table
        return DataTable(
            columns: customers.columns.map { column in
                let cells = rows.flatMap { row in values.map { _ in column.json(row) } }
                switch column.name {
                case "x": return TableMaking.decimals("x", rows.flatMap { _ in values })
                case "joined":
                    let days = column.numbers()
                    return TableMaking.dates("joined", rows.flatMap { row in values.map { _ in Int64(days[row]) } })
                case "price": return TableMaking.decimals("price", cells.map { _ in 0 })
                default:
                    return TableMaking.texts(
                        column.name, cells.map { if case .string(let text) = $0 { text } else { nil } })
                }
            })
    }

    private static let values = stride(from: -4.0, through: 4.0, by: 0.05).map { $0 }

    /// The largest step down along `x` of what is predicted.
    private func largestFall(_ outputs: [Double], width: Int) -> Double {
        let count = Self.values.count
        var largest = -Double.infinity
        for start in stride(from: 0, to: outputs.count / width, by: count) {
            let line = (start..<start + count).map { outputs[$0 * width + width - 1] }
            for (before, after) in zip(line, line.dropFirst()) { largest = max(largest, before - after) }
        }
        return largest
    }

    @Test(arguments: ["kind", "price"])
    func everyCandidateAndTheCalibratedModelFollowTheColumn(_ target: String) throws {
        let asked = try grid(Self.values, of: Array(stride(from: 0, to: 150, by: 12)))
        let plan = try TrainingPlan(table: Self.table, options: options(target, ["x": .increasing]))
        #expect(plan.algorithms == [.baseline, .gradientBoosting])
        var records: [TrialRecord] = []
        var artifact = try AutoMLSearch(plan: plan, table: Self.table).run(onTrial: { records.append($0) })
        #expect(records.map(\.learner) == [.baseline] + Array(repeating: .gradientBoosting, count: 4))
        #expect(artifact.summary.monotone == ["x": .increasing])

        let width = artifact.model.outputs
        // The ends: a model that says the same to everything would be no proof.
        let outputs = Predictor(artifact).outputs(asked)
        let ends = (outputs[width - 1], outputs[Self.values.count * width - 1])
        #expect(ends.1 - ends.0 > (target == "kind" ? 0.5 : 20), "\(ends)")
        let calibrations: [Calibration] =
            target == "kind"
            ? [
                artifact.calibration, .platt(slope: 0.4, intercept: 1),
                .isotonic(from: [0.1, 0.5, 0.8], to: [0.2, 0.2, 0.9]),
            ]
            : [artifact.calibration]
        for calibration in calibrations {
            artifact.calibration = calibration
            #expect(largestFall(Predictor(artifact).outputs(asked), width: width) <= 1e-12)
        }

        let prepared = try PreparedTable(Self.table, features: plan.features)
        for monotone in [plan.options.monotone, [:]] {
            let (pipeline, matrix) = FeaturePipeline(features: plan.features, monotone: monotone)
                .fitTransform(prepared, target: plan.target, rows: plan.rows, seed: 1)
            let moved = try pipeline.transform(asked)
            let models = try records.dropFirst().map { record in
                let configuration = LearnerFactory.refitting(record, rows: 150, trainRows: 120)
                return try LearnerFactory.make(configuration).fit(
                    matrix, target: plan.target, rows: plan.rows, weights: nil, context: FitContext(seed: 3))
            }
            let members = zip([0.2, 0.7, 0.1, 1.5], models).map {
                EnsembleModel.Member(weight: $0, model: $1, learner: .gradientBoosting)
            }
            let mixtures = [EnsembleModel(members: members), EnsembleModel(stacking: members, intercepts: [-0.5])]
            let falls = (models + mixtures).map { largestFall($0.predict(moved, rows: nil), width: width) }
            let isBroken = falls.contains { $0 > (target == "kind" ? 0.01 : 0.1) }
            #expect(monotone.isEmpty ? isBroken : falls.allSatisfy { $0 <= 1e-12 }, "\(falls)")
        }
    }

    @Test func aModelThatMustNotFollowTheTruthSaysSo() throws {
        let plan = try TrainingPlan(table: Self.table, options: options("price", ["x": .decreasing], trials: 3))
        let artifact = try AutoMLSearch(plan: plan, table: Self.table).run()
        let decoded = try ModelArtifact.decode(try artifact.encode())
        #expect(decoded.summary == artifact.summary)
        #expect(
            ModelReport(decoded).markdown(name: "m", version: 1)
                .contains(
                    "The predicted number goes one way with these columns.\n\n| column | direction |\n| --- | --- |\n| x | decreasing |"
                ))
        let outputs = Predictor(artifact).outputs(try grid(Self.values.reversed(), of: [0, 40, 80]))
        #expect(largestFall(outputs, width: 1) <= 1e-9)
    }

    @Test func calibrationsThatAreFittedRise() {
        var random = RandomStream(seed: 6)
        var codes: [Int32] = []
        var probabilities: [Double] = []
        for _ in 0..<5_000 {
            let share = random.unit()
            // Falls in the middle, where pools are made.
            codes.append(
                random.unit() < 0.5 + 0.45 * (share > 0.3 && share < 0.7 ? -(share - 0.5) : share - 0.5) ? 1 : 0)
            probabilities += [1 - share, share]
        }
        let shares = (0...2_000).map { Double($0) / 2_000 }
        let fitted = Calibration.fit(codes, classes: 2, probabilities: probabilities)
        #expect(fitted != .none)
        for calibration in [
            fitted, Calibration.fit(Array(codes[..<2_000]), classes: 2, probabilities: Array(probabilities[..<4_000])),
        ] {
            let answers = calibration.apply(shares.flatMap { [1 - $0, $0] }, classes: 2)
            let line = shares.indices.map { answers[2 * $0 + 1] }
            #expect(zip(line, line.dropFirst()).allSatisfy { $0 <= $1 + 1e-15 }, "\(calibration.description)")
        }
    }

    @Test func aStoredRequestKeepsItsConstraints() throws {
        var request = TrainRequest(dataset: "d", target: "t")
        request.monotone = ["unitPrice": .decreasing, "unit_price": .increasing, "Größe in m²": .increasing]
        let stored = try WireJSON.encode(request)
        #expect(
            String(decoding: stored, as: UTF8.self)
                == #"{"dataset":"d","monotone":{"Größe in m²":"increasing","unitPrice":"decreasing","unit_price":"increasing"},"target":"t"}"#
        )
        let read = try WireJSON.decode(TrainRequest.self, from: stored)
        #expect(TrainingOptions(read).monotone == request.monotone)
        #expect(throws: DecodingError.self) {
            try WireJSON.decode(
                TrainRequest.self, from: Data(#"{"dataset":"d","target":"t","monotone":{"a":"up"}}"#.utf8))
        }
    }
}
