import Shared
import Testing

@testable import Tabular

/// Keys come back in their order whatever their range does on the way, and take half the memory while it is below 2^32.
@Suite struct KeyListTests {
    private enum Course: CaseIterable {
        case level, rising, falling, far, edges, jumping
    }

    @Test(arguments: 0..<60)
    func keysComeBackAsTheyCame(seed: Int) {
        var random = SeededRandom(state: UInt64(seed))
        let course = Course.allCases[seed % Course.allCases.count]
        var list = KeyList(expected: seed % 2 == 0 ? 0 : 5000)
        var all: [UInt64] = []
        for block in 0..<Int.random(in: 1...12, using: &random) {
            let keys = (0..<Int.random(in: 0...900, using: &random)).map { _ in
                Self.key(course, block, &random)
            }
            let told = keys.withUnsafeBufferPointer { list.bytes(with: $0) }
            keys.withUnsafeBufferPointer { list.append($0) }
            all += keys
            #expect(list.count == all.count)
            #expect(told == all.count * (Self.isNarrow(list) ? 4 : 8))
        }
        var back: [UInt64] = []
        list.forEachBlock { back += $0 }
        #expect(back == all)
        let range = (all.max() ?? 0) - (all.min() ?? 0)
        #expect(Self.isNarrow(list) == (range <= UInt64(UInt32.max)))
        let halved = list.mapped { $0 / 2 }
        var half: [UInt64] = []
        halved?.forEachBlock { half += $0 }
        #expect(half == all.map { $0 / 2 })
        #expect(list.mapped { $0 == all.last ? nil : $0 } == nil || all.isEmpty)
    }

    private static func key(_ course: Course, _ block: Int, _ random: inout SeededRandom) -> UInt64 {
        let small = UInt64.random(in: 0...10_000_000, using: &random)
        switch course {
        case .level: return 1 << 63 + small
        case .rising: return 1 << 63 + UInt64(block) * 350_000_000 + small
        case .falling: return 1 << 63 - UInt64(block) * 350_000_000 - small
        case .far: return UInt64.random(in: 0...UInt64.max, using: &random)
        case .edges: return [0, UInt64(UInt32.max)][Int(small % 2)]
        case .jumping: return block < 3 ? small : UInt64.max - small
        }
    }

    private static func isNarrow(_ list: KeyList) -> Bool { if case .offsets = list.words { true } else { false } }

    /// Both widths are sorted into the same profile, and the limit of memory is one of bytes.
    @Test func aColumnOfASmallRangeIsExactForTwiceTheRows() {
        let small = (0..<3000).map { Int64($0 * 7_919 % 4_000_000_007) }
        let wide = small.map { $0 * 1_000_003 }
        let replies = [small, wide].map { values in
            var profiler = ColumnProfiler(name: "n", type: .integer, exactBytes: 3000 * 4)
            profiler.add(ColumnChunk(type: .integer, values: .integers(values)))
            return profiler.finish()
        }
        #expect(replies[0].exact && replies[0].distinct == 3000)
        #expect(!replies[1].exact)
        var whole = ColumnProfiler(name: "n", type: .integer, exactBytes: 3000 * 8)
        whole.add(ColumnChunk(type: .integer, values: .integers(wide)))
        let reply = whole.finish()
        #expect(reply.exact && reply.distinct == 3000)
        #expect(reply.quantiles?.map(\.value) == replies[0].quantiles?.map { $0.value * 1_000_003 })
    }
}
