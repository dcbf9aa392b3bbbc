/// A sequence of texts as bytes.
enum TextStream {
    /// More texts or values than this are no segment.
    static let countLimit = 1 << 24

    static func encode(_ texts: TextArray, to bytes: inout [UInt8]) -> StreamEncoding {
        if let repeated = encodeDictionary(texts) {
            bytes.append(contentsOf: repeated)
            return .textDictionary
        }
        bytes.append(StreamEncoding.plainTexts.rawValue)
        encodePlain(texts, to: &bytes)
        return .plainTexts
    }

    /// Number of texts, lengths, bytes.
    private static func encodePlain(_ texts: TextArray, to bytes: inout [UInt8]) {
        var lengths: [Int64] = []
        lengths.reserveCapacity(texts.count)
        for index in 0..<texts.count { lengths.append(Int64(texts.offsets[index + 1] - texts.offsets[index])) }
        _ = IntegerStream.encode(lengths, to: &bytes)
        TextBlock.encode(texts, to: &bytes)
    }

    /// The distinct texts and places among them, when a sample repeats enough for that to be smaller.
    private static func encodeDictionary(_ texts: TextArray) -> [UInt8]? {
        guard texts.count >= 8 else { return nil }
        var interner = TextInterner()
        var places: [Int64] = []
        places.reserveCapacity(texts.count)
        for index in 0..<texts.count {
            places.append(Int64(texts.withText(index) { interner.code($0) }))
            // A column of mostly different texts is recognised early.
            if index == 4095, interner.texts.count > 3000 { return nil }
        }
        guard interner.texts.count * 2 <= texts.count else { return nil }
        var bytes = [StreamEncoding.textDictionary.rawValue]
        bytes.append(unsigned: UInt64(interner.texts.count))
        encodePlain(interner.texts, to: &bytes)
        _ = IntegerStream.encode(places, to: &bytes)
        return bytes
    }

    static func decode(_ reader: inout ByteReader, count: Int) throws(CodecError) -> TextArray {
        switch StreamEncoding(rawValue: try reader.byte()) {
        case .plainTexts: return try decodePlain(&reader, count: count)
        case .textDictionary:
            let distinct = try reader.count(limit: count, "number of distinct texts")
            let entries = try decodePlain(&reader, count: distinct)
            let places = try IntegerStream.decode(&reader, count: count)
            var size = 0
            for place in places {
                guard place >= 0, place < distinct else { throw .malformed("dictionary place") }
                size += entries.byteRange(Int(place)).count
                guard size < 1 << 32 else { throw .malformed("text length") }
            }
            return entries.gather(places.map { Int($0) })
        default: throw .malformed("text encoding")
        }
    }

    private static func decodePlain(_ reader: inout ByteReader, count: Int) throws(CodecError) -> TextArray {
        let lengths = try IntegerStream.decode(&reader, count: count)
        var result = TextArray()
        result.offsets.reserveCapacity(count + 1)
        var end: Int64 = 0
        for length in lengths {
            guard length >= 0, length < 1 << 32, end + length < 1 << 32 else { throw .malformed("text length") }
            end += length
            result.offsets.append(UInt32(end))
        }
        result.bytes = try TextBlock.decode(&reader, size: Int(end))
        return result
    }
}
