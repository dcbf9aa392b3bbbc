import Shared
import Tabular
import Testing

@testable import Learning

@Suite struct MonotonePlanTests {
    private static let rows = 0..<90
    private static let residues = rows.map { Double($0 * 7 % 31) }
    private static let flags = rows.map { UInt8($0 % 2) }
    private static let kinds = rows.map { row in row * row % 3 == 0 ? "a" : row % 2 == 0 ? "b" : "c" }

    private static let table = DataTable(columns: [
        TableMaking.integers("id", rows.map(Int64.init)),
        TableMaking.integers("same", rows.map { _ in Int64(1) }),
        TableMaking.decimals("copy", residues.map { 2 * $0 }),
        TableMaking.decimals("x", rows.map { Double($0 * 11 % 23) }),
        TableMaking.column("flag", .boolean, .booleans(flags), nulls: rows.map { _ in false }),
        TableMaking.texts("colour", rows.map { $0 % 2 == 0 ? "red" : "blue" }),
        TableMaking.dates("day", rows.map { 19_000 + Int64($0 % 40) }),
        TableMaking.texts("kind", kinds),
        TableMaking.decimals("t", residues),
    ])

    private func plan(
        _ monotone: [String: MonotoneDirection], target: String = "t",
        change: (inout TrainingOptions) -> Void = { _ in }
    ) throws(LearningError) -> TrainingPlan {
        var options = TrainingOptions(target: target)
        options.monotone = monotone
        change(&options)
        return try TrainingPlan(table: Self.table, options: options)
    }

    private func fault(
        _ name: String, change: (inout TrainingOptions) -> Void = { _ in }
    ) -> MonotoneFault? {
        do {
            _ = try plan([name: .increasing], change: change)
            return nil
        } catch .monotoneColumn(name, let fault) {
            return fault
        } catch {
            Issue.record("\(error)")
            return nil
        }
    }

    @Test func numbersAndBooleansCanBeFollowed() throws {
        let plan = try plan(["x": .increasing, "flag": .decreasing])
        #expect(plan.algorithms == [.baseline, .gradientBoosting])
        #expect(try self.plan(["x": .increasing]) { $0.time = "x" }.options.monotone == ["x": .increasing])
        #expect(try self.plan([:]).algorithms == LearnerName.choosable)
        // What is left out by itself can be asked for.
        #expect(fault("id") { $0.features = ["id"] } == nil)
    }

    @Test func otherColumnsAreRefusedWithTheReason() {
        #expect(fault("colour") == .type(.text))
        #expect(fault("day") == .type(.date))
        #expect(fault("t") == .target)
        #expect(fault("x") { $0.group = "x" } == .group)
        #expect(fault("x") { $0.exclude = ["x"] } == .excluded)
        #expect(fault("x") { $0.features = ["flag"] } == .notAmongFeatures)
        #expect(fault("id") == .leftOut(.identifier))
        #expect(fault("same") == .leftOut(.constant))
        #expect(fault("copy") == .leftOut(.leak))
        #expect(throws: LearningError.featureNotFound(name: "xx", nearest: "x")) {
            try plan(["xx": .increasing])
        }
    }

    @Test func moreThanTwoClassesAreRefused() {
        #expect(throws: LearningError.monotoneClasses(target: "kind", count: 3)) {
            try plan(["x": .increasing], target: "kind")
        }
        #expect(throws: Never.self) { try plan(["x": .increasing], target: "colour") }
    }

    @Test func algorithmsThatCannotKeepAnOrderAreLeftOut() throws {
        #expect(
            try plan(["x": .increasing]) { $0.algorithms = ["linear", "gradient_boosting"] }.algorithms
                == [.baseline, .gradientBoosting])
        #expect(try plan(["x": .increasing]) { $0.algorithms = ["baseline"] }.algorithms == [.baseline])
        #expect(
            throws: LearningError.monotoneAlgorithms(
                names: ["linear", "random_forest"], able: ["gradient_boosting"])
        ) {
            try plan(["x": .increasing]) { $0.algorithms = ["linear", "random_forest"] }
        }
        #expect(throws: LearningError.unknownAlgorithm(name: "magic", known: LearnerName.choosable.map(\.rawValue))) {
            try plan(["x": .increasing]) { $0.algorithms = ["magic"] }
        }
    }

    @Test(arguments: [
        (
            LearningError.monotoneColumn(name: "co\u{7}lour", fault: .type(.text)),
            #"What monotone asks of "co\u{7}lour" cannot be kept, because it is text, which has no order."#,
            "Convert the column to numbers, or take it out of monotone."
        ),
        (
            .monotoneColumn(name: "day", fault: .type(.timestamp)),
            #"What monotone asks of "day" cannot be kept, because it is a date, which is learnt from as year, month, day and more."#,
            "Convert the column to numbers, or take it out of monotone."
        ),
        (
            .monotoneColumn(name: "id", fault: .leftOut(.identifier)),
            #"What monotone asks of "id" cannot be kept, because it is left out: it identifies rows."#,
            "Name it in features to learn from it all the same, or take it out of monotone."
        ),
        (
            .monotoneColumn(name: "x", fault: .excluded),
            #"What monotone asks of "x" cannot be kept, because it is excluded."#,
            "Take it out of exclude, or out of monotone."
        ),
        (
            .monotoneClasses(target: "kind", count: 3),
            "What monotone asks cannot be kept, because the target \"kind\" has 3 classes: only a number, or the probability of the "
                + "second of two classes, can rise or fall.",
            "Leave out monotone, or choose a target of numbers or of two classes."
        ),
        (
            .monotoneAlgorithms(names: ["linear", "extra_trees"], able: ["gradient_boosting"]),
            "What monotone asks cannot be kept by linear, extra_trees.",
            "Add one of gradient_boosting to algorithms, or leave out monotone."
        ),
    ])
    func problemsSayWhyAndWhatToDo(_ error: LearningError, _ detail: String, _ remedy: String) {
        let problem = error.problem
        #expect(problem.code == "training.bad_constraint" && problem.status == 422)
        #expect(problem.detail == detail)
        #expect(problem.remedy == remedy)
    }
}
