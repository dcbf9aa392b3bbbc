/// Booleans as bytes: one bit each, or a stream of integers where that is smaller.
enum BooleanStream {
    static func encode(_ flags: [UInt8], to bytes: inout [UInt8]) -> StreamEncoding {
        var runs = 0
        var all: UInt8 = 0
        var last: UInt8?
        for flag in flags {
            if flag != last { runs += 1 }
            last = flag
            all |= flag
        }
        // Long runs are smaller as such.
        if all <= 1, runs * 16 > flags.count { return encodeBits(flags, to: &bytes) }
        var other: [UInt8] = []
        let encoding = IntegerStream.encode(flags.map { Int64($0) }, to: &other)
        if all <= 1, other.count > flags.count / 8 + 1 { return encodeBits(flags, to: &bytes) }
        bytes.append(contentsOf: other)
        return encoding
    }

    private static func encodeBits(_ flags: [UInt8], to bytes: inout [UInt8]) -> StreamEncoding {
        bytes.append(StreamEncoding.bits.rawValue)
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: (flags.count + 7) / 8))
        for (row, flag) in flags.enumerated() { bytes[start + (row >> 3)] |= flag << UInt8(row & 7) }
        return .bits
    }

    static func decode(_ reader: inout ByteReader, count: Int, wanted: Range<Int>) throws(CodecError) -> [UInt8] {
        guard reader.rest.first == StreamEncoding.bits.rawValue else {
            let values = try IntegerStream.decode(&reader, count: count, wanted: wanted)
            guard values.allSatisfy({ $0 >= 0 && $0 <= 255 }) else { throw .malformed("boolean") }
            return values.map { UInt8(truncatingIfNeeded: $0) }
        }
        _ = try reader.byte()
        let bits = try reader.take((count + 7) / 8)
        return wanted.map { bits[$0 >> 3] >> UInt8($0 & 7) & 1 }
    }
}
