import Shared
import Testing

@testable import Tabular

@Suite struct CodecTests {
    @Test(arguments: [0, 1, 2, 63, 64, 65, 1023, 1024, 1025, 3000])
    func everyChunkComesBackBitForBit(rows: Int) throws {
        var random = SeededRandom(state: UInt64(rows))
        for _ in 0..<40 {
            let chunk = random.chunk(rows: rows)
            let segment = SegmentCodec.encode(chunk)
            let decoded = try SegmentCodec.decode(segment)
            if case (.doubles(let before), .doubles(let after)) = (chunk.values, decoded.values) {
                // NaN is not equal to itself.
                #expect(before.map(\.bitPattern) == after.map(\.bitPattern))
                var (one, two) = (chunk, decoded)
                one.values = .integers([])
                two.values = .integers([])
                #expect(one == two)
            } else {
                #expect(decoded == chunk)
            }
            #expect(segment.rows == rows)
            #expect(segment.nulls == chunk.nulls?.nullCount ?? 0)
        }
    }

    @Test(arguments: [1, 64, 1023, 1025, 3000])
    func someRowsAreThoseOfAll(rows: Int) throws {
        var random = SeededRandom(state: UInt64(rows))
        for _ in 0..<60 {
            let chunk = random.chunk(rows: rows)
            let first = Int.random(in: 0...rows, using: &random)
            let wanted = first..<Int.random(in: first...rows, using: &random)
            let segment = SegmentCodec.encode(chunk)
            let part = try segment.payload.withUnsafeBytes {
                try SegmentCodec.decode(
                    $0, version: segment.version, rows: rows, checksum: segment.checksum, wanted: wanted)
            }
            #expect(part.rows == wanted.count && part.type == chunk.type && part.exceptions.isEmpty)
            for (place, row) in wanted.enumerated() {
                let isNull = chunk.nulls?.isNull(row) ?? false
                #expect(part.nulls?.isNull(place) ?? false == isNull)
                if !isNull { #expect(part.canonicalText(at: place) == chunk.canonicalText(at: row)) }
            }
        }
    }

    @Test(arguments: [1, 2, 3, 7, 10, 64, 100, 1_000_000, 86_400_000_000, 1 << 62, 1 << 63, UInt64.max - 1, .max])
    func divisorsDivideTheirMultiplesOnly(divisor: UInt64) {
        let exact = ExactDivisor(divisor)
        var random = SeededRandom(state: divisor)
        for _ in 0..<2000 {
            let number = UInt64.random(in: 0...(.max >> UInt64.random(in: 0...63, using: &random)), using: &random)
            #expect(exact.divides(number) == (number % divisor == 0))
            let multiple = number / divisor * divisor
            #expect(exact.divides(multiple) && exact.quotient(multiple) == multiple / divisor)
        }
    }

    @Test func damagedPayloadsNeverTrap() {
        var random = SeededRandom(state: 7)
        var refused = 0
        for _ in 0..<100 {
            let payload = SegmentCodec.encode(random.chunk(rows: .random(in: 1...200, using: &random))).payload
            for _ in 0..<100 {
                var damaged = payload
                if Bool.random(using: &random) {
                    damaged.removeLast(Int.random(in: 1...damaged.count, using: &random))
                } else {
                    for _ in 0..<Int.random(in: 1...4, using: &random) {
                        let byte = Int.random(in: 0..<damaged.count, using: &random)
                        damaged[byte] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                    }
                }
                damaged.withUnsafeBytes { bytes in
                    // Without the checksum, so that the structure itself is what is tested.
                    do throws(CodecError) {
                        let chunk = try SegmentCodec.decode(bytes, version: 1, rows: 200, checksum: nil)
                        for row in 0..<chunk.rows { _ = chunk.text(at: row) }
                    } catch { refused += 1 }
                }
            }
        }
        #expect(refused > 1000)
    }

    @Test func aChangedByteIsNoticedByTheChecksum() throws {
        var segment = SegmentCodec.encode(ColumnChunk(type: .integer, values: .integers([1, 2, 3])))
        segment.payload[segment.payload.count - 2] ^= 4
        #expect(throws: CodecError.checksum(stored: segment.checksum, computed: Checksum64.of(segment.payload))) {
            try SegmentCodec.decode(segment)
        }
        segment.version = 9
        #expect(throws: CodecError.unknownVersion(9)) { try SegmentCodec.decode(segment) }
        #expect(CodecError.truncated.problem.detail == "A stored segment is damaged: it ends too early.")
    }

