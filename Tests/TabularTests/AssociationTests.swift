import Foundation
import Shared
import Testing

@testable import Tabular

@Suite struct AssociationTests {
    private struct Made {
        var numbers: [Double?] = []
        var others: [Double?] = []
        var classes: [String?] = []
        var kinds: [String?] = []
    }

    private func made(seed: UInt64, rows: Int) -> Made {
        var random = SeededRandom(state: seed)
        var made = Made()
        for _ in 0..<rows {
            let x = Double(Int.random(in: -50...50, using: &random)) + 1e9
            let noise = Double.random(in: -20...20, using: &random)
            made.numbers.append(Int.random(in: 0..<7, using: &random) == 0 ? nil : x)
            made.others.append(Int.random(in: 0..<9, using: &random) == 0 ? nil : (x - 1e9) * 0.5 + noise)
            let name = x > 1e9 ? "a" : Bool.random(using: &random) ? "b" : "c"
            made.classes.append(Int.random(in: 0..<8, using: &random) == 0 ? nil : name)
            made.kinds.append(name == "a" && Int.random(in: 0..<4, using: &random) > 0 ? "p" : "q")
        }
        return made
    }

    private func number(_ values: [Double?]) -> ColumnChunk {
        var nulls = NullBitmap(rows: values.count)
        for (row, value) in values.enumerated() where value == nil { nulls.setNull(row) }
        return ColumnChunk(type: .decimal, values: .doubles(values.map { $0 ?? 0 }), nulls: nulls)
    }

    private func text(_ values: [String?]) -> ColumnChunk {
        var nulls = NullBitmap(rows: values.count)
        for (row, value) in values.enumerated() where value == nil { nulls.setNull(row) }
        return ColumnChunk(type: .text, values: .texts(TextArray(values.map { $0 ?? "" })), nulls: nulls)
    }

    private func study(_ made: Made, groups: Int) -> [String: Association] {
        let rows = made.numbers.count
        let study = AssociationStudy(
            columns: [
                .init(name: "x", type: .decimal, centre: 1e9), .init(name: "y", type: .decimal, centre: 0),
                .init(name: "c", type: .text, centre: 0), .init(name: "k", type: .text, centre: 0),
            ], rows: rows)
        let size = (rows + groups - 1) / groups
        for start in stride(from: 0, to: rows, by: size) {
            let part = start..<min(start + size, rows)
            let chunks = [
                number(Array(made.numbers[part])), number(Array(made.others[part])), text(Array(made.classes[part])),
                text(Array(made.kinds[part])),
            ]
            let values = chunks.enumerated().map { study.prepare($1, column: $0, firstRow: start) }
            for pair in study.pairs.indices { study.add(values, pair: pair) }
        }
        var result: [String: Association] = [:]
        for (index, pair) in study.pairs.enumerated() {
            result[study.columns[pair.x].name + study.columns[pair.y].name] = study.finish(pair: index)
        }
        return result
    }

    /// In the plainest way.
    private func pearson(_ x: [Double], _ y: [Double]) -> Double {
        let (mx, my) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
        let xy = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
        let xx = x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
        let yy = y.reduce(0) { $0 + ($1 - my) * ($1 - my) }
        return xy / (xx * yy).squareRoot()
    }

    private func ranks(_ values: [Double]) -> [Double] {
        values.map { value in
            Double(values.count { $0 < value }) + Double(values.count { $0 == value } - 1) / 2
        }
    }

    @Test(arguments: [1, 3]) func everyMeasureAgreesWithItsPlainDefinition(groups: Int) throws {
        let made = made(seed: 5, rows: 600)
        let found = study(made, groups: groups)
        func close(_ one: Double?, _ two: Double) -> Bool { one.map { abs($0 - two) < 1e-9 } ?? false }

        let both = zip(made.numbers, made.others).compactMap { x, y in x.flatMap { x in y.map { (x - 1e9, $0) } } }
        let xy = try #require(found["xy"])
        #expect(xy.kind == .pearson && xy.rows == both.count)
        #expect(close(xy.value, pearson(both.map(\.0), both.map(\.1))))
        #expect(close(xy.spearman, pearson(ranks(both.map(\.0)), ranks(both.map(\.1)))))

        let mixed = zip(made.numbers, made.classes).compactMap { x, c in x.flatMap { x in c.map { (x - 1e9, $0) } } }
        let mean = mixed.reduce(0) { $0 + $1.0 } / Double(mixed.count)
        var between = 0.0
        for name in Set(mixed.map(\.1)) {
            let own = mixed.filter { $0.1 == name }.map(\.0)
            let gap = own.reduce(0, +) / Double(own.count) - mean
            between += Double(own.count) * gap * gap
        }
        let whole = mixed.reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) }
        #expect(found["xc"]?.kind == .correlationRatio)
        #expect(close(found["xc"]?.value, (between / whole).squareRoot()))

        let classes = zip(made.classes, made.kinds).compactMap { c, k in c.flatMap { c in k.map { (c, $0) } } }
        let n = Double(classes.count)
        var squares = 0.0
        for c in Set(classes.map(\.0)) {
            for k in Set(classes.map(\.1)) {
                let expected = Double(classes.count { $0.0 == c }) * Double(classes.count { $0.1 == k }) / n
                let gap = Double(classes.count { $0 == (c, k) }) - expected
                squares += gap * gap / expected
            }
        }
        let phi = max(0, squares / n - 2 / (n - 1))
        let least = min(3 - 4 / (n - 1), 2 - 1 / (n - 1)) - 1
        #expect(close(found["ck"]?.value, (phi / least).squareRoot()))
    }

    @Test func aColumnThatDoesNotVaryHasNoCorrelation() {
        var pair = NumberPair()
        pair.add([1e8, 1e8, 1e8, 1e8, 1e8], [1, 2, 3, 4, 5])
        #expect(pair.correlation == nil)
        #expect(RankCorrelation.spearman([1, .nan, 2], [.nan, 1, 2]) == nil)
        #expect(RankCorrelation.spearman([], []) == nil)
    }

    @Test func repeatedRowsAreCountedByValueWhateverTheirText() {
        let chunk = ColumnChunk(type: .decimal, values: .decimals([10, 10, 25, 10], scale: 1))
        let other = ColumnChunk(type: .decimal, values: .doubles([1, 7, 2.5, 1]))
        var hashes = [UInt64](repeating: 0, count: 4)
        var others = hashes
        DuplicateRows.mix(chunk, column: 0, into: &hashes)
        DuplicateRows.mix(other, column: 0, into: &others)
        let found = DuplicateRows(hashes: hashes + others)
        #expect(found.repeated == 5 && found.groups == 2)
        #expect(found.largest.map(\.count) == [5, 2])
        #expect(found.largest.map(\.rows) == [[0, 1, 3, 4, 7], [2, 6]])
        let none = DuplicateRows(hashes: [])
        #expect(none.repeated == 0 && none.largest.isEmpty)
        #expect(DuplicateRows(hashes: [4, 4]).repeated == 1)
    }
}
