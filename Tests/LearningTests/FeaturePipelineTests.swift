import Shared
import Tabular
import Testing

@testable import Learning

@Suite struct FeaturePipelineTests {
    private func fit(_ table: DataTable, target: Target, rows: [Int32]) throws -> FittedPipeline {
        let features = table.columns.map { RawFeature($0) }
        return FeaturePipeline(features: features)
            .fit(try PreparedTable(table, features: features), target: target, rows: rows)
    }

    @Test func unseenCategoriesAreMissingCodes() throws {
        let table = DataTable(columns: [TableMaking.texts("c", ["a", "b", "a", nil])])
        let fitted = try fit(table, target: .regression([0, 0, 0, 0]), rows: [0, 1, 2, 3])
        let matrix = try fitted.transform(DataTable(columns: [TableMaking.texts("c", ["b", "z", nil, "a"])]))
        guard case .categorical(let codes, let cardinality) = matrix.features[0].values else {
            Issue.record("not categorical")
            return
        }
        #expect(codes == [1, -1, -1, 0])
        #expect(cardinality == 2)
    }

    /// Best of some runs, in seconds.
    private func seconds(_ body: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        return try (0..<5).map { _ in try clock.measure(body) / .seconds(1) }.min() ?? .infinity
    }

    @Test func oneRowDoesNotPayForAllLabels() throws {
        let labels = (0..<50_000).map { "label \($0)" }
        let table = DataTable(columns: [TableMaking.texts("c", labels)])
        let fitted = try fit(
            table, target: .regression(labels.indices.map(Double.init)), rows: labels.indices.map(Int32.init))
        let one = DataTable(columns: [TableMaking.texts("c", ["label 7"])])
        guard case .numeric(let means) = try fitted.transform(one).features[1].values else {
            Issue.record("no target statistics")
            return
        }
        #expect(means[0] < 24_999)
        let row = try seconds { _ = try fitted.transform(one) }
        let all = seconds { _ = LabelIndex(labels) }
        #expect(row < all / 20)
    }

    @Test func timeOfARowGrowsWithTheColumnsAlone() throws {
        let (few, many) = (500, 10_000)
        let columns = (0..<many).map { TableMaking.decimals("column \($0)", [1]) }
        func read(_ count: Int) throws -> Double {
            let features = columns.prefix(count).reversed().map { RawFeature($0) }
            let table = DataTable(columns: Array(columns.prefix(count)))
            return try seconds { _ = try PreparedTable(table, features: features) }
        }
        // Twenty times as many; columns that are searched for one by one take four hundred times as long.
        #expect(try read(many) < 80 * read(few))
    }

    @Test func categoriesOfOtherRowsAreUnknown() throws {
        let table = DataTable(columns: [TableMaking.texts("c", ["a", "b", "c", "a"])])
        let fitted = try fit(table, target: .regression([0, 0, 0, 0]), rows: [0, 1, 3])
        guard case .categorical(let codes, _) = try fitted.transform(table).features[0].values else { return }
        #expect(codes == [0, 1, -1, 0])
    }

    @Test func datesBecomeCalendarParts() throws {
        // 2024-02-29 was a Thursday.
        let table = DataTable(columns: [TableMaking.dates("d", [19_782, nil])])
        let matrix = try fit(table, target: .regression([0, 0]), rows: [0, 1]).transform(table)
        #expect(matrix.features.map(\.name).first == "d.year")
        let firsts = matrix.features.map { feature -> Float in
            guard case .numeric(let values) = feature.values else { return .nan }
            #expect(values[1].isNaN)
            return values[0]
        }
        #expect(firsts == [2024, 2, 29, 4, 60, 19_782])
    }

    @Test func targetMeansOfTrainingRowsDoNotKnowTheirOwnTarget() throws {
        // Every label occurs once, so its own target would be all that its mean could know.
        let rows = 200
        var random = RandomStream(seed: 2)
        let labels = (0..<rows).map { "label \($0 / 2)" }
        let target = Target.regression((0..<rows).map { _ in random.normal() * 100 })
        let features = [RawFeature(name: "c", type: .text)]
        let table = try PreparedTable(DataTable(columns: [TableMaking.texts("c", labels)]), features: features)
        let (fitted, matrix) = FeaturePipeline(features: features)
            .fitTransform(table, target: target, rows: Array(0..<Int32(rows)), seed: 4)
        #expect(fitted.columnNames == ["c", "c.mean"])
        guard case .numeric(let means) = matrix.features[1].values, case .regression(let values) = target else {
            return
        }
        let covariance = zip(means, values).reduce(0) { $0 + Double($1.0) * $1.1 } / Double(rows)
        guard case .numeric(let leaking) = fitted.transform(table).features[1].values else { return }
        let leak = zip(leaking, values).reduce(0) { $0 + Double($1.0) * $1.1 } / Double(rows)
        #expect(leak > 500)
        #expect(abs(covariance) < leak / 3)
    }

    @Test func freeTextFindsTheTellingWords() throws {
        var random = RandomStream(seed: 9)
        let filler = ["the", "parcel", "came", "on", "monday", "with", "some", "paper"]
        var texts: [String] = []
        var codes: [Int32] = []
        for row in 0..<300 {
            let good = row % 2 == 0
            let words = (0..<5).map { _ in filler[random.index(below: filler.count)] }
            texts.append((words + [good ? "excellent" : "broken", "no \(row)"]).joined(separator: " "))
            codes.append(good ? 1 : 0)
        }
        let table = DataTable(columns: [TableMaking.texts("review", texts)])
        let fitted = try fit(table, target: .classes(codes, count: 2), rows: Array(0..<300))
        #expect(fitted.columnNames.contains("review.excellent"))
        #expect(fitted.columnNames.contains("review.broken"))
    }

    @Test func rawValuesAreReadAsWritten() {
        #expect(RawValue.number(" 1,5 ") == 1.5)
        #expect(RawValue.number("1e3") == 1000)
        #expect(RawValue.number("nan") == nil)
        #expect(RawValue.number("1,000.5") == nil)
        #expect(RawValue.instant("1970-01-02", order: .dayMonthYear) == 86_400)
        #expect(RawValue.instant("02/01/1970", order: .dayMonthYear) == 86_400)
        #expect(RawValue.instant("01/02/1970", order: .monthDayYear) == 86_400)
        #expect(RawValue.instant("1970-01-01T01:00:00.5+01:00", order: .yearMonthDay) == 0.5)
        #expect(RawValue.instant("2023-02-29", order: .yearMonthDay) == nil)
        #expect(RawValue.instant("2023-02-28x", order: .yearMonthDay) == nil)
    }
}
