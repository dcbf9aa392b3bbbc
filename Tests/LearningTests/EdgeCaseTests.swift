import Foundation
import Shared
import Tabular
import Testing

@testable import Learning

/// Tables at the edges of what can be trained on: every learner answers anything with numbers, and a search gives a model.
@Suite("Edge cases") struct EdgeCaseTests {
    private static let rows = 120
    private static let x: [Double] = {
        var random = RandomStream(seed: 3)
        return (0..<rows).map { _ in random.normal() }
    }()
    private static let isHigh = x.map { $0 > 0.1 }

    /// A table whose target is `t`.
    struct Edge: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let table: DataTable
        var task: TaskKind?
        var features: [String]?
        var classes: [String]?
        var budgetSeconds = 5.0

        init(
            _ name: String, _ columns: [TableColumn], task: TaskKind? = nil, features: [String]? = nil,
            classes: [String]? = nil, budgetSeconds: Double = 5
        ) {
            testDescription = name
            table = DataTable(columns: columns)
            self.task = task
            self.features = features
            self.classes = classes
            self.budgetSeconds = budgetSeconds
        }
    }

    private static let number = TableMaking.decimals("x", x)
    /// Beside `number`, which is left out where it gives the target away.
    private static let step = TableMaking.integers("s", x.map { Int64($0 * 4) })
    private static let flag = TableMaking.integers("t", isHigh.map { $0 ? 1 : 0 })
    private static let limits: [Double] = [.infinity, -.infinity, .nan, 1e308, -1e308, .leastNonzeroMagnitude, 0]

    static let edges: [Edge] = targets + features + sizes

    private static func texts(_ name: String, _ rows: Int, _ text: (Int) -> String?) -> TableColumn {
        TableMaking.texts(name, (0..<rows).map(text))
    }

    private static func decimals(_ name: String, _ rows: Int, _ number: (Int) -> Double?) -> TableColumn {
        TableMaking.decimals(name, (0..<rows).map(number))
    }

    private static let targets: [Edge] = [
        Edge(
            "class names that need care", [number, texts("t", rows) { isHigh[$0] ? "a,\"b\"\n|é\u{0}" : " " }],
            classes: [" ", "a,\"b\"\n|é\u{0}"]),
        Edge("0 and 1", [number, flag], classes: ["0", "1"]),
        Edge("0 and 1 as numbers", [number, flag], task: .regression, classes: []),
        Edge(
            "two decimals", [number, decimals("t", rows) { isHigh[$0] ? 1.5 : 0.5 }], classes: ["0.5", "1.5"]),
        Edge(
            "dates as classes", [number, TableMaking.dates("t", isHigh.map { $0 ? 19_000 : 19_001 })],
            classes: ["2022-01-08", "2022-01-09"]),
        Edge(
            "infinities in the target", [number, step, decimals("t", rows) { $0 % 3 == 0 ? limits[$0 % 2] : x[$0] }],
            classes: []),
        Edge("large numbers in the target", [number, step, decimals("t", rows) { x[$0] * 1e17 }], classes: []),
        Edge("one row of a class", [number, texts("t", rows) { $0 == 7 ? "rare" : "usual" }]),
    ]

    private static let features: [Edge] = [
        Edge("dates at the ends of the calendar", [TableMaking.dates("d", (0..<rows).map(extremeDay)), number, flag]),
        Edge(
            "nothing but missing values",
            [
                decimals("x", rows) { _ in nil }, texts("w", rows) { _ in nil },
                TableMaking.dates("d", [Int64?](repeating: nil, count: rows)), flag,
            ], features: ["x", "w", "d"]),
        Edge(
            "infinities, NaN and the ends of the range",
            [decimals("y", rows) { limits[$0 % limits.count] }, number, flag]),
    ]

    private static let sizes: [Edge] = [
        Edge("ten rows", [decimals("x", 10) { Double($0) }, texts("t", 10) { $0 < 5 ? "a" : "b" }]),
        Edge(
            "a thousand classes",
            [decimals("x", 2000) { Double($0 % 777) }, texts("t", 2000) { "class \($0 % 1000)" }], budgetSeconds: 1),
        Edge(
            "two thousand columns", (0..<2000).map(wideColumn) + [decimals("t", 60) { Double($0 * 7 % 5 % 2) }],
            budgetSeconds: 1),
    ]

    private static func extremeDay(_ row: Int) -> Int64? { row % 3 == 0 ? -719_162 : 2_932_896 - Int64(row) }

    private static func wideColumn(_ place: Int) -> TableColumn {
        place % 2 == 0
            ? decimals("f\(place)", 60) { Double(($0 * (place + 7)) % 31) }
            : texts("f\(place)", 60) { "w\(($0 * 7 + place) % 5)" }
    }

    /// Few trees: enough to meet every branch of the learner.
    private static let configurations: [TrialConfiguration] = LearnerName.choosable.map {
        TrialConfiguration($0, ["trees": .integer(3), "iterations": .integer(5), "minimum_rows": .integer(2)])
    }

    private func options(_ edge: Edge) -> TrainingOptions {
        var options = TrainingOptions(target: "t")
        options.task = edge.task
        options.features = edge.features
        options.algorithms = ["linear"]
        options.maxTrials = 2
        options.budgetSeconds = edge.budgetSeconds
        options.threads = 2
        return options
    }

    @Test(arguments: edges) func everyLearnerAnswersWithNumbers(_ edge: Edge) throws {
        let plan = try TrainingPlan(table: edge.table, options: options(edge))
        let table = try PreparedTable(edge.table, features: plan.features)
        let (pipeline, matrix) = FeaturePipeline(features: plan.features)
            .fitTransform(table, target: plan.target, rows: plan.rows, seed: 1)
        // Rows of the training, and one of missing values only.
        let asked = pipeline.transform(try PreparedTable(Self.missing(edge.table), features: plan.features))
        for configuration in Self.configurations {
            let context = FitContext(seed: 1, threads: 2, deadline: .now + .seconds(edge.budgetSeconds))
            let fitted = Result { () throws(LearningError) in
                try LearnerFactory.make(configuration).fit(
                    matrix, target: plan.target, rows: plan.rows, weights: nil, context: context)
            }
            // It met its deadline, as it may where it cannot stop early.
            if case .failure(.cancelled) = fitted { continue }
            let model = try fitted.get()
            let outputs = model.predict(matrix, rows: nil) + model.predict(asked, rows: nil)
            let width = max(1, plan.classes.count)
            #expect(outputs.count == (table.rows + 1) * width && outputs.allSatisfy(\.isFinite))
            guard plan.task != .regression else { continue }
            let sums = stride(from: 0, to: outputs.count, by: width).map { outputs[$0..<$0 + width].reduce(0, +) }
            #expect(sums.allSatisfy { abs($0 - 1) < 1e-6 }, "\(configuration.learner)")
        }
    }

    private static func missing(_ table: DataTable) -> DataTable {
        DataTable(
            columns: table.columns.map { column in
                switch column.type {
                case .text: texts(column.name, 1) { _ in nil }
                case .date: TableMaking.dates(column.name, [nil])
                default: decimals(column.name, 1) { _ in nil }
                }
            })
    }

    @Test(arguments: edges) func aSearchGivesAModel(_ edge: Edge) throws {
        let plan = try TrainingPlan(table: edge.table, options: options(edge))
        let start = ContinuousClock.now
        let trained = try AutoMLSearch(plan: plan, table: edge.table).run()
        // Far more than the budget: other tests and unoptimised code take their time, but nothing hangs.
        #expect((ContinuousClock.now - start).seconds < edge.budgetSeconds + 10)
        if let classes = edge.classes { #expect(trained.summary.classes == classes) }
        let artifact = try ModelArtifact.decode(try trained.encode())
        try artifact.verify()
        #expect(artifact.evaluation.metrics.values.allSatisfy(\.isFinite) && artifact.summary.score?.isFinite != false)

        var strange: [String: JSONValue] = [:]
        for feature in plan.features {
            strange[feature.name] =
                switch feature.type {
                case .text: .string("never seen")
                case .date, .timestamp: .string("9999-12-31")
                default: .number(-1e300)
                }
        }
        let empty = strange.mapValues { _ in JSONValue.null }
        for prediction in try Predictor(artifact).predict(rows: [empty, strange], explain: true) {
            guard plan.task == .regression else {
                #expect(try #require(prediction.probabilities).count == plan.classes.count)
                continue
            }
            guard case .number(let value) = prediction.prediction else {
                Issue.record("no number: \(prediction)")
                continue
            }
            #expect(value.isFinite && prediction.interval?.allSatisfy(\.isFinite) ?? true)
        }
    }

    private func refusal(_ columns: [TableColumn], task: TaskKind? = nil) -> LearningError? {
        var options = TrainingOptions(target: "t")
        options.task = task
        do {
            _ = try TrainingPlan(table: DataTable(columns: columns), options: options)
            return nil
        } catch { return error }
    }

    @Test func tooFewRowsAreRefused() {
        for rows in [0, 2, 5] {
            let x = TableMaking.decimals("x", (0..<rows).map(Double.init))
            let t = TableMaking.texts("t", (0..<rows).map { $0 % 2 == 0 ? "a" : "b" })
            #expect(refusal([x, t]) == .tooFewRows(found: rows, needed: 10))
        }
        let nothing = TableMaking.decimals("t", (0..<Self.rows).map { $0 % 2 == 0 ? .nan : .infinity })
        #expect(refusal([Self.number, nothing]) == .tooFewRows(found: 0, needed: 10))
    }

    @Test func targetsOfOneValueAreRefused() {
        for task in [nil, TaskKind.regression] {
            let same = TableMaking.decimals("t", (0..<Self.rows).map { $0 % 2 == 0 ? 1 : .infinity })
            #expect(refusal([Self.number, same], task: task) == .constantTarget(label: "1"))
        }
        // Different as whole numbers, but not as the doubles that are learnt from.
        let long = TableMaking.integers("t", (0..<Self.rows).map { 900_000_000_000_000_000 + Int64($0 % 30) })
        #expect(refusal([Self.number, long], task: .regression) == .constantTarget(label: "900000000000000000"))
    }

    @Test func targetsThatCannotBeLearntAreRefusedWithTheReason() {
        let names = TableMaking.texts("t", (0..<Self.rows).map { "name \($0)" })
        #expect(
            refusal([Self.number, names])?.problem.detail
                == "The task multiclass does not suit the target \"t\": every row has a value of its own, so no class occurs twice."
        )
        let huge = TableMaking.decimals("t", (0..<Self.rows).map { $0 == 3 ? 1e300 : Double($0) })
        #expect(
            refusal([Self.number, huge])?.problem.detail
                == "Regression takes numbers up to 1e18, but row 4 of the target \"t\" is 1e+300.")
        #expect(
            refusal([TableMaking.decimals("x", [Double?](repeating: nil, count: Self.rows)), Self.flag]) == .noFeatures)
    }
}
