import Foundation
import Shared
import Tabular
import Testing

@testable import Learning

@Suite struct DriftTests {
    private func shifts(of table: DataTable, from trained: DataTable) throws -> [String: Double] {
        let features = trained.columns.map { RawFeature($0) }
        let reference = DriftReference(
            TrainingProfile(try PreparedTable(trained, features: features), features: features), features: features)
        var counts = reference.emptyCounts(at: Date())
        reference.count(try PreparedTable(table, features: features), answers: .numbers([]), into: &counts)
        return Dictionary(uniqueKeysWithValues: reference.shifts(counts).map { ($0.feature, $0.psi) })
    }

    @Test func theSameRowsHaveNotMovedAndOthersHave() throws {
        let table = TableMaking.customers(400)
        #expect(try shifts(of: table, from: table).values.allSatisfy { $0 < 1e-9 })
        #expect(
            try shifts(of: TableMaking.customers(400, seed: 9), from: TableMaking.customers(1000))
                .values.allSatisfy { $0 < 0.1 })
        var moved = table
        moved.columns[0] = TableMaking.decimals("x", [Double?](repeating: 99, count: 400))
        let psi = try shifts(of: moved, from: table)
        #expect((psi["x"] ?? 0) > 1)
        #expect((psi["colour"] ?? 1) < 1e-9)
    }

    @Test func aRareValueThatBecomesCommonHasMoved() throws {
        func flags(ones: Int) -> DataTable {
            DataTable(columns: [
                TableMaking.integers("flag", (0..<1000).map { $0 < ones ? 1 : 0 }),
                // Above nine of ten values are equal, the others all differ.
                TableMaking.decimals("amount", (0..<1000).map { $0 < ones ? Double($0 + 1) : 0 }),
                TableMaking.texts("word", (0..<1000).map { $0 < ones ? "rare" : "common" }),
            ])
        }
        let psi = try shifts(of: flags(ones: 500), from: flags(ones: 50))
        #expect(psi.count == 3 && psi.values.allSatisfy { $0 > 0.5 }, "\(psi)")
    }

    @Test func labelsAndMissingValuesThatAreNewHaveMoved() throws {
        let trained = DataTable(columns: [
            TableMaking.texts("town", (0..<300).map { $0 % 2 == 0 ? "Bern" : "Chur" }),
            TableMaking.dates("day", (0..<300).map { 19_000 + Int64($0) }),
            TableMaking.texts("empty", [String?](repeating: nil, count: 300)),
        ])
        let found = DataTable(columns: [
            TableMaking.texts("town", (0..<300).map { $0 % 2 == 0 ? "Bern" : "Genf" }),
            TableMaking.dates("day", (0..<300).map { $0 % 2 == 0 ? nil : 19_000 + Int64($0) }),
            TableMaking.texts("empty", [String?](repeating: "now", count: 300)),
        ])
        let psi = try shifts(of: found, from: trained)
        #expect(psi.count == 3 && psi.values.allSatisfy { $0 > 0.5 }, "\(psi)")
    }

    /// With ten bins of 15 rows each, chance alone would give an index above 0.2 now and then.
    @Test func smallTrainingTablesHaveFewBins() throws {
        for (rows, bins) in [(40, 3), (150, 6), (1000, 11)] {
            let features = [RawFeature(name: "x", type: .decimal)]
            let table = DataTable(columns: [TableMaking.decimals("x", (0..<rows).map { Double($0) })])
            let reference = DriftReference(
                TrainingProfile(try PreparedTable(table, features: features), features: features), features: features)
            var counts = reference.emptyCounts(at: Date())
            reference.count(try PreparedTable(table, features: features), answers: .numbers([]), into: &counts)
            let shift = try #require(reference.shifts(counts).first)
            #expect(shift.labels.count <= bins && shift.labels.count >= 3, "\(rows) rows: \(shift.labels)")
            #expect(abs(shift.expected.reduce(0, +) - 1) < 1e-9)
            #expect(shift.labels.last == "null")
        }
    }

    @Test func rowsAndTheirAnswersAreCountedWhereverTheyArePredicted() throws {
        for target in ["kind", "price"] {
            let predictor = Predictor(try TableMaking.trained(target: target))
            let counts = Locked(predictor.drift.emptyCounts(at: Date()))
            let fresh = TableMaking.customers(1000, seed: 5)
            _ = try predictor.predict(fresh, counting: counts)
            let answers = try #require(predictor.drift.answerShift(counts.current))
            #expect(answers.feature == "(prediction)" && answers.psi < 0.1, "\(target): \(answers)")
            #expect(predictor.drift.shifts(counts.current).allSatisfy { $0.psi < 0.1 })
            let row: [String: JSONValue] = ["x": .number(4), "colour": .string("red"), "joined": .null]
            for _ in 0..<500 { _ = try predictor.predict(rows: [row], counting: counts) }
            #expect(counts.current.rows == 1500)
            #expect(try #require(predictor.drift.answerShift(counts.current)).psi > 0.2)
        }
    }

    @Test func askingAModelAboutItsOwnTrainingRowsIsNoDrift() throws {
        let table = TableMaking.customers(600)
        var options = TrainingOptions(target: "kind")
        options.exclude = ["price"]
        options.maxTrials = 2
        options.budgetSeconds = 30
        // Far surer of the rows that it has seen than of others.
        options.algorithms = ["decision_tree"]
        let artifact = try AutoMLSearch(plan: try TrainingPlan(table: table, options: options), table: table).run()
        let predictor = Predictor(try ModelArtifact.decode(try artifact.encode()))
        for (rows, seed) in [(600, UInt64(1)), (1500, 7)] {
            let counts = Locked(predictor.drift.emptyCounts(at: Date()))
            _ = try predictor.predict(TableMaking.customers(rows, seed: seed), counting: counts)
            let shift = try #require(predictor.drift.answerShift(counts.current))
            #expect(shift.psi < 0.1, "seed \(seed): \(shift)")
        }
    }

    @Test func aModelWithoutAProfileOfItsAnswersIsWatchedByItsFeatures() throws {
        var artifact = try TableMaking.trained()
        artifact.profile.answers = nil
        let bytes = try artifact.encode()
        #expect(!String(decoding: bytes, as: UTF8.self).contains("\"answers\""))
        let predictor = Predictor(try ModelArtifact.decode(bytes))
        let counts = Locked(predictor.drift.emptyCounts(at: Date()))
        _ = try predictor.predict(TableMaking.customers(300), counting: counts)
        #expect(predictor.drift.answerShift(counts.current) == nil)
        #expect(predictor.drift.shifts(counts.current).count == 3)
    }

    @Test func olderRowsLoseWeightByNumberAndByTime() throws {
        let features = [RawFeature(name: "x", type: .decimal)]
        let table = DataTable(columns: [TableMaking.decimals("x", (0..<4000).map { Double($0) })])
        let prepared = try PreparedTable(table, features: features)
        let reference = DriftReference(TrainingProfile(prepared, features: features), features: features)
        let start = Date(timeIntervalSince1970: 1_000_000)
        var counts = reference.emptyCounts(at: start)
        for _ in 0..<3 { reference.count(prepared, answers: .numbers([]), into: &counts) }
        #expect(counts.rows == 6000 && counts.seen == 12_000)
        #expect(try #require(reference.shifts(counts).first).psi < 1e-9)
        counts.age(to: start + 7 * 86_400)
        #expect(abs(counts.rows - 3000) < 1e-6)
        counts.age(to: start)
        #expect(abs(counts.rows - 3000) < 1e-6, "a clock that is set back")
        let kept = try WireJSON.decode(DriftCounts.self, from: try WireJSON.encode(counts))
        #expect(reference.fits(kept) && abs(kept.rows - counts.rows) < 1e-9)
        let wider = DataTable(columns: table.columns + [TableMaking.decimals("y", (0..<4000).map { Double($0) })])
        let both = wider.columns.map { RawFeature($0) }
        let other = DriftReference(
            TrainingProfile(try PreparedTable(wider, features: both), features: both), features: both)
        #expect(!other.fits(counts) && other.shifts(counts).isEmpty, "counts of another model")
    }
}
