/// Booleans as bytes: one bit each, or a stream of integers where that is smaller.
enum BooleanStream {
    static func encode(_ flags: [UInt8], to bytes: inout [UInt8]) -> StreamEncoding {
        var other: [UInt8] = []
        let encoding = IntegerStream.encode(flags.map { Int64($0) }, to: &other)
        guard other.count > flags.count / 8 + 1, flags.allSatisfy({ $0 <= 1 }) else {
            bytes.append(contentsOf: other)
            return encoding
        }
        bytes.append(StreamEncoding.bits.rawValue)
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: (flags.count + 7) / 8))
        for (row, flag) in flags.enumerated() { bytes[start + (row >> 3)] |= flag << UInt8(row & 7) }
        return .bits
    }

    static func decode(_ reader: inout ByteReader, count: Int) throws(CodecError) -> [UInt8] {
        guard reader.rest.first == StreamEncoding.bits.rawValue else {
            let values = try IntegerStream.decode(&reader, count: count)
            guard values.allSatisfy({ $0 >= 0 && $0 <= 255 }) else { throw .malformed("boolean") }
            return values.map { UInt8(truncatingIfNeeded: $0) }
        }
        _ = try reader.byte()
        let bits = try reader.take((count + 7) / 8)
        return (0..<count).map { bits[$0 >> 3] >> UInt8($0 & 7) & 1 }
    }
}
