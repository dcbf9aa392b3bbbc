/// Reads a payload from front to back; every read checks what is left.
struct ByteReader {
    private(set) var rest: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

    mutating func byte() throws(CodecError) -> UInt8 {
        guard let first = rest.first else { throw .truncated }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
        return first
    }

    mutating func take(_ count: Int) throws(CodecError) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= rest.count else { throw .truncated }
        let taken = UnsafeRawBufferPointer(rebasing: rest[0..<count])
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        return taken
    }

    /// LEB128, at most ten bytes.
    mutating func unsigned() throws(CodecError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            if shift == 63, next > 1 { throw .malformed("number") }
            value |= UInt64(next & 0x7F) << shift
            if next & 0x80 == 0 { return value }
            shift += 7
            if shift > 63 { throw .malformed("number") }
        }
    }

    /// Zigzag LEB128.
    mutating func signed() throws(CodecError) -> Int64 {
        let value = try unsigned()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// A number in `0 ... limit`.
    mutating func count(limit: Int, _ field: String) throws(CodecError) -> Int {
        let value = try unsigned()
        guard value <= UInt64(limit) else { throw .malformed(field) }
        return Int(value)
    }
}

extension [UInt8] {
    /// LEB128.
    mutating func append(unsigned value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    /// Zigzag LEB128.
    mutating func append(signed value: Int64) { append(unsigned: UInt64(bitPattern: value << 1 ^ value >> 63)) }
}
