import Shared

/// Turns chunks into bytes and back, bit for bit. The bytes are described in `docs/column-format.md`.
package enum SegmentCodec {
    /// The version that `encode` writes. Version 1 is the same without words in text blocks, so it is read too.
    package static let version = 2
    private static let readable = 1...version

    /// The chunk as bytes; the encoding of each part is chosen by size.
    ///
    /// - Complexity: O(rows + bytes)
    package static func encode(_ chunk: ColumnChunk) -> EncodedSegment {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(chunk.rows * 2 + 64)
        bytes.append(UInt8(ColumnType.allCases.firstIndex(of: chunk.type) ?? 0))
        StyleBytes.encode(chunk.style, to: &bytes)
        encodeNulls(chunk.nulls, to: &bytes)
        let encoding = encodeValues(chunk.values, to: &bytes)
        bytes.append(unsigned: UInt64(chunk.exceptions.rows.count))
        if !chunk.exceptions.isEmpty {
            _ = IntegerStream.encode(chunk.exceptions.rows.map { Int64($0) }, to: &bytes)
            _ = TextStream.encode(chunk.exceptions.texts, to: &bytes)
        }
        let zone = chunk.zone()
        return EncodedSegment(
            encoding: Int(encoding.rawValue), version: version, rows: chunk.rows, nulls: chunk.nulls?.nullCount ?? 0,
            min: zone?.min, max: zone?.max, checksum: Checksum64.of(bytes), payload: bytes)
    }

    /// The chunk that was encoded.
    ///
    /// - Throws: `unknownVersion`, `checksum`, or `truncated` and `malformed` for bytes that no encoder wrote.
    package static func decode(_ segment: EncodedSegment) throws(CodecError) -> ColumnChunk {
        let result: Result<ColumnChunk, CodecError> = segment.payload.withUnsafeBytes { bytes in
            do throws(CodecError) {
                return .success(
                    try decode(bytes, version: segment.version, rows: segment.rows, checksum: segment.checksum))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// - Throws: `checksum` where the bytes are not those that were stored.
    package static func verify(_ payload: UnsafeRawBufferPointer, checksum: UInt64) throws(CodecError) {
        let computed = Checksum64.of(payload)
        guard computed == checksum else { throw .checksum(stored: checksum, computed: computed) }
    }

    /// The chunk that was encoded, from the bytes of a stored row.
    ///
    /// - Parameters:
    ///   - checksum: compared first; nil when it was compared before.
    ///   - wanted: the rows that the chunk is to have, without their exceptions; all rows with exceptions where nil.
    /// - Throws: `unknownVersion`, `checksum`, or `truncated` and `malformed` for bytes that no encoder wrote.
    package static func decode(
        _ payload: UnsafeRawBufferPointer, version: Int, rows: Int, checksum: UInt64?, wanted: Range<Int>? = nil
    ) throws(CodecError) -> ColumnChunk {
        guard readable.contains(version) else { throw .unknownVersion(version) }
        if let checksum { try verify(payload, checksum: checksum) }
        guard rows >= 0, rows <= TextStream.countLimit else { throw .malformed("number of rows") }
        var reader = ByteReader(payload)
        let typeIndex = Int(try reader.byte())
        guard typeIndex < ColumnType.allCases.count else { throw .malformed("type") }
        let style = try StyleBytes.decode(&reader)
        let nulls = try decodeNulls(&reader, rows: rows)
        if let wanted {
            precondition(wanted.lowerBound >= 0 && wanted.upperBound <= rows)
            return ColumnChunk(
                type: ColumnType.allCases[typeIndex], values: try decodeValues(&reader, rows: rows, wanted: wanted),
                nulls: nulls?.slice(wanted), style: style)
        }
        let values = try decodeValues(&reader, rows: rows, wanted: 0..<rows)
        var chunk = ColumnChunk(type: ColumnType.allCases[typeIndex], values: values, nulls: nulls, style: style)
        let exceptions = try reader.count(limit: rows, "number of exceptions")
        if exceptions > 0 {
            let places = try IntegerStream.decode(&reader, count: exceptions)
            var last: Int64 = -1
            for place in places {
                guard place > last, place < rows else { throw .malformed("exception row") }
                last = place
            }
            chunk.exceptions = TextExceptions(
                rows: places.map { UInt32($0) }, texts: try TextStream.decode(&reader, count: exceptions))
        }
        guard reader.rest.isEmpty else { throw .malformed("length") }
        return chunk
    }

    // MARK: Nulls: 0 none, 1 a bit each, 2 a stream of rows.

    private static func encodeNulls(_ nulls: NullBitmap?, to bytes: inout [UInt8]) {
        guard let nulls else { return bytes.append(0) }
        var rows: [Int64] = []
        if nulls.nullCount * 16 < nulls.rows || nulls.nullCount * 2 > nulls.rows {
            nulls.forEachNull { rows.append(Int64($0)) }
            var sparse: [UInt8] = [2]
            sparse.append(unsigned: UInt64(rows.count))
            _ = IntegerStream.encode(rows, to: &sparse)
            if sparse.count < nulls.words.count * 8 { return bytes.append(contentsOf: sparse) }
        }
        bytes.append(1)
        for word in nulls.words { withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) } }
    }

    private static func decodeNulls(_ reader: inout ByteReader, rows: Int) throws(CodecError) -> NullBitmap? {
        switch try reader.byte() {
        case 0: return nil
        case 1:
            let size = (rows + 63) / 64
            let raw = try reader.take(size * 8)
            let words = (0..<size).map { load64(raw, $0 * 8) }
            if rows % 64 != 0, let last = words.last, last >> UInt64(rows % 64) != 0 { throw .malformed("null bitmap") }
            return NullBitmap(words: words, rows: rows)
        case 2:
            let count = try reader.count(limit: rows, "number of nulls")
            let places = try IntegerStream.decode(&reader, count: count)
            var nulls = NullBitmap(rows: rows)
            for place in places {
                guard place >= 0, place < rows else { throw .malformed("null row") }
                nulls.setNull(Int(place))
            }
            return nulls
        default: throw .malformed("null encoding")
        }
    }

    // MARK: Values: a tag for the kind, then its streams.

    private static func encodeValues(_ values: ChunkValues, to bytes: inout [UInt8]) -> StreamEncoding {
        switch values {
        case .integers(let integers):
            bytes.append(0)
            return IntegerStream.encode(integers, to: &bytes)
        case .decimals(let mantissas, let scale):
            bytes.append(contentsOf: [1, UInt8(clamping: scale)])
            return IntegerStream.encode(mantissas, to: &bytes)
        case .doubles(let doubles):
            bytes.append(2)
            return IntegerStream.encode(doubles.map { Int64(bitPattern: $0.bitPattern) }, to: &bytes)
        case .booleans(let flags):
            bytes.append(3)
            return BooleanStream.encode(flags, to: &bytes)
        case .texts(let texts):
            bytes.append(4)
            return TextStream.encode(texts, to: &bytes)
        case .dictionary(let codes, let entries):
            bytes.append(5)
            bytes.append(unsigned: UInt64(entries.count))
            _ = TextStream.encode(entries, to: &bytes)
            _ = IntegerStream.encode(codes.map { Int64($0) }, to: &bytes)
            return .textDictionary
        }
    }

    private static func decodeValues(
        _ reader: inout ByteReader, rows: Int, wanted: Range<Int>
    ) throws(CodecError) -> ChunkValues {
        switch try reader.byte() {
        case 0: return .integers(try IntegerStream.decode(&reader, count: rows, wanted: wanted))
        case 1:
            let scale = Int(try reader.byte())
            guard scale <= 18 else { throw .malformed("scale") }
            return .decimals(try IntegerStream.decode(&reader, count: rows, wanted: wanted), scale: scale)
        case 2:
            let patterns = try IntegerStream.decode(&reader, count: rows, wanted: wanted)
            return .doubles(patterns.map { Double(bitPattern: UInt64(bitPattern: $0)) })
        case 3: return .booleans(try BooleanStream.decode(&reader, count: rows, wanted: wanted))
        case 4:
            let texts = try TextStream.decode(&reader, count: rows)
            return .texts(wanted.count == rows ? texts : texts.slice(wanted))
        case 5:
            let count = try reader.count(limit: TextStream.countLimit, "number of entries")
            let entries = try TextStream.decode(&reader, count: count)
            let codes = try IntegerStream.decode(&reader, count: rows, wanted: wanted)
            guard codes.allSatisfy({ $0 >= 0 && $0 < count }) else { throw .malformed("dictionary place") }
            return .dictionary(codes: codes.map { UInt32($0) }, entries: entries)
        default: throw .malformed("value kind")
        }
    }
}
