import Testing

@testable import Tabular

@Suite struct QuotedTextTests {
    /// Against a loop over bytes, with quotes at every kind of place.
    @Test func quotesAreTakenOffAsOneByOne() {
        var random = SeededRandom(state: 41)
        for _ in 0..<20_000 {
            let size = Int.random(in: 0...200, using: &random)
            let most = Int.random(in: 2...90, using: &random)
            var cell = (0..<size).map { _ in Int.random(in: 0..<most, using: &random) == 0 ? UInt8(34) : 97 }
            if Int.random(in: 0..<4, using: &random) > 0 { cell.append(34) }
            var expected: [UInt8]? = []
            var position = 0
            while position < cell.count - 1 {
                if cell[position] == 34 {
                    guard position + 1 < cell.count - 1, cell[position + 1] == 34 else {
                        expected = nil
                        break
                    }
                    position += 1
                }
                expected?.append(cell[position])
                position += 1
            }
            if cell.last != 34 { expected = nil }
            let padded = cell + [UInt8](repeating: 34, count: 64)
            var target = [UInt8](repeating: 1, count: cell.count + QuotedText.slack)
            let count = padded.withUnsafeBufferPointer { text in
                target.withUnsafeMutableBufferPointer { target in
                    QuotedText.copy(text.baseAddress!, 0, cell.count, quote: 34, to: target.baseAddress!)
                }
            }
            #expect(count < 0 ? expected == nil : Array(target[..<count]) == expected)
        }
    }
}