    @Test func theChecksumIsXXH64() {
        #expect(Checksum64.of([]) == 0xEF46_DB37_51D8_E999)
        #expect(Checksum64.of(Array("abc".utf8)) == 0x44BC_2CF5_AD77_0999)
        #expect(
            Checksum64.of(Array("Nobody inspects the spammish repetition".utf8)) == 0xFBCE_A83C_8A37_8BF1)
    }

    @Test(
        arguments: [
            ([5, 5, 5, 5], StreamEncoding.constant), (Array(0..<5000), .blocks),
            ((0..<5000).map { $0 / 1000 * 7919 }, .runs),
            ((0..<5000).map { ($0 * 7919 % 4999) * 86_400_000_000 }, .scaledBlocks),
            ((0..<5000).map { ($0 * 7919 % 11) * 90_001 + $0 * 31 % 2 }, .dictionary),
        ] as [([Int64], StreamEncoding)])
    func theSmallestEncodingIsChosen(values: [Int64], encoding: StreamEncoding) {
        let segment = SegmentCodec.encode(ColumnChunk(type: .integer, values: .integers(values)))
        #expect(StreamEncoding(rawValue: UInt8(segment.encoding)) == encoding)
    }

    @Test func zonesLeaveOutNullsAndCutLongTexts() {
        var nulls = NullBitmap(rows: 3)
        nulls.setNull(0)
        let numbers = ColumnChunk(type: .decimal, values: .decimals([-999, 15, 25], scale: 1), nulls: nulls)
        #expect(SegmentCodec.encode(numbers).min == .real(1.5))
        #expect(SegmentCodec.encode(numbers).max == .real(2.5))
        let long = String(repeating: "é", count: 40)
        let texts = ColumnChunk(type: .text, values: .texts(TextArray(["", long, "b"])), nulls: nulls)
        #expect(SegmentCodec.encode(texts).min == .text(prefix: "b", exact: true))
        #expect(SegmentCodec.encode(texts).max == .text(prefix: String(long.prefix(32)), exact: false))
        #expect(SegmentCodec.encode(ColumnChunk(type: .text, values: .texts(TextArray()))).min == nil)
    }

    @Test func theWorkedExampleOfTheDocumentationHolds() {
        var nulls = NullBitmap(rows: 4)
        nulls.setNull(2)
        var exceptions = TextExceptions()
        exceptions.append(row: 2, text: "NA")
        let chunk = ColumnChunk(
            type: .decimal, values: .decimals([150, 225, 150, 975], scale: 2), nulls: nulls,
            style: .fixed(separator: UInt8(ascii: "."), grouping: nil), exceptions: exceptions)
        let hex = SegmentCodec.encode(chunk).payload.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
            .joined(separator: " ")
        #expect(
            hex == """
                01 02 2e 00 00 01 04 00 00 00 00 00 00 00 01 02 02 ac 02 4b 04 00 10 b0 01 00 04 05 00 04 00 4e 41
                """)
    }

    @Test func longTextsAreCompressedAndComeBack() throws {
        var random = SeededRandom(state: 11)
        for rows in [1, 10, 500, 4000] {
            var texts = TextArray()
            for row in 0..<rows {
                let isSame = Bool.random(using: &random)
                texts.append(
                    isSame
                        ? String(repeating: "ab", count: row % 700)
                        : "the quick brown fox \(random.next() % 97) " + random.word())
            }
            let chunk = ColumnChunk(type: .text, values: .texts(texts))
            let segment = SegmentCodec.encode(chunk)
            #expect(try SegmentCodec.decode(segment) == chunk)
            if rows == 4000 { #expect(segment.payload.count * 3 < texts.bytes.count) }
        }
    }

    @Test func damagedCompressedTextsNeverTrap() {
        var random = SeededRandom(state: 12)
        var texts = TextArray()
        for row in 0..<100 { texts.append("the quick brown fox jumps over \(row * 7919 % 31) lazy dogs \(row)") }
        let payload = SegmentCodec.encode(ColumnChunk(type: .text, values: .texts(texts))).payload
        for _ in 0..<5000 {
            var damaged = payload
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if random.next() % 4 == 0 { damaged.removeLast(Int.random(in: 1...damaged.count, using: &random)) }
            damaged.withUnsafeBytes { bytes in
                _ = try? SegmentCodec.decode(bytes, version: 1, rows: 100, checksum: nil)
            }
        }
    }
}
