import Foundation
import Shared
import Testing

@testable import Tabular

@Suite struct ComparisonTests {
    private func psi(_ expected: [Double], _ found: [Double]) -> Double {
        zip(expected, found).reduce(0) { sum, pair in
            let (a, b) = (max(1e-4, pair.0), max(1e-4, pair.1))
            return sum + (b - a) * log(b / a)
        }
    }

    @Test(arguments: 0..<6) func numbersAreComparedByEarlierDeciles(seed: UInt64) throws {
        var random = SeededRandom(state: seed)
        var before: [Double] = []
        var after: [Double] = []
        for row in 0..<900 {
            let value = Double.random(in: 0...1, using: &random)
            before.append(row % 10 == 0 ? .nan : (value * 40).rounded())
            after.append(row % 7 == 0 ? .nan : (value * value * 60).rounded() - 3)
        }
        let shift = NumberShift(before: before, after: after)
        let edges = [-Double.infinity] + shift.edges + [.infinity]
        func shares(_ values: [Double]) -> [Double] {
            let bins = zip(edges, edges.dropFirst()).map { low, high in
                Double(values.count { $0 >= low && $0 < high }) / Double(values.count)
            }
            return bins + [Double(values.count(where: \.isNaN)) / Double(values.count)]
        }
        #expect(shift.edges.count >= 7 && shift.edges == shift.edges.sorted())
        #expect(shift.expected == shares(before))
        #expect(shift.found == shares(after))
        #expect(abs(shift.stabilityIndex - psi(shares(before), shares(after))) < 1e-12)
        let (old, new) = (before.filter { !$0.isNaN }, after.filter { !$0.isNaN })
        let gap = (old + new).map { value in
            abs(
                Double(old.count { $0 <= value }) / Double(old.count)
                    - Double(new.count { $0 <= value }) / Double(new.count))
        }.max()
        #expect(abs(try #require(shift.largestGap) - (gap ?? 0)) < 1e-12)
        #expect(abs(try #require(shift.mean) - new.reduce(0, +) / Double(new.count)) < 1e-9)
    }

    @Test func theSameNumbersHaveNotMoved() {
        let same = NumberShift(before: [1, 2, 3, 3, .nan], after: [3, .nan, 1, 3, 2])
        #expect(same.stabilityIndex == 0 && same.largestGap == 0)
        let constant = NumberShift(before: [5, 5, 5], after: [5, 5])
        #expect(constant.edges.isEmpty && constant.stabilityIndex == 0)
        let empty = NumberShift(before: [], after: [.nan])
        #expect(empty.largestGap == nil && empty.mean == nil)
    }

    @Test func textsAreComparedByTheirMostFrequentValues() {
        func chunk(_ texts: [String]) -> ColumnChunk {
            ColumnChunk(type: .text, values: .texts(TextArray(texts)))
        }
        let before = (0..<30).flatMap { number in [String](repeating: "v\(number)", count: 40 - number) }
        var shift = ClassShift()
        shift.addBefore(chunk(Array(before.prefix(500))))
        shift.addBefore(chunk(Array(before.dropFirst(500))))
        shift.addAfter(chunk(["v0", "v0", "new", "v29"]))
        shift.finish()
        #expect(shift.labels == (0..<20).map { "v\($0)" })
        #expect(shift.found == [0.5] + [Double](repeating: 0, count: 19) + [0.5, 0])
        #expect(shift.expected.count == 22 && abs(shift.expected.reduce(0, +) - 1) < 1e-12)
        #expect(shift.new == [.init(value: "new", count: 1)] && shift.newCount == 1)
        #expect(shift.goneCount == 28 && shift.gone.first == .init(value: "v1", count: 39))
        #expect(shift.stabilityIndex == psi(shift.expected, shift.found))
    }
}
