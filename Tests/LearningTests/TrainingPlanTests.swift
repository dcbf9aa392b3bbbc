import Shared
import Tabular
import Testing

@testable import Learning

@Suite struct TrainingPlanTests {
    private let table = TableMaking.customers(100)

    private func plan(
        _ target: String, table: DataTable? = nil, change: (inout TrainingOptions) -> Void = { _ in }
    ) throws(LearningError) -> TrainingPlan {
        var options = TrainingOptions(target: target)
        change(&options)
        return try TrainingPlan(table: table ?? self.table, options: options)
    }

    private func table(_ target: TableColumn, rows: Int) -> DataTable {
        DataTable(columns: [TableMaking.decimals("a", (0..<rows).map { Double($0 % 7) }), target])
    }

    @Test func zeroAndOneAreClasses() throws {
        let plan = try plan("t", table: table(TableMaking.integers("t", (0..<40).map { Int64($0 % 2) }), rows: 40))
        #expect(plan.task == .binary)
        #expect(plan.classes == ["0", "1"])
        #expect(plan.metric == .rocAUC)
    }

    @Test func fewIntegersAreClassesInTheOrderOfNumbers() throws {
        let values = (0..<200).map { Int64([10, 9, 2][$0 % 3]) }
        let plan = try plan("t", table: table(TableMaking.integers("t", values), rows: 200))
        #expect(plan.task == .multiclass)
        #expect(plan.classes == ["2", "9", "10"])
    }

    @Test func manyIntegersAreNumbers() throws {
        let plan = try plan("t", table: table(TableMaking.integers("t", (0..<60).map { Int64($0) }), rows: 60))
        #expect(plan.task == .regression)
        #expect(plan.metric == .rmse)
    }

    @Test func textIsAClass() throws {
        let plan = try plan("kind")
        #expect(plan.task == .binary)
        #expect(plan.classes == ["no", "yes"])
    }

    @Test func rowsWithoutTargetAreCountedAndLeftOut() throws {
        let values = (0..<30).map { $0 < 5 ? nil : Int64($0 % 2) }
        let plan = try plan("t", table: table(TableMaking.integers("t", values), rows: 30))
        #expect(plan.droppedRows == 5)
        #expect(plan.rows.count == 25)
    }

    @Test func unknownTargetNamesTheNearest() {
        #expect(throws: LearningError.targetNotFound(name: "kinds", nearest: "kind")) { try plan("kinds") }
    }

    @Test func targetAmongFeaturesIsRefused() {
        #expect(throws: LearningError.targetInFeatures(name: "kind")) {
            try plan("kind") { $0.features = ["x", "kind"] }
        }
    }

    @Test func unknownFeatureIsRefused() {
        #expect(throws: LearningError.featureNotFound(name: "colur", nearest: "colour")) {
            try plan("kind") { $0.exclude = ["colur"] }
        }
    }

    @Test func textTargetForRegressionNamesTheRow() {
        #expect(throws: LearningError.nonNumericTarget(name: "kind", row: 1, value: "no")) {
            try plan(
                "kind",
                table: table(TableMaking.texts("kind", (0..<20).map { $0 % 2 == 0 ? "no" : "yes" }), rows: 20)
            ) { $0.task = .regression }
        }
    }

    @Test func unknownAlgorithmAndMetricAreRefused() {
        #expect(throws: LearningError.unknownAlgorithm(name: "magic", known: LearnerName.choosable.map(\.rawValue))) {
            try plan("kind") { $0.algorithms = ["magic"] }
        }
        #expect(throws: LearningError.unknownMetric(name: "rmse", known: Metric.known(for: .binary).map(\.rawValue))) {
            try plan("kind") { $0.metric = "rmse" }
        }
    }

    @Test func fewRowsAndConstantTargetsAreRefused() {
        #expect(throws: LearningError.tooFewRows(found: 5, needed: 10)) {
            try plan("t", table: table(TableMaking.integers("t", [0, 1, 0, 1, 0]), rows: 5))
        }
        #expect(throws: LearningError.constantTarget(label: "7")) {
            try plan("t", table: table(TableMaking.integers("t", [Int64](repeating: 7, count: 20)), rows: 20))
        }
    }

    @Test func identifiersConstantsAndLeaksAreLeftOutUnlessAskedFor() throws {
        let rows = 100
        let target = (0..<rows).map { $0 * 7 % 3 == 0 ? "yes" : "no" }
        let table = DataTable(columns: [
            TableMaking.integers("id", (0..<rows).map { Int64($0) }),
            TableMaking.texts("code", (0..<rows).map { "c\($0)" }),
            TableMaking.integers("same", [Int64](repeating: 1, count: rows)),
            TableMaking.texts("copy", target.map { $0 == "yes" ? "Y" : "N" }),
            TableMaking.decimals("x", (0..<rows).map { Double($0 % 10) }), TableMaking.texts("t", target),
        ])
        let plan = try plan("t", table: table)
        #expect(plan.features.map(\.name) == ["x"])
        #expect(plan.leftOut.map(\.name) == ["id", "code", "same", "copy"])
        #expect(plan.leftOut.map(\.reason) == [.identifier, .identifier, .constant, .leak])
        let asked = try self.plan("t", table: table) { $0.features = ["id", "copy"] }
        #expect(asked.features.map(\.name) == ["id", "copy"])
    }

    @Test func problemsNameValueAndRemedy() {
        let problem = LearningError.nonNumericTarget(name: "a|b", row: 3, value: "x\u{7}y").problem
        #expect(problem.code == "training.non_numeric_target")
        #expect(problem.detail == "Regression needs numbers, but row 3 of the target \"a|b\" is \"x\\u{7}y\".")
        #expect(
            LearningError.targetNotFound(name: "kinds", nearest: "kind").problem.detail
                == "There is no column \"kinds\". Did you mean \"kind\"?")
        #expect(
            LearningError.badValue(row: 0, feature: "age", value: "old", expected: "a number").problem.detail
                == "Row 0 has \"old\" for \"age\", which is not a number.")
    }

    @Test func booleanClassesAreCalledAsInTheTable() throws {
        func target(_ style: TextStyle) throws -> TargetReading {
            let flags = (0..<40).map { UInt8($0 % 3 == 0 ? 1 : 0) }
            let alone = ColumnChunk(type: .boolean, values: .booleans([0, 0]), style: style)
            let both = ColumnChunk(type: .boolean, values: .booleans(flags), style: style)
            return try TargetReading(TableColumn(name: "churn", type: .boolean, chunks: [alone, both]), task: nil)
        }
        let words = try target(.words(false: "nein", true: "ja"))
        #expect(words.classes == ["nein", "ja"])
        guard case .classes(let codes, 2) = words.target else { throw LearningError.noRows }
        #expect(codes.prefix(4) == [0, 0, 1, 0])
        #expect(try target(.plain).classes == ["false", "true"])
    }
}
