import Foundation
import Learning
import Shared
import Tabular

/// Small models of each learner and task, with every kind of feature and calibration: the corpus to begin with.
enum ArtifactSeeds {
    private static let rowCount = 60
    private static let targets = ["kind", "price", "group"]

    static func write(to folder: String) throws {
        for target in targets {
            var options = TrainingOptions(target: target)
            options.exclude = targets.filter { $0 != target }
            try write(target, of: table(), options, learners: learners(), to: folder)
        }
        // The models that look at few columns are the smallest.
        let small = learners().filter { $0.0 == .linear || $0.0 == .decisionTree }
        try write("text", of: notes(), TrainingOptions(target: "kind"), learners: small, to: folder)
    }

    private static func write(
        _ name: String, of table: DataTable, _ options: TrainingOptions, learners: [(LearnerName, any Learner)],
        to folder: String
    ) throws {
        var options = options
        options.maxTrials = 1
        options.budgetSeconds = 20
        options.algorithms = ["linear"]
        let plan = try TrainingPlan(table: table, options: options)
        var artifact = try AutoMLSearch(plan: plan, table: table).run()
        artifact.testVectors.rows = Array(artifact.testVectors.rows.prefix(3))
        let prepared = try PreparedTable(table, features: plan.features)
        let (pipeline, matrix) = FeaturePipeline(features: plan.features)
            .fitTransform(prepared, target: plan.target, rows: plan.rows, seed: 1)
        artifact.pipeline = pipeline
        let models = try learners.map { name, learner in
            let model = try learner.fit(
                matrix, target: plan.target, rows: plan.rows, weights: nil, context: FitContext(seed: 1))
            return EnsembleModel.Member(weight: 1, model: model, learner: name)
        }
        let ensemble = EnsembleModel.Member(weight: 1, model: EnsembleModel(members: models), learner: .ensemble)
        let intercepts = plan.task == .multiclass ? plan.classes.indices.map { 0.1 * Double($0) } : [0.2]
        let stack = EnsembleModel.Member(
            weight: 1, model: EnsembleModel(stacking: models, intercepts: intercepts), learner: .stack)
        for (index, member) in (models + [ensemble, stack]).enumerated() {
            artifact.model = member.model
            artifact.calibration = calibration(plan.task, index)
            let predictor = Predictor(artifact)
            artifact.testVectors.outputs = predictor.outputs(try predictor.table(from: artifact.testVectors.rows))
            let file = URL(filePath: folder).appending(path: "\(name)-\(member.learner.rawValue)")
            try Data(try artifact.encode()).write(to: file)
        }
    }

    private static func learners() -> [(LearnerName, any Learner)] {
        var boosting = BoostingSettings()
        (boosting.iterations, boosting.leaves, boosting.minimumRows) = (3, 4, 5)
        var forest = ForestSettings()
        (forest.trees, forest.maximumDepth) = (2, 3)
        return [
            (.baseline, BaselineLearner()), (.linear, LinearLearner()),
            (.decisionTree, DecisionTreeLearner(maximumDepth: 4, minimumRows: 5)),
            (.randomForest, RandomForestLearner(forest)), (.gradientBoosting, BoostingLearner(boosting)),
            (.nearestNeighbours, NeighboursLearner(neighbours: 3)),
        ]
    }

    private static func calibration(_ task: TaskKind, _ index: Int) -> Calibration {
        switch task {
        case .regression: .none
        case .multiclass: index % 2 == 0 ? .temperature(1.5) : .none
        case .binary:
            [.none, .platt(slope: 1.2, intercept: 0.1), .isotonic(from: [0.2, 0.5, 0.9], to: [0.1, 0.5, 0.8])][
                index % 3]
        }
    }

    private static func table() -> DataTable {
        let rows = 0..<rowCount
        let x = rows.map { $0 * 37 % 50 }
        var nulls = NullBitmap(rows: rowCount)
        for row in rows where row % 9 == 4 { nulls.setNull(row) }
        return DataTable(columns: [
            column("x", .decimal, .doubles(x.map(Double.init)), nulls),
            column("count", .integer, .integers(rows.map { Int64($0 * 13 % 29) })),
            texts("colour", rows.map { ["red", "green", "blue"][$0 * 7 % 3] }),
            texts("town", rows.map { "town \($0 * 11 % 34)" }),
            column("day", .date, .integers(rows.map { 19_000 + Int64($0 % 18) })),
            texts("kind", x.map { $0 > 25 ? "yes" : "no" }),
            column("price", .decimal, .doubles(x.map { Double($0) + 0.5 })),
            texts("group", x.map { ["a", "b", "c"][$0 / 17] }),
        ])
    }

    /// Free text, of which there are 128 different at least, in few words, so that the topics are few bytes.
    private static func notes() -> DataTable {
        let rows = 0..<140
        let words = ["late", "lost", "fine", "good"]
        return DataTable(columns: [
            texts("note", rows.map { "\(words[$0 % 4]) \(words[$0 / 2 % 3]) \(1000 + $0)" }),
            texts("kind", rows.map { $0 % 4 < 2 ? "yes" : "no" }),
        ])
    }

    private static func texts(_ name: String, _ values: [String]) -> TableColumn {
        column(name, .text, .texts(TextArray(values)))
    }

    private static func column(
        _ name: String, _ type: ColumnType, _ values: ChunkValues, _ nulls: NullBitmap? = nil
    ) -> TableColumn {
        TableColumn(name: name, type: type, chunks: [ColumnChunk(type: type, values: values, nulls: nulls)])
    }
}
