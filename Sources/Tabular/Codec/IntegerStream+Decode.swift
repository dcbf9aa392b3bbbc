extension IntegerStream {
    /// Reads a stream of exactly `count` values.
    static func decode(_ reader: inout ByteReader, count: Int, nested: Bool = false) throws(CodecError) -> [Int64] {
        let code = try reader.byte()
        guard let encoding = StreamEncoding(rawValue: code) else { throw .malformed("stream encoding") }
        switch encoding {
        case .constant: return [Int64](repeating: try reader.signed(), count: count)
        case .blocks: return try decodeBlocks(&reader, count: count)
        case .scaledBlocks:
            let least = try reader.signed()
            let divisor = Int64(bitPattern: try reader.unsigned())
            var values = try decodeBlocks(&reader, count: count)
            for index in values.indices { values[index] = values[index] &* divisor &+ least }
            return values
        case .runs where !nested: return try decodeRuns(&reader, count: count)
        case .dictionary where !nested: return try decodeDictionary(&reader, count: count)
        default: throw .malformed("stream encoding")
        }
    }

    private static func decodeBlocks(_ reader: inout ByteReader, count: Int) throws(CodecError) -> [Int64] {
        // A block takes two bytes at least, so that a payload cannot ask for much more memory than it is worth.
        guard reader.rest.count >= (count + blockSize - 1) / blockSize * 2 else { throw .truncated }
        var values = [Int64](repeating: 0, count: count)
        var failure: CodecError?
        values.withUnsafeMutableBufferPointer { target in
            var start = 0
            while start < count, failure == nil {
                let block = UnsafeMutableBufferPointer(rebasing: target[start..<min(start + blockSize, count)])
                do throws(CodecError) { try decodeBlock(&reader, to: block) } catch { failure = error }
                start += block.count
            }
        }
        if let failure { throw failure }
        return values
    }

    private static func decodeBlock(_ reader: inout ByteReader, to block: UnsafeMutableBufferPointer<Int64>)
        throws(CodecError)
    {
        let head = try reader.byte()
        let width = Int(head & 0x7F)
        guard width <= 64 else { throw .malformed("block width") }
        let first = try reader.signed()
        if head & 0x80 == 0 {
            let packed = try reader.take(BitPacking.byteCount(block.count, width: width))
            BitPacking.unpack(packed, base: first, width: width, to: block)
            return
        }
        let leastDelta = try reader.signed()
        let packed = try reader.take(BitPacking.byteCount(block.count - 1, width: width))
        block[0] = first
        BitPacking.unpack(packed, base: leastDelta, width: width, to: UnsafeMutableBufferPointer(rebasing: block[1...]))
        var value = first
        for index in 1..<max(1, block.count) {
            value &+= block[index]
            block[index] = value
        }
    }

    private static func decodeRuns(_ reader: inout ByteReader, count: Int) throws(CodecError) -> [Int64] {
        let runs = try reader.count(limit: count, "number of runs")
        let heads = try decode(&reader, count: runs, nested: true)
        let lengths = try decode(&reader, count: runs, nested: true)
        var left = count
        for length in lengths {
            guard length > 0, length <= left else { throw .malformed("run length") }
            left -= Int(length)
        }
        guard left == 0 else { throw .malformed("run length") }
        return [Int64](unsafeUninitializedCapacity: count) { target, filled in
            for (head, length) in zip(heads, lengths) {
                target[filled..<(filled + Int(length))].update(repeating: head)
                filled += Int(length)
            }
        }
    }

    private static func decodeDictionary(_ reader: inout ByteReader, count: Int) throws(CodecError) -> [Int64] {
        let distinct = try reader.count(limit: count, "number of distinct values")
        let entries = try decode(&reader, count: distinct, nested: true)
        var places = try decode(&reader, count: count, nested: true)
        for index in places.indices {
            let place = places[index]
            guard place >= 0, place < distinct else { throw .malformed("dictionary place") }
            places[index] = entries[Int(place)]
        }
        return places
    }
}
