extension IntegerStream {
    /// Reads a stream of exactly `count` values.
    static func decode(_ reader: inout ByteReader, count: Int, nested: Bool = false) throws(CodecError) -> [Int64] {
        try decode(&reader, count: count, wanted: 0..<count, nested: nested)
    }

    /// Reads the `wanted` ones of `count` values; the reader ends behind all of them.
    ///
    /// - Complexity: O(blocks + wanted) where the stream is of blocks, O(runs + wanted) for runs.
    static func decode(
        _ reader: inout ByteReader, count: Int, wanted: Range<Int>, nested: Bool = false
    ) throws(CodecError) -> [Int64] {
        let code = try reader.byte()
        guard let encoding = StreamEncoding(rawValue: code) else { throw .malformed("stream encoding") }
        switch encoding {
        case .constant: return [Int64](repeating: try reader.signed(), count: wanted.count)
        case .blocks: return try decodeBlocks(&reader, count: count, wanted: wanted)
        case .scaledBlocks:
            let least = try reader.signed()
            let divisor = Int64(bitPattern: try reader.unsigned())
            var values = try decodeBlocks(&reader, count: count, wanted: wanted)
            for index in values.indices { values[index] = values[index] &* divisor &+ least }
            return values
        case .runs where !nested: return try decodeRuns(&reader, count: count, wanted: wanted)
        case .dictionary where !nested: return try decodeDictionary(&reader, count: count, wanted: wanted)
        default: throw .malformed("stream encoding")
        }
    }

    private static func decodeBlocks(
        _ reader: inout ByteReader, count: Int, wanted: Range<Int>
    ) throws(CodecError) -> [Int64] {
        // A block takes two bytes at least, so that a payload cannot ask for much more memory than it is worth.
        guard reader.rest.count >= (count + blockSize - 1) / blockSize * 2 else { throw .truncated }
        // Whole blocks around what is wanted.
        let first = wanted.lowerBound / blockSize * blockSize
        let end = wanted.isEmpty ? first : min(count, (wanted.upperBound + blockSize - 1) / blockSize * blockSize)
        var values = [Int64](repeating: 0, count: end - first)
        var failure: CodecError?
        values.withUnsafeMutableBufferPointer { target in
            var start = 0
            while start < count, failure == nil {
                let next = min(start + blockSize, count)
                do throws(CodecError) {
                    if start >= first, next <= end {
                        let block = UnsafeMutableBufferPointer(rebasing: target[(start - first)..<(next - first)])
                        try decodeBlock(&reader, to: block)
                    } else {
                        try skipBlock(&reader, count: next - start)
                    }
                } catch {
                    failure = error
                }
                start = next
            }
        }
        if let failure { throw failure }
        if values.count == wanted.count { return values }
        return Array(values[(wanted.lowerBound - first)..<(wanted.upperBound - first)])
    }

    private static func skipBlock(_ reader: inout ByteReader, count: Int) throws(CodecError) {
        let head = try reader.byte()
        let width = Int(head & 0x7F)
        guard width <= 64 else { throw .malformed("block width") }
        _ = try reader.signed()
        let hasDeltas = head & 0x80 != 0
        if hasDeltas { _ = try reader.signed() }
        _ = try reader.take(BitPacking.byteCount(hasDeltas ? count - 1 : count, width: width))
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

    private static func decodeRuns(
        _ reader: inout ByteReader, count: Int, wanted: Range<Int>
    ) throws(CodecError) -> [Int64] {
        let runs = try reader.count(limit: count, "number of runs")
        let heads = try decode(&reader, count: runs, nested: true)
        let lengths = try decode(&reader, count: runs, nested: true)
        var left = count
        for length in lengths {
            guard length > 0, length <= left else { throw .malformed("run length") }
            left -= Int(length)
        }
        guard left == 0 else { throw .malformed("run length") }
        return [Int64](unsafeUninitializedCapacity: wanted.count) { target, filled in
            var row = 0
            for (head, length) in zip(heads, lengths) {
                let run = (row..<(row + Int(length))).clamped(to: wanted)
                target[filled..<(filled + run.count)].update(repeating: head)
                filled += run.count
                row += Int(length)
            }
        }
    }

    private static func decodeDictionary(
        _ reader: inout ByteReader, count: Int, wanted: Range<Int>
    ) throws(CodecError) -> [Int64] {
        let distinct = try reader.count(limit: count, "number of distinct values")
        let entries = try decode(&reader, count: distinct, nested: true)
        var places = try decode(&reader, count: count, wanted: wanted, nested: true)
        for index in places.indices {
            let place = places[index]
            guard place >= 0, place < distinct else { throw .malformed("dictionary place") }
            places[index] = entries[Int(place)]
        }
        return places
    }
}
