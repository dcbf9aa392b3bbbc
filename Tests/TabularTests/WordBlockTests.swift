import Testing

@testable import Tabular

@Suite struct WordBlockTests {
    /// The texts from a block of words alone.
    private func roundTrip(_ texts: TextArray) throws -> [UInt8] {
        var bytes: [UInt8] = []
        #expect(WordBlock.encode(texts, size: texts.bytes.count, limit: texts.bytes.count * 20 + 100, to: &bytes))
        return try bytes.withUnsafeBytes { try WordBlock.decode($0, size: texts.bytes.count) }
    }

    /// Lengths around blocks of 64 bytes and the 16 bytes that are read ahead.
    @Test func textsOfEveryLengthComeBack() throws {
        var random = SeededRandom(state: 31)
        for size in Array(1...300) + [4095, 4096, 4111] {
            for mostLetters in [1, 7, 15, 16, 40, 5000] {
                var text: [UInt8] = []
                while text.count < size {
                    for _ in 0..<Int.random(in: 1...mostLetters, using: &random) {
                        text.append(UInt8.random(in: 97...101, using: &random))
                    }
                    for _ in 0..<Int.random(in: 0...3, using: &random) {
                        text.append(Bool.random(using: &random) ? 32 : 10)
                    }
                }
                var texts = TextArray()
                var start = 0
                while start < size {
                    let end = min(size, start + Int.random(in: 0...90, using: &random))
                    text[start..<end].withUnsafeBytes { texts.append($0) }
                    start = end
                }
                #expect(try roundTrip(texts) == Array(text[..<size]))
            }
        }
    }

    @Test func moreWordsThanCodesMakeSections() throws {
        var texts = TextArray()
        for number in 0..<200_000 { texts.append("word\(number) again\u{0} é ") }
        #expect(try roundTrip(texts) == texts.bytes)
    }

    @Test func wordsAreTakenForProseAndRepetitionsForTheRest() throws {
        var random = SeededRandom(state: 32)
        let vocabulary = (0..<3000).map { _ in random.word() + "\(random.next() % 900)" }
        var prose = TextArray()
        var identifiers = TextArray()
        for row in 0..<4000 {
            prose.append((0..<30).map { _ in vocabulary[Int(random.next() % 3000)] }.joined(separator: " "))
            identifiers.append("https://example.org/items/\(row * 7919 % 4001)/view?session=\(random.next() % 89)")
        }
        for (texts, kind) in [(prose, UInt8(2)), (identifiers, 1)] {
            var bytes: [UInt8] = []
            TextBlock.encode(texts, to: &bytes)
            #expect(bytes[0] == kind)
            let decoded = try bytes.withUnsafeBytes { bytes in
                var reader = ByteReader(bytes)
                return try TextBlock.decode(&reader, size: texts.bytes.count)
            }
            #expect(decoded == texts.bytes)
        }
    }

    /// As in `docs/column-format.md`.
    @Test func theWordsOfTheDocumentationAreRead() throws {
        let block: [UInt8] = [
            2, 25, 4, 0, 0, 0, 3, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 2, 2, 2, 97, 32, 98, 32, 97, 10,
        ]
        let text = try block.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            return try TextBlock.decode(&reader, size: 8)
        }
        #expect(String(decoding: text, as: UTF8.self) == "a b a a\n")
    }

    @Test func damagedWordsNeverTrap() {
        var random = SeededRandom(state: 33)
        var texts = TextArray()
        for row in 0..<100 {
            texts.append("the quick brown fox jumps over \(row * 7919 % 31) lazy dogs of a long-winded-description")
        }
        var block: [UInt8] = []
        #expect(WordBlock.encode(texts, size: texts.bytes.count, limit: texts.bytes.count, to: &block))
        for _ in 0..<5000 {
            var damaged = block
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if random.next() % 4 == 0 { damaged.removeLast(Int.random(in: 1...damaged.count, using: &random)) }
            damaged.withUnsafeBytes { bytes in
                let text = try? WordBlock.decode(bytes, size: texts.bytes.count)
                #expect(text?.count ?? texts.bytes.count == texts.bytes.count)
            }
        }
    }

    @Test func segmentsOfTheFirstVersionAreRead() throws {
        var segment = SegmentCodec.encode(ColumnChunk(type: .integer, values: .integers([1, 2, 3])))
        #expect(segment.version == 2)
        segment.version = 1
        #expect(try SegmentCodec.decode(segment).values == .integers([1, 2, 3]))
    }
}
