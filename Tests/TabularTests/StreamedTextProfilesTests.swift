import Shared
import Testing

@testable import Tabular

@Suite struct StreamedTextProfilesTests {
    private func chunks(seed: UInt64) -> [ColumnChunk] {
        var random = SeededRandom(state: seed)
        return (0..<6).map { _ in
            let texts = (0..<3000).map { _ in "é\(Int.random(in: 0..<40_000, using: &random))" }
            return ColumnChunk(type: .text, values: .texts(TextArray(texts)))
        }
    }

    private func inOrder(_ chunks: [ColumnChunk]) -> ColumnProfileReply {
        var profiler = ColumnProfiler(
            name: "t", type: .text, exactBytes: ColumnProfiler.exactTextBytes(columns: 1))
        for chunk in chunks { profiler.add(chunk) }
        return profiler.finish()
    }

    @Test(arguments: [[0, 1, 2, 3, 4, 5], [1, 0, 3, 2, 5, 4], [3, 2, 1, 0, 5, 4]])
    func theProfileDoesNotDependOnTheOrderOfArrival(order: [Int]) {
        let all = chunks(seed: 7)
        let streamed = StreamedTextProfiles(columns: ["t"])
        for index in order { streamed.take(RowGroup(index: index, chunks: [all[index]], rows: all[index].rows)) }
        #expect(streamed.finish(0, rowGroups: 6) == inOrder(all))
    }

    @Test func aColumnWithAnotherTypeOrAGapHasNoProfile() {
        let all = chunks(seed: 8)
        let mixed = StreamedTextProfiles(columns: ["t"])
        mixed.take(RowGroup(index: 0, chunks: [all[0]], rows: all[0].rows))
        mixed.take(RowGroup(index: 1, chunks: [ColumnChunk(type: .integer, values: .integers([1]))], rows: 1))
        #expect(mixed.finish(0, rowGroups: 2) == nil)
        let behind = StreamedTextProfiles(columns: ["t"])
        for index in 1..<6 { behind.take(RowGroup(index: index, chunks: [all[index]], rows: all[index].rows)) }
        behind.take(RowGroup(index: 0, chunks: [all[0]], rows: all[0].rows))
        #expect(behind.finish(0, rowGroups: 6) == nil)
    }
}
